package import AdaptiveCore

/// Where a root makes durable what its learners did: a journal of every step, committed about each
/// second, and a snapshot now and then. No call waits for a disk.
package protocol CheckpointStore: ~Copyable {
  /// Appends to the journal: these points were asked.
  mutating func recordAsked(_ learner: LearnerIndex, points: PointBuffer)

  /// Appends to the journal: these values were told, one after another.
  ///
  /// - Parameters:
  ///   - points: coordinates, point after point.
  ///   - values: value after value.
  ///   - seconds: what the evaluation of each took.
  ///   - leaves: the rank that evaluated each.
  mutating func recordTold(
    _ learner: LearnerIndex, points: Span<Double>, values: Span<Double>, seconds: Span<Double>,
    leaves: Span<Rank>)

  /// Appends to the journal: this point was given up.
  mutating func recordFailed(_ learner: LearnerIndex, _ failed: FailedPoint)

  /// Hands what was appended to the journal's writer, with the campaign's time so far. An event
  /// tells when it is durable.
  mutating func commit(elapsed: TimeSpan)

  /// Cuts the journal here and begins to write the state at the cut as the next generation, in the
  /// background; only while no snapshot is being written.
  mutating func beginSnapshot(_ campaign: SavedCampaign)

  /// What the writers have to tell; nil if nothing.
  mutating func poll() -> CheckpointEvent?

  /// True where only a snapshot makes durable what was recorded: the journal fell too far behind,
  /// and what it held was given up.
  var needsSnapshot: Bool { get }

  /// True while a snapshot is being written.
  var isWritingSnapshot: Bool { get }

  /// True while anything handed over is not durable yet, snapshots included.
  var isBusy: Bool { get }

  /// Ends the writers, after what was handed over is durable or has failed once more. The last
  /// call.
  mutating func close()
}

extension CheckpointStore where Self: ~Copyable {
  package var needsSnapshot: Bool { false }
}

/// What a checkpoint's writers report to the root.
package enum CheckpointEvent: Sendable, Equatable {
  /// Everything handed over by the first `commits` calls of `commit` is durable.
  case committed(commits: UInt64)
  /// A snapshot is durable and was read back; `cost` is what writing took.
  case snapshotDurable(cost: TimeSpan)
  /// The journal could not be written; it is kept in memory and tried again.
  case failed(String)
  /// A snapshot could not be written, or old files not removed; it is tried again.
  case snapshotFailed(String)
  /// A newer world has taken the campaign over: this one must not go on.
  case fenced(by: WorldNumber)
}
