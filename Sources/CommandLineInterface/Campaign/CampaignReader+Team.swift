import AdaptiveCore
import CheckpointHDF5
import Delegation
import Evaluators

/// Functions that several ranks evaluate together.
extension CampaignReader {
  /// Takes `team` and `span_nodes` of a function; such a function runs in the ranks themselves.
  func readTeam(
    _ entries: [CampaignNode.Entry], into conduct: inout FunctionConduct
  ) throws(EarlyEnd) {
    let spanning = entries.first { $0.key == "span_nodes" }?.value
    guard let node = entries.first(where: { $0.key == "team" })?.value else {
      guard let spanning else { return }
      throw spanning.refused("span_nodes without team", allowed: "span_nodes with team")
    }
    let size = try node.integer(in: 1...Limits.ranksMax - 1)
    let spansNodes: Bool = try spanning?.word(of: ["true": true, "false": false]) ?? false
    if let isolation = entries.first(where: { $0.key == "isolation" })?.value,
      conduct.isolation != .none
    {
      throw isolation.refused(
        "isolation: \(conduct.isolation.rawValue) with team",
        allowed: "isolation: none with team, for only the ranks themselves can call MPI")
    }
    conduct.isolation = .none
    conduct.team = FunctionConduct.Team(size: size, spansNodes: spansNodes)
  }

  /// Takes what learners say of their own teams.
  ///
  /// - Parameter teams: of each learner its own size, and where it stands.
  func readTeams(
    _ teams: [(size: Int?, node: CampaignNode)], into conduct: inout FunctionConduct
  ) throws(EarlyEnd) {
    guard let first = teams.first(where: { $0.size != nil }) else { return }
    guard let team = conduct.team else {
      throw first.node.refused(
        "team of a learner", allowed: "team with 'team' of the function, the size for all others")
    }
    let sizes = teams.map { $0.size ?? team.size }
    guard Set(sizes).count > 1 else {
      conduct.team?.size = sizes[0]
      return
    }
    let map = ShardMap(learnerCount: sizes.count)
    for (position, size) in sizes.enumerated() {
      let shard = map.shard(of: LearnerIndex(position))
      guard size != sizes[shard] else { continue }
      throw teams[position].node.refused(
        "team \(size) of learner \(position + 1) of \(sizes.count), \(sizes[shard]) of learner "
          + "\(shard + 1)",
        allowed: "up to \(Limits.shardsMax) learners, or one size for every "
          + "\(Limits.shardsMax)th: such learners are kept together")
    }
    conduct.team?.learnerSizes = sizes
  }
}
