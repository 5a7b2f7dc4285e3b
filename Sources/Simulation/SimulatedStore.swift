package import AdaptiveCore
package import Learners
package import NodeRuntime

/// A checkpoint whose writes become durable some time after they were handed over; a crash leaves
/// only what was durable by then.
package final class SimulatedStore: CheckpointStore {
  package struct Plan: Sendable {
    /// Median of the time that a group commit takes.
    package var commit: TimeSpan
    /// Median of the time that a snapshot takes.
    package var snapshot: TimeSpan
    /// Nothing becomes durable any more from this instant on: the disk is full.
    package var failsFrom: Instant?

    package init(
      commit: TimeSpan = .milliseconds(5), snapshot: TimeSpan = .milliseconds(200),
      failsFrom: Instant? = nil
    ) {
      self.commit = commit
      self.snapshot = snapshot
      self.failsFrom = failsFrom
    }
  }

  /// A group commit under way: all that was handed over when it began.
  private struct Commit {
    var due: Instant
    var entryCount: Int
    var callCount: UInt64
  }

  private struct Snapshot {
    var campaign: SavedCampaign
    /// Journal entries that it holds.
    var entryCount: Int
  }

  private let plan: Plan
  private let clock: SimulatedClock
  private let events: EventQueue
  private let checker: ClusterChecker?
  private var random: RandomSource

  private var durableSnapshot: Snapshot
  private var entries: [JournalEntry] = []
  private var durableCount = 0

  /// What was handed over by the calls of ``commit(elapsed:)`` so far.
  private var handedOver = Commit(due: .origin, entryCount: 0, callCount: 0)
  private var committing: Commit?
  private var writing: (snapshot: Snapshot, begun: Instant, due: Instant)?
  private var untoldFailures: [String] = []
  private var hasFailed = false

  /// - Parameter base: what is durable at the start.
  init(
    _ plan: Plan, base: SavedCampaign, seed: UInt64, clock: SimulatedClock, events: EventQueue,
    checker: ClusterChecker?
  ) {
    self.plan = plan
    self.clock = clock
    self.events = events
    self.checker = checker
    random = RandomSource(seed: seed, stream: 2)
    durableSnapshot = Snapshot(campaign: base, entryCount: 0)
  }
}

// MARK: - Writing

extension SimulatedStore {
  package func recordAsked(_ learner: LearnerIndex, point: Span<Double>) {
    let point = doubles(point)
    checker?.asked(learner, at: point[0])
    entries.append(.asked(learner, point: point))
  }

  package func recordTold(
    _ learner: LearnerIndex, point: Span<Double>, value: Span<Double>, seconds: Double, leaf: Rank
  ) {
    let point = doubles(point)
    let value = doubles(value)
    checker?.told(learner, at: point[0], value: value)
    entries.append(.told(learner, point: point, value: value, seconds: seconds, leaf: leaf))
  }

  package func recordFailed(_ learner: LearnerIndex, _ failed: FailedPoint) {
    checker?.failed(learner, at: failed.point[0])
    entries.append(.failed(learner, failed))
  }

  package func commit(elapsed: TimeSpan) {
    entries.append(.elapsed(elapsed))
    handedOver.entryCount = entries.count
    handedOver.callCount += 1
    if committing == nil { beginCommit(at: clock.instant) }
  }

  private func beginCommit(at begun: Instant) {
    let due = begun + duration(plan.commit)
    if fails(at: due) { return }
    committing = Commit(
      due: due, entryCount: handedOver.entryCount, callCount: handedOver.callCount)
    events.notify(Rank(0), at: due)
  }

  package func beginSnapshot(_ campaign: SavedCampaign) {
    precondition(writing == nil, "a snapshot was begun while one was being written")
    let due = clock.instant + duration(plan.snapshot)
    if fails(at: due) { return }
    let snapshot = Snapshot(campaign: campaign, entryCount: entries.count)
    writing = (snapshot, clock.instant, due)
    events.notify(Rank(0), at: due)
  }

  package func poll() -> CheckpointEvent? {
    if let failure = untoldFailures.popLast() { return .failed(failure) }
    if let ended = committing, ended.due <= clock.instant {
      committing = nil
      durableCount = ended.entryCount
      if ended.callCount < handedOver.callCount { beginCommit(at: ended.due) }
      return .committed(commits: ended.callCount)
    }
    if let ended = writing, ended.due <= clock.instant {
      writing = nil
      durableSnapshot = ended.snapshot
      return .snapshotDurable(cost: ended.due - ended.begun)
    }
    return nil
  }

  package var isWritingSnapshot: Bool { writing != nil }

  package var isBusy: Bool { hasFailed || committing != nil || writing != nil }

  package func close() {
    while let last = committing?.due ?? writing?.due {
      clock.instant = max(clock.instant, last)
      while poll() != nil {}
    }
  }

  private func doubles(_ span: Span<Double>) -> [Double] { span.indices.map { span[$0] } }

  private func duration(_ median: TimeSpan) -> TimeSpan {
    TimeSpan(seconds: random.nextLogNormal(median: median.seconds, sigma: 0.5))
  }

  private func fails(at due: Instant) -> Bool {
    guard let failsFrom = plan.failsFrom, due >= failsFrom else { return false }
    hasFailed = true
    untoldFailures.append("no space left on device")
    events.notify(Rank(0), at: clock.instant)
    return true
  }
}

// MARK: - After the end

extension SimulatedStore {
  /// What a relaunch finds if the world ends now: the last durable snapshot, and the durable part
  /// of the journal after it.
  package func recovered() throws(LearnerError) -> CampaignState {
    while poll() != nil {}
    var state = try CampaignState(durableSnapshot.campaign)
    let replayed = durableSnapshot.entryCount..<max(durableCount, durableSnapshot.entryCount)
    for entry in entries[replayed] { try state.replay(entry) }
    return state
  }
}
