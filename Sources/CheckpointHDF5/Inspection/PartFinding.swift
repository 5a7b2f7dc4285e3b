import AdaptiveCore

/// What was found where a file of a run directory is or should be.
package enum PartState: Sendable, Equatable {
  case absent
  case whole
  /// As good as whole; what is to be said about it.
  case usable(String)
  case damaged(String)

  package var isDamaged: Bool { if case .damaged = self { true } else { false } }
}

/// A snapshot as it was found. Counts are 0 where it cannot be read.
package struct SnapshotFinding: Sendable, Equatable {
  package var state = PartState.absent
  package var pointCount = 0
  package var failedCount = 0
  package var pendingCount = 0
}

/// A journal as it was found: what its whole blocks hold.
package struct JournalFinding: Sendable, Equatable {
  package var state = PartState.absent
  /// Blocks were there that cannot be read any more; how many is not known.
  package var losesBlocks = false
  package var blockCount = 0
  package var askedCount = 0
  package var toldCount = 0
  package var failedCount = 0
}

/// The two files of one generation of a shard.
package struct GenerationFinding: Sendable {
  package var position: Position
  package var snapshot: SnapshotFinding
  package var journal: JournalFinding
}

/// All of a shard's files, and what they give together.
package struct ShardFinding: Sendable {
  /// What a relaunch would load.
  package struct Recovery: Sendable {
    /// The snapshot that it would begin with; nil for learners that know nothing.
    package var base: Position?
    /// Results in that snapshot and in the journals after it.
    package var pointCount: Int
    package var journalledCount: Int
    /// What it would say about it, one line each.
    package var remarks: [String]
    /// Results that other files hold still, and that it would not load.
    package var lostCount: Int
    /// What was in damaged parts, and how much, is not known.
    package var losesMore: Bool
  }

  package var shard: Int
  /// Oldest first.
  package var generations: [GenerationFinding]
  /// Files that were never finished, or were found damaged and set aside by an earlier world.
  package var leftOver: [String]
  /// The newest generation that other shards have, where this one should have it too.
  package var missing: Position?
  package var recovery: Result<Recovery, CheckpointError>

  package var isDamaged: Bool {
    guard missing == nil, case .success(let recovery) = recovery, recovery.lostCount == 0,
      !recovery.losesMore
    else {
      return true
    }
    return generations.contains { $0.snapshot.state.isDamaged || $0.journal.state.isDamaged }
  }
}
