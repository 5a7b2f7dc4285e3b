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
    /// When the disk has room again.
    package var failsUntil: Instant?
    /// Share of the newest snapshots that are damaged when they are read back after the end.
    package var damageShare = 0.0
    /// What was handed over and not durable at the end is there in part, up to a torn record.
    package var isTorn = false
    /// From when until when the disk takes `slowFactor` times as long.
    package var slowFrom: Instant?
    package var slowUntil = Instant(nanoseconds: .max)
    package var slowFactor = 100.0
    /// False where nobody will ask what was durable: nothing is kept then.
    package var keepsEntries = true

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
  /// The rank whose store it is.
  private let root: Rank
  private let costs: ClusterCosts.Journal
  /// By learner.
  private let learnerCosts: [ClusterCosts.LearnerCost]
  private let meter: WorldMeter
  private let clock: SimulatedClock
  private let events: EventQueue
  private let checker: ClusterChecker?
  private var random: RandomSource

  private var durableSnapshot: Snapshot
  /// The generation before it, which serves if the newest is damaged.
  private var previousSnapshot: Snapshot?
  private var entries: [JournalEntry] = []
  /// Entries, whether they are kept or not.
  private var entryCount = 0
  private var knownCount = 0
  private var durableCount = 0

  /// What was handed over by the calls of ``commit(elapsed:)`` so far.
  private var handedOver = Commit(due: .origin, entryCount: 0, callCount: 0)
  private var committing: Commit?
  private var durableCallCount: UInt64 = 0
  private var writing: (snapshot: Snapshot, begun: Instant, due: Instant)?
  private var untoldFailures: [String] = []
  private var hasFailed = false
  /// A snapshot that could not be written and is kept for the next try.
  private var unwritten: Snapshot?

  /// - Parameter base: what is durable at the start.
  init(
    _ plan: Plan, of root: Rank, costs: ClusterCosts, base: SavedCampaign, seed: UInt64,
    clock: SimulatedClock,
    events: EventQueue, meter: WorldMeter, checker: ClusterChecker?
  ) {
    self.plan = plan
    self.root = root
    self.costs = costs.journal
    self.meter = meter
    learnerCosts = base.learners.map { learner in
      costs.learner(learner.definition.kind.name)
        ?? ClusterCosts.LearnerCost(learner.definition.kind.name, ask: 0, tell: 0)
    }
    for learner in base.learners { knownCount += learner.results.count }
    self.clock = clock
    self.events = events
    self.checker = checker
    random = RandomSource(seed: seed, stream: 2)
    durableSnapshot = Snapshot(campaign: base, entryCount: 0)
  }
}

// MARK: - Writing

extension SimulatedStore {
  package func recordAsked(_ learner: LearnerIndex, points: PointBuffer) {
    for place in 0..<points.count {
      clock.spend(learnerCosts[learner.position].ask + costs.record)
      meter.asked(at: clock.instant)
      points.withPoint(place) { point in
        checker?.asked(learner, at: point[0])
        append(.asked(learner, point: doubles(point)))
      }
    }
  }

  package func recordTold(
    _ learner: LearnerIndex, points: Span<Double>, values: Span<Double>, seconds: Span<Double>,
    leaves: Span<Rank>
  ) {
    let dimension = points.count / seconds.count
    let valueCount = values.count / seconds.count
    for place in seconds.indices {
      let point = points.extracting(place * dimension..<(place + 1) * dimension)
      let value = values.extracting(place * valueCount..<(place + 1) * valueCount)
      clock.spend(learnerCosts[learner.position].tell + costs.record)
      meter.told(at: clock.instant)
      knownCount += 1
      checker?.told(learner, at: point[0], value: doubles(value))
      append(
        .told(
          learner, point: doubles(point), value: doubles(value), seconds: seconds[place],
          leaf: leaves[place]))
    }
  }

  package func recordFailed(_ learner: LearnerIndex, _ failed: FailedPoint) {
    clock.spend(learnerCosts[learner.position].tell + costs.record)
    meter.gaveUp(at: clock.instant)
    checker?.failed(learner, at: failed.point[0])
    append(.failed(learner, failed))
  }

  private func append(_ entry: @autoclosure () -> JournalEntry) {
    entryCount += 1
    if plan.keepsEntries { entries.append(entry()) }
  }

  package func commit(elapsed: TimeSpan) {
    clock.spend(costs.commit)
    append(.elapsed(elapsed))
    handedOver.entryCount = entryCount
    handedOver.callCount += 1
    if committing == nil { beginCommit(at: clock.instant) }
  }

  private func beginCommit(at begun: Instant) {
    let due = begun + duration(plan.commit)
    if fails(at: due) { return }
    committing = Commit(
      due: due, entryCount: handedOver.entryCount, callCount: handedOver.callCount)
    events.notify(root, at: due)
  }

  package func beginSnapshot(_ campaign: SavedCampaign) {
    precondition(!isWritingSnapshot, "a snapshot was begun while one was being written")
    clock.spend(costs.snapshotPoint * Double(knownCount))
    beginSnapshot(Snapshot(campaign: campaign, entryCount: entryCount))
  }

  private func beginSnapshot(_ snapshot: Snapshot) {
    let due = clock.instant + duration(plan.snapshot)
    if fails(at: due) {
      unwritten = snapshot
      return
    }
    writing = (snapshot, clock.instant, due)
    events.notify(root, at: due)
  }

  /// Tries again what could not be written, once the disk has room.
  private func tryAgain() {
    guard hasFailed, let failsUntil = plan.failsUntil, clock.instant >= failsUntil else { return }
    hasFailed = false
    if committing == nil, handedOver.callCount > durableCallCount { beginCommit(at: clock.instant) }
    if let snapshot = unwritten {
      unwritten = nil
      beginSnapshot(snapshot)
    }
  }

  package func poll() -> CheckpointEvent? {
    tryAgain()
    if let failure = untoldFailures.popLast() { return .failed(failure) }
    if let ended = committing, ended.due <= clock.instant {
      committing = nil
      if plan.keepsEntries { checker?.acknowledged(entries[durableCount..<ended.entryCount]) }
      durableCount = ended.entryCount
      durableCallCount = ended.callCount
      if ended.callCount < handedOver.callCount { beginCommit(at: ended.due) }
      return .committed(commits: ended.callCount)
    }
    if let ended = writing, ended.due <= clock.instant {
      writing = nil
      previousSnapshot = durableSnapshot
      durableSnapshot = ended.snapshot
      return .snapshotDurable(cost: ended.due - ended.begun)
    }
    return nil
  }

  package var isWritingSnapshot: Bool { writing != nil || unwritten != nil }

  package var isBusy: Bool { hasFailed || committing != nil || writing != nil }

  package func close() {
    while let last = committing?.due ?? writing?.due {
      clock.instant = max(clock.instant, last)
      while poll() != nil {}
    }
  }

  private func doubles(_ span: Span<Double>) -> [Double] { span.indices.map { span[$0] } }

  private func duration(_ median: TimeSpan) -> TimeSpan {
    let isSlow = plan.slowFrom.map { $0 <= clock.instant && clock.instant < plan.slowUntil }
    let factor = isSlow == true ? plan.slowFactor : 1
    return TimeSpan(seconds: factor * random.nextLogNormal(median: median.seconds, sigma: 0.5))
  }

  private func fails(at due: Instant) -> Bool {
    guard let failsFrom = plan.failsFrom, due >= failsFrom else { return false }
    if let failsUntil = plan.failsUntil {
      if clock.instant >= failsUntil { return false }
      events.notify(root, at: failsUntil)
    }
    hasFailed = true
    untoldFailures.append("no space left on device")
    events.notify(root, at: clock.instant)
    return true
  }
}

// MARK: - After the end

extension SimulatedStore {
  /// What a relaunch finds if the world ends now: the last whole snapshot, and after it the durable
  /// part of the journals, with what else of them has reached the disk.
  package func recovered() throws(LearnerError) -> CampaignState {
    precondition(plan.keepsEntries, "nothing of this world was kept")
    while poll() != nil {}
    var base = durableSnapshot
    var end = max(durableCount, base.entryCount)
    if plan.isTorn, end < handedOver.entryCount {
      end = Int.random(in: end...handedOver.entryCount, using: &random)
    }
    // The snapshot is judged damaged only where the journals reach up to it: that is when the store
    // lets go of older ones.
    if let previousSnapshot, durableCount >= base.entryCount, random.nextUnit() < plan.damageShare {
      base = previousSnapshot
    }
    var state = try CampaignState(base.campaign)
    let replayed = base.entryCount..<end
    try state.replaying { (state) throws(LearnerError) in
      for entry in entries[replayed] { try state.replay(entry) }
    }
    return state
  }
}
