package import AdaptiveCore
package import Delegation
import Learners

/// What a root can say of its campaign at a moment.
package struct RootProgress: Sendable {
  package struct LearnerProgress: Sendable {
    package var name: String
    package var pointCount: Int
    package var failedCount: Int
    package var loss: Double

    package init(name: String, pointCount: Int, failedCount: Int, loss: Double) {
      self.name = name
      self.pointCount = pointCount
      self.failedCount = failedCount
      self.loss = loss
    }
  }

  package var learners: [LearnerProgress]
  package var counts: RootMachine.Counts
  /// What the leaves did since the start of the world.
  package var leaves: NodeStatistics
  /// Points that were sent to children and not answered.
  package var inFlightCount: Int
  /// How long the campaign has run, all its worlds together.
  package var elapsed: TimeSpan
  /// Since the journal was durable last.
  package var commitAge: TimeSpan
  /// What keeps the store from saving; nil if nothing.
  package var storeTrouble: String?
  /// What keeps it from writing a snapshot, while the journal may well be durable; nil if nothing.
  package var snapshotTrouble: String?
  /// Why points were given up, in all worlds together.
  package var failures = FailureTally()
  /// Why attempts failed in this world.
  package var attemptFailures = FailureTally()
  /// Points that ended worlds and are set aside, in all worlds together.
  package var quarantinedCount = 0
  /// False once the world is being ended.
  package var isFeeding = true
}

extension RootDriver where T: ~Copyable, Store: ~Copyable {
  /// What this root and, on rank 0, all others did. Takes time in proportion to the number of
  /// learners.
  package func progress() -> RootProgress {
    var progress = ownProgress()
    let learners = machine.plan.learners
    coordination?.complete(&progress) { learners[$0].isElsewhere }
    return progress
  }

  func ownProgress() -> RootProgress {
    let now = clock.now()
    return RootProgress(
      learners: campaign.progress(), counts: machine.counts, leaves: machine.statistics,
      inFlightCount: machine.inFlightCount, elapsed: machine.elapsed(at: now),
      commitAge: now - committedAt, storeTrouble: storeTrouble,
      snapshotTrouble: snapshotTrouble, failures: campaign.failures,
      attemptFailures: machine.failures, quarantinedCount: campaign.quarantinedCount,
      isFeeding: machine.isFeeding)
  }
}

extension CampaignState {
  /// How far each learner is.
  package func progress() -> [RootProgress.LearnerProgress] {
    (0..<learnerCount).map { position in
      let learner = LearnerIndex(position)
      return RootProgress.LearnerProgress(
        name: definition(learner).name, pointCount: pointCount(learner),
        failedCount: failedCount(learner), loss: loss(learner))
    }
  }
}
