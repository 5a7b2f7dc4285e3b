import Delegation

/// Where a campaign's function runs, and how its processes fare.
struct FunctionPlace {
  private let leafCount: Int
  /// Leaves that have the function in a process of its own.
  private let isolatedCount: Int
  private let restartCount: Int
  /// Ranks in a team, each size once; nil where there are none.
  private let teams: [Int]?

  init(_ leaves: NodeStatistics, teams: [Int]?) {
    self.teams = teams
    leafCount = Int(leaves.leafCount)
    isolatedCount = Int(leaves.isolatedCount)
    restartCount = Int(leaves.restartCount)
  }

  /// Nil where the status does not say.
  init?(_ leaves: StatusDocument.Leaves) {
    guard let isolated = leaves.isolated, let restarts = leaves.restarts else { return nil }
    teams = leaves.teams
    leafCount = leaves.count
    isolatedCount = isolated
    restartCount = restarts
  }

  var text: String {
    let count = Numbers.grouped(restartCount)
    if let teams {
      let sizes = teams.map(Numbers.grouped).joined(separator: " and ")
      return "in the ranks' own processes, by teams of \(sizes)"
    }
    let restarts = restartCount == 0 ? "" : "; \(count) of its processes started again"
    switch isolatedCount {
    case 0: return "in the ranks' own processes\(restarts)"
    case leafCount: return "in processes of its own\(restarts)"
    default:
      return "in processes of its own on \(Numbers.grouped(isolatedCount)) of "
        + "\(Numbers.grouped(leafCount)) leaves\(restarts)"
    }
  }
}
