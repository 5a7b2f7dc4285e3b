package import AdaptiveCore
import Glibc

/// When to commit the journal and when to write a snapshot.
///
/// The interval between snapshots follows Young (CACM 17(9), 1974) and Daly (FGCS 22(3), 2006):
/// √(2 C M) for a snapshot that costs C and a mean time between failures M, within bounds. It falls
/// due earlier where the journal has become long, because a relaunch replays it point by point and
/// reads a snapshot many times faster.
package struct CheckpointPolicy: Sendable {
  package struct Plan: Sendable, Equatable {
    /// A fixed interval between snapshots; nil to compute it.
    package var interval: TimeSpan?
    /// Mean time between failures of the whole world.
    package var meanTimeBetweenFailures: TimeSpan
    /// Between two group commits of the journal.
    package var commitInterval: TimeSpan

    package init(
      interval: TimeSpan? = nil,
      meanTimeBetweenFailures: TimeSpan = TimeSpan(seconds: 24 * 3600),
      commitInterval: TimeSpan = Limits.commitInterval
    ) {
      self.interval = interval
      self.meanTimeBetweenFailures = meanTimeBetweenFailures
      self.commitInterval = commitInterval
    }
  }

  private let plan: Plan
  private var cost = TimeSpan.milliseconds(100)
  private var snapshotAt: Instant
  private var commitAt: Instant
  private var recordCount = 0
  /// Where snapshots cost much, they stay this far apart however long the journal is.
  private var earliestAt: Instant
  private var isUncommitted = false

  package init(_ plan: Plan, at now: Instant) {
    self.plan = plan
    snapshotAt = now
    earliestAt = now
    commitAt = now
    snapshotAt = now + interval
    commitAt = now + plan.commitInterval
  }

  /// Something was appended to the journal.
  package mutating func recorded(_ count: Int = 1) {
    recordCount += count
    isUncommitted = true
  }

  /// True if something was appended to the journal since the last commit.
  package var hasUncommittedSteps: Bool { isUncommitted }

  package func isCommitDue(at now: Instant) -> Bool { isUncommitted && now >= commitAt }

  package mutating func committed(at now: Instant) {
    isUncommitted = false
    commitAt = now + plan.commitInterval
  }

  /// True if a snapshot would hold more than the last one.
  package var hasUnsavedSteps: Bool { recordCount > 0 }

  package func isSnapshotDue(at now: Instant) -> Bool {
    if recordCount > 0, now >= snapshotAt { return true }
    return isJournalLong && now >= earliestAt
  }

  /// The journal holds more than is replayed quickly; where the user has set the interval, that is
  /// as it was wanted.
  private var isJournalLong: Bool {
    plan.interval == nil && recordCount >= Limits.journalRecordsMax
  }

  package mutating func snapshotBegun(at now: Instant) {
    recordCount = 0
    snapshotAt = now + interval
    earliestAt = now + TimeSpan(nanoseconds: Limits.snapshotPauseFactor * cost.nanoseconds)
  }

  /// A snapshot was made durable and took `cost`.
  package mutating func snapshotEnded(cost: TimeSpan, at now: Instant) {
    self.cost = cost
    snapshotAt = now + interval
    earliestAt = now + TimeSpan(nanoseconds: Limits.snapshotPauseFactor * cost.nanoseconds)
  }

  /// When one of the two falls due; a snapshot waits for the one before it.
  package func nextDeadline(isWritingSnapshot: Bool) -> Instant? {
    let due = isJournalLong ? min(snapshotAt, earliestAt) : snapshotAt
    let snapshot = recordCount == 0 || isWritingSnapshot ? nil : due
    let commit = isUncommitted ? commitAt : nil
    return [snapshot, commit].compactMap { $0 }.min()
  }

  private var interval: TimeSpan {
    if let interval = plan.interval { return interval }
    let seconds = sqrt(2 * cost.seconds * plan.meanTimeBetweenFailures.seconds)
    let span = TimeSpan(seconds: seconds)
    return min(max(span, Limits.snapshotIntervalMin), Limits.snapshotIntervalMax)
  }
}
