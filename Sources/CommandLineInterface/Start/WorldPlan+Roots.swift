import AdaptiveCore
import CheckpointHDF5
import Evaluators

/// Which root has which learners.
extension WorldPlan {
  /// Learners have teams of several sizes, and a root for each size.
  var hasRootForEachSize: Bool { conduct.team.map { $0.sizes.count > 1 } ?? false }

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
