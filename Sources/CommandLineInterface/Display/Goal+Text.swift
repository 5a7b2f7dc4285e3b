package import Delegation

extension Goal {
  /// For people: `loss ≤ 0.01 or 2 000 points`.
  package var text: String {
    switch self {
    case .loss(let loss): "loss ≤ \(loss)"
    case .npoints(let count): "\(Numbers.grouped(count)) points"
    case .time(let span): "\(span.text) of run time"
    case .coreHours(let hours): "\(Numbers.loss(hours)) core-hours"
    case .any(let goals): Self.joined(goals, by: "or")
    case .all(let goals): Self.joined(goals, by: "and")
    }
  }

  private static func joined(_ goals: [Goal], by word: String) -> String {
    goals.map { goal in
      switch goal {
      case .any(let parts) where parts.count > 1 && goals.count > 1: "(\(goal.text))"
      case .all(let parts) where parts.count > 1 && goals.count > 1: "(\(goal.text))"
      default: goal.text
      }
    }.joined(separator: " \(word) ")
  }
}
