import AdaptiveCore
import Delegation

extension CampaignReader {
  static let goalForms =
    "{loss: 0.01}, {npoints: 1000}, {time: 2h}, {core_hours: 500}, or several in any: or all:"

  func goal(_ node: CampaignNode) throws(EarlyEnd) -> Goal {
    let mapping = try CampaignMapping(
      node, keys: ["loss", "npoints", "time", "core_hours", "any", "all"])
    var goals: [Goal] = []
    if let loss = mapping["loss"] { goals.append(.loss(try loss.positiveNumber())) }
    if let count = mapping["npoints"] { goals.append(.npoints(try count.integer(in: 1...Int.max))) }
    if let time = mapping["time"] { goals.append(.time(try time.timeSpan())) }
    if let hours = mapping["core_hours"] { goals.append(.coreHours(try hours.positiveNumber())) }
    if let any = mapping["any"] { goals.append(.any(try parts(any))) }
    if let all = mapping["all"] { goals.append(.all(try parts(all))) }
    guard let first = goals.first else { throw node.refused(allowed: Self.goalForms) }
    return goals.count == 1 ? first : .any(goals)
  }

  private func parts(_ node: CampaignNode) throws(EarlyEnd) -> [Goal] {
    try node.elements(of: "goals").map { part throws(EarlyEnd) in try goal(part) }
  }
}
