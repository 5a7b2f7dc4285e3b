import AdaptiveCore
import CheckpointHDF5
import Evaluators

/// Which root has which learners.
extension WorldPlan {
  /// Learners have teams of several sizes, and a root for each size.
  var hasRootForEachSize: Bool { conduct.team.map { $0.sizes.count > 1 } ?? false }

  /// For each shard which root has it; empty where there is one root.
  ///
  /// - Parameter rootCount: the roots that the campaign asks for; there are fewer if there are not
  ///   two ranks for each.
  func rootOfShard(rootCount: Int, rankCount: Int) -> [Int] {
    let wanted = hasRootForEachSize ? conduct.team?.sizes.count ?? 1 : rootCount
    let count = max(1, min(wanted, rankCount / 2))
    guard count > 1 else { return [] }
    let map = ShardMap(learnerCount: learners.count)
    var roots = Array(repeating: 0, count: map.shardCount)
    for root in 0..<count {
      for shard in part(index: root, count: count).shards(of: map) { roots[shard] = root }
    }
    return roots
  }

  /// What a root has: every learner of its size, or of its share of the shards.
  func part(index: Int, count: Int) -> ShardPart {
    guard hasRootForEachSize, let team = conduct.team else {
      return ShardPart(index: index, count: count)
    }
    let map = ShardMap(learnerCount: learners.count)
    let sizes = team.sizes
    // Learners of one shard have one size: the campaign's reader saw to that.
    return ShardPart(
      index: index, count: count,
      partOfShard: (0..<map.shardCount).map { sizes.firstIndex(of: team.learnerSizes[$0])! })
  }
}
