package import AdaptiveCore

/// A place in a shard's history: the beginning of a generation of a world.
package struct Position: Hashable, Comparable, Sendable {
  package var world: WorldNumber
  package var generation: Generation

  package init(_ world: WorldNumber, _ generation: Generation) {
    self.world = world
    self.generation = generation
  }

  package static func < (a: Self, b: Self) -> Bool {
    (a.world, a.generation) < (b.world, b.generation)
  }

  /// The state at this place.
  package var snapshotName: String { "snapshot-\(numbers).h5" }

  /// SHA-256 of the snapshot's bytes, as `sha256sum` writes it.
  package var digestName: String { snapshotName + ".sha256" }

  /// What happened from here on.
  package var journalName: String { "journal-\(numbers)" }

  private var numbers: String {
    "\(padded(world.rawValue, 4))-\(padded(generation.rawValue, 6))"
  }

  /// The place that a snapshot's or journal's name tells; nil for any other name.
  package init?(fileName: String) {
    for prefix in ["snapshot-", "journal-"] where fileName.hasPrefix(prefix) {
      let numbers = fileName.dropFirst(prefix.count).prefix { $0 != "." }.split(
        separator: "-", omittingEmptySubsequences: false)
      guard numbers.count == 2, let world = UInt32(numbers[0]),
        let generation = UInt32(numbers[1])
      else { return nil }
      self.init(WorldNumber(world), Generation(generation))
      return
    }
    return nil
  }
}

extension Position: CustomStringConvertible {
  package var description: String { "world \(world.rawValue), generation \(generation.rawValue)" }
}

/// `number` in decimal with zeros in front, `digits` long at least.
func padded(_ number: some BinaryInteger, _ digits: Int) -> String {
  let text = String(number)
  return String(repeating: "0", count: max(0, digits - text.count)) + text
}

/// How a campaign's learners are spread over shards: fixed by their number, so that every world
/// finds them again.
package struct ShardMap: Sendable, Equatable {
  package let learnerCount: Int

  package init(learnerCount: Int) { self.learnerCount = learnerCount }

  package var shardCount: Int { min(learnerCount, Limits.shardsMax) }

  package func shard(of learner: LearnerIndex) -> Int { learner.position % shardCount }

  /// The learners of a shard in ascending order.
  package func learners(of shard: Int) -> [LearnerIndex] {
    stride(from: shard, to: learnerCount, by: shardCount).map { LearnerIndex($0) }
  }

  package static func folderName(_ shard: Int) -> String { "shard-\(padded(shard, 4))" }
}

/// The shards of a campaign that one of several roots holds: every one whose number leaves this
/// remainder, or those that the campaign file gives to it. Every rank finds the same, so that no
/// two roots of a world can hold the same.
package struct ShardPart: Sendable, Equatable {
  package let index: Int
  package let count: Int

  /// The part to which each shard belongs; nil where the remainder says so.
  private let partOfShard: [Int]?

  package static let all = ShardPart(index: 0, count: 1)

  /// - Parameter partOfShard: for each shard which part has it, where that is not the remainder.
  package init(index: Int, count: Int, partOfShard: [Int]? = nil) {
    precondition(index >= 0 && index < count, "part \(index) of \(count)")
    self.index = index
    self.count = count
    self.partOfShard = partOfShard
  }

  package func holds(_ learner: LearnerIndex, of map: ShardMap) -> Bool {
    holds(map.shard(of: learner))
  }

  private func holds(_ shard: Int) -> Bool {
    (partOfShard?[shard] ?? shard % count) == index
  }

  /// Ascending; empty where there are more parts than shards.
  package func shards(of map: ShardMap) -> [Int] { (0..<map.shardCount).filter(holds) }
}
