import AdaptiveCore

/// Every file of a run directory, judged one by one, and what a relaunch would load of them.
package struct RunInspection: Sendable {
  package var record: WorldRecord
  /// Of which lines of the lineage are not as they should be.
  package var lineageDamage: [String]
  package var shards: [ShardFinding]

  package var isDamaged: Bool { !lineageDamage.isEmpty || shards.contains { $0.isDamaged } }

  /// Whether a relaunch can begin at all.
  package var isLoadable: Bool {
    shards.allSatisfy { if case .success = $0.recovery { true } else { false } }
  }
}

extension RunReader {
  /// Looks at every file, and changes none.
  ///
  /// - Parameters:
  ///   - isHeld: a world may live there, whose files come, grow and go meanwhile.
  ///   - reached: told of each shard before it is read.
  package func inspect(
    isHeld: Bool, reached: (_ shard: Int, _ shardCount: Int) -> Void
  ) throws(CheckpointError) -> RunInspection {
    let record = try record()
    return try settled(isHeld: isHeld) { () throws(CheckpointError) in
      var shards: [ShardFinding] = []
      let shardCount = ShardMap(learnerCount: record.learnerCount).shardCount
      for shard in 0..<shardCount {
        reached(shard, shardCount)
        let loader = loader(shard, of: record, isHeld: isHeld)
        shards.append(
          try ShardInspector(loader: loader, savedWorlds: savedWorlds).inspect())
      }
      markMissing(in: &shards)
      return RunInspection(record: record, lineageDamage: lineageDamage, shards: shards)
    } isSettled: {
      !$0.isDamaged
    }
  }

  /// Worlds that ended with everything saved.
  private var savedWorlds: [WorldNumber] {
    worlds.compactMap { world in
      world.end.flatMap { [0, 75, 76].contains($0.exitCode) ? world.number : nil }
    }
  }

  /// Records that cannot be read, of another campaign, or not there.
  private var lineageDamage: [String] {
    var damage: [String] = []
    var campaign: CampaignID?
    var before: WorldNumber?
    for world in worlds {
      if let before, world.number.rawValue > before.rawValue + 1 {
        damage.append("the record of world \(before.rawValue + 1) is missing")
      }
      before = world.number
      switch world.record {
      case .success(let record):
        if let campaign, record.campaign != campaign {
          damage.append("world \(world.number.rawValue) is of another campaign than those before")
        }
        campaign = record.campaign
      case .failure(let error):
        damage.append("\(error)")
      }
    }
    return damage
  }

  /// All shards of one root are cut at the same moments, so that one may be a single generation
  /// behind another, where a crash came between two of them.
  private func markMissing(in shards: inout [ShardFinding]) {
    guard let newest = shards.compactMap({ $0.generations.last?.position }).max() else { return }
    let roots = rootOfShard(in: newest.world)
    guard roots.count == shards.count else {
      return markMissing(in: &shards, of: Array(shards.indices))
    }
    for root in 0...(roots.max() ?? 0) {
      markMissing(in: &shards, of: shards.indices.filter { roots[$0] == root })
    }
  }

  private func rootOfShard(in world: WorldNumber) -> [Int] {
    for other in worlds where other.number == world {
      if case .success(let record) = other.record { return record.rootOfShard }
    }
    return []
  }

  private func markMissing(in shards: inout [ShardFinding], of own: [Int]) {
    let newest = own.compactMap { shards[$0].generations.last?.position }.max()
    guard let newest else { return }
    for index in own {
      let own = shards[index].generations.last?.position
      guard own != newest, !Self.isStep(from: own, to: newest) else { continue }
      shards[index].missing = newest
    }
  }

  private static func isStep(from: Position?, to: Position) -> Bool {
    let isFirst = to.generation == Generation(1)
    guard let from else { return isFirst }
    if isFirst { return from.world < to.world }
    return from.world == to.world && from.generation.next == to.generation
  }
}
