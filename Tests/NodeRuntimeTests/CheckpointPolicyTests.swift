import AdaptiveCore
import NodeRuntime
import Testing

@Suite struct CheckpointPolicyTests {
  private func at(_ seconds: Double) -> Instant { .origin + TimeSpan(seconds: seconds) }

  /// When the next snapshot falls due after one that cost so much.
  private func interval(cost: Double, meanTimeBetweenFailures: Double) throws -> Double {
    let plan = CheckpointPolicy.Plan(
      meanTimeBetweenFailures: TimeSpan(seconds: meanTimeBetweenFailures))
    var policy = CheckpointPolicy(plan, at: .origin)
    policy.recorded()
    policy.snapshotBegun(at: .origin)
    policy.snapshotEnded(cost: TimeSpan(seconds: cost), at: .origin)
    policy.recorded()
    policy.committed(at: .origin)
    let due = try #require(policy.nextDeadline(isWritingSnapshot: false))
    return (due - .origin).seconds
  }

  @Test(
    "snapshots follow Young and Daly: √(2 C M), within bounds",
    arguments: [
      (2.0, 86_400.0, 587.877538), (0.5, 7200.0, 84.852814), (60.0, 86_400.0, 3219.937888),
      // Below and above what the bounds allow.
      (0.001, 3600.0, 30.0), (600.0, 864_000.0, 3600.0),
    ])
  func youngDaly(cost: Double, meanTimeBetweenFailures: Double, expected: Double) throws {
    let found = try interval(cost: cost, meanTimeBetweenFailures: meanTimeBetweenFailures)
    #expect(abs(found - expected) < 1e-5)
  }

  @Test("what is recorded is committed after the interval, and only then") func commits() {
    var policy = CheckpointPolicy(CheckpointPolicy.Plan(), at: .origin)
    #expect(!policy.isCommitDue(at: at(100)))
    #expect(policy.nextDeadline(isWritingSnapshot: false) == nil)
    policy.recorded()
    #expect(!policy.isCommitDue(at: at(0.999)))
    #expect(policy.isCommitDue(at: at(1)))
    #expect(policy.nextDeadline(isWritingSnapshot: false) == at(1))
    policy.committed(at: at(1))
    #expect(!policy.hasUncommittedSteps && policy.hasUnsavedSteps)
    policy.recorded()
    #expect(!policy.isCommitDue(at: at(1.5)))
    #expect(policy.isCommitDue(at: at(2)))
  }

  @Test("a long journal asks for a snapshot, not sooner than five times what one takes")
  func longJournal() {
    var policy = CheckpointPolicy(CheckpointPolicy.Plan(), at: .origin)
    policy.recorded(Limits.journalRecordsMax - 1)
    #expect(!policy.isSnapshotDue(at: at(2)))
    policy.recorded()
    policy.committed(at: at(2))
    #expect(policy.isSnapshotDue(at: at(2)))
    #expect(policy.nextDeadline(isWritingSnapshot: false) == at(0))
    policy.snapshotBegun(at: at(2))
    #expect(!policy.hasUnsavedSteps)
    policy.recorded(Limits.journalRecordsMax)
    policy.committed(at: at(2.5))
    policy.snapshotEnded(cost: TimeSpan(seconds: 0.7), at: at(3))
    #expect(!policy.isSnapshotDue(at: at(6.4)))
    #expect(policy.nextDeadline(isWritingSnapshot: false) == at(6.5))
    #expect(policy.nextDeadline(isWritingSnapshot: true) == nil)
    #expect(policy.isSnapshotDue(at: at(6.5)))
    // Who has set an interval gets that one.
    policy = CheckpointPolicy(CheckpointPolicy.Plan(interval: TimeSpan(seconds: 60)), at: .origin)
    policy.recorded(10 * Limits.journalRecordsMax)
    #expect(!policy.isSnapshotDue(at: at(59)))
  }

  @Test("a snapshot waits for something to save, and for the one before it") func snapshots() {
    let plan = CheckpointPolicy.Plan(interval: TimeSpan(seconds: 5))
    var policy = CheckpointPolicy(plan, at: .origin)
    #expect(!policy.isSnapshotDue(at: at(100)))
    policy.recorded()
    policy.committed(at: .origin)
    #expect(!policy.isSnapshotDue(at: at(4.9)) && policy.isSnapshotDue(at: at(5)))
    #expect(policy.nextDeadline(isWritingSnapshot: false) == at(5))
    #expect(policy.nextDeadline(isWritingSnapshot: true) == nil)
    policy.snapshotBegun(at: at(5))
    #expect(!policy.hasUnsavedSteps)
    policy.recorded()
    policy.snapshotEnded(cost: TimeSpan(seconds: 2), at: at(7))
    #expect(!policy.isSnapshotDue(at: at(11.9)) && policy.isSnapshotDue(at: at(12)))
  }
}
