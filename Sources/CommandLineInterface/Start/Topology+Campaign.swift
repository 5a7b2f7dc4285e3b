import AdaptiveCore
import Delegation
import Evaluators

extension Campaign.Tree {
  /// The tree of a world of so many ranks.
  func topology(
    rankCount: Int, ranksPerNode: Int, learnerCount: Int, team: FunctionConduct.Team?
  ) -> Topology {
    let sizeCount = team?.sizes.count ?? 1
    let roots = sizeCount > 1 ? sizeCount : rootCount(learnerCount: learnerCount)
    return Topology(
      rankCount: rankCount, ranksPerNode: ranksPerNode,
      leavesPerSubmaster: leavesPerSubmaster
        ?? team.flatMap { Self.leaves(for: $0, rankCount / roots, ranksPerNode: ranksPerNode) },
      levels: levels, roots: roots)
  }

  /// Leaves under one sub-master where a team needs more than a node has: as few groups more than
  /// the ranks fill have to share them.
  private static func leaves(
    for team: FunctionConduct.Team, _ rankCount: Int, ranksPerNode: Int
  ) -> Int? {
    let size = team.sizes.max()!
    guard team.spansNodes, size >= ranksPerNode, rankCount >= 3 else { return nil }
    let groupCount = max(1, (rankCount - 1) / (size + 1))
    return (rankCount - 1 + groupCount - 1) / groupCount - 1
  }
}

extension FunctionConduct {
  /// The teams of a world; nil where every leaf evaluates by itself.
  ///
  /// - Returns: instead, why these ranks cannot evaluate as the campaign says.
  func teams(in topology: Topology, nodeOfRank: [Int]) -> Result<Teams?, EarlyEnd> {
    guard let team else { return .success(nil) }
    let sizes = team.sizes
    guard sizes.count == 1 || sizes.count == topology.rootCount else {
      return .failure(
        EarlyEnd(
          .campaignWrong,
          """
          team: found \(sizes.count) sizes (\(sizes.map { "\($0)" }.joined(separator: ", "))) for \
          \(topology.rankCount) ranks; allowed is as many as each can have a root with leaves for: \
          start more ranks
          """))
    }
    let teams = Teams(
      topology, nodeOfRank: nodeOfRank, sizes: sizes, spansNodes: team.spansNodes)
    if let refusal = teams.refusal { return .failure(EarlyEnd(.campaignWrong, refusal)) }
    guard timeout != nil, topology.levels == 0 else { return .success(teams) }
    return .failure(
      EarlyEnd(
        .campaignWrong,
        """
        timeout with team: found no sub-master above the teams, which would see it; allowed are 3 \
        ranks or more, and 'tree: {levels: …}' of 1 or more
        """))
  }
}
