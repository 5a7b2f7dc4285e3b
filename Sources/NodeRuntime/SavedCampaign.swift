package import AdaptiveCore
package import Learners

/// A campaign's state as a checkpoint holds it.
package struct SavedCampaign: Sendable {
  /// In the campaign's order.
  package var learners: [SavedLearner]

  /// How long the campaign has run, all worlds together.
  package var elapsed: TimeSpan

  package init(learners: [SavedLearner], elapsed: TimeSpan) {
    self.learners = learners
    self.elapsed = elapsed
  }
}

/// One learner's state as a checkpoint holds it.
package struct SavedLearner: Sendable {
  package var definition: LearnerDefinition
  /// In told order.
  package var results: ResultLog
  /// In the order in which they were given up.
  package var failed: [FailedPoint]
  /// In asked order.
  package var pending: PointBuffer
  package var state: LearnerSnapshot

  package init(
    definition: LearnerDefinition, results: ResultLog, failed: [FailedPoint],
    pending: PointBuffer, state: LearnerSnapshot
  ) {
    self.definition = definition
    self.results = results
    self.failed = failed
    self.pending = pending
    self.state = state
  }
}

/// A point that was given up after its last attempt failed.
package struct FailedPoint: Sendable, Equatable {
  package var point: [Double]
  package var failure: Failure
  package var attempts: UInt32

  package init(point: [Double], failure: Failure, attempts: UInt32) {
    self.point = point
    self.failure = failure
    self.attempts = attempts
  }
}

/// One step of a learner, as the journal keeps it.
package enum JournalEntry: Sendable, Equatable {
  case asked(LearnerIndex, point: [Double])
  case told(LearnerIndex, point: [Double], value: [Double], seconds: Double, leaf: Rank)
  case failed(LearnerIndex, FailedPoint)
  case elapsed(TimeSpan)
}
