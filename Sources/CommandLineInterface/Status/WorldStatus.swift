import AdaptiveCore
import CheckpointHDF5
import Delegation
import Learners
import NodeRuntime

/// Makes a world's ``StatusDocument`` of what its root gathered.
struct WorldStatus: StatusRendering {
  /// What does not change while the world lives.
  let campaign: StatusDocument.Campaign
  let goal: Goal
  let world: StatusDocument.World
  let teams: [Int]?

  private var rates: RecentRates?

  init(
    _ campaign: StatusDocument.Campaign, goal: Goal, world: StatusDocument.World,
    teams: [Int]? = nil
  ) {
    self.teams = teams
    self.campaign = campaign
    self.goal = goal
    self.world = world
  }

  /// What the root knew, and when.
  struct Moment: Sendable {
    var progress: RootProgress
    var at: Instant
    /// The same moment in seconds since 1970.
    var epochSeconds: Double
    /// Until the next moment.
    var interval: TimeSpan
    var end: StatusDocument.End?
  }

  mutating func bytes(_ moment: Moment) -> [UInt8] { document(moment).json().bytes }

  mutating func document(_ moment: Moment) -> StatusDocument {
    let progress = moment.progress
    let rates =
      self.rates.map { RecentRates(progress, at: moment.at, after: $0) }
      ?? RecentRates(progress, at: moment.at)
    self.rates = rates
    var learners = StatusDocument.learners(
      progress.learners, elapsed: progress.elapsed, goal: goal)
    for index in learners.indices {
      learners[index].perSecond = rates.pointsPerSecond(ofLearner: index)
    }
    return StatusDocument(
      campaign: campaign, world: world,
      state: moment.end != nil ? .ended : progress.isFeeding ? .running : .stopping,
      updated: moment.epochSeconds, updateIntervalSeconds: moment.interval.seconds,
      elapsedSeconds: progress.elapsed.seconds,
      shareOfGoal: learners.compactMap(\.shareOfGoal).min(),
      loss: StatusDocument.finite(progress.learners.map(\.loss).max()),
      points: .init(
        total: progress.learners.reduce(0) { $0 + $1.pointCount }, told: progress.counts.told,
        perSecond: rates.pointsPerSecond, inFlight: progress.inFlightCount,
        dropped: progress.counts.dropped, attempts: progress.counts.attempts,
        duplicated: progress.counts.duplicated),
      leaves: .init(
        count: Int(progress.leaves.leafCount), evaluating: Int(progress.leaves.evaluatingCount),
        busyShare: rates.busyShare, isolated: Int(progress.leaves.isolatedCount),
        restarts: Int(progress.leaves.restartCount), teams: teams),
      failures: .init(
        progress.failures, attempts: progress.attemptFailures,
        retried: progress.counts.retried,
        givenUp: progress.learners.reduce(0) { $0 + $1.failedCount },
        quarantined: progress.quarantinedCount),
      saving: .init(
        commitAgeSeconds: progress.commitAge.seconds, trouble: progress.storeTrouble,
        snapshotTrouble: progress.snapshotTrouble),
      learnerCount: learners.count, learners: StatusDocument.shown(of: learners),
      end: moment.end)
  }
}

extension StatusDocument {
  /// Every learner, in the campaign's order, without a rate.
  static func learners(
    _ learners: [RootProgress.LearnerProgress], elapsed: TimeSpan, goal: Goal?
  ) -> [Learner] {
    learners.enumerated().map { index, learner in
      let reached = Goal.Progress(
        pointCount: learner.pointCount, loss: learner.loss, elapsed: elapsed,
        evaluationSeconds: learner.evaluationSeconds)
      return Learner(
        index: index, name: learner.name, points: learner.pointCount,
        failed: learner.failedCount, loss: finite(learner.loss),
        shareOfGoal: goal?.share(reachedBy: reached), estimate: estimate(learner.estimate))
    }
  }

  /// Of very many learners those that are furthest from their goals, in the campaign's order.
  static func shown(of learners: [Learner]) -> [Learner] {
    guard learners.count > Limits.statusLearnersMax else { return learners }
    return learners.sorted { ($0.shareOfGoal ?? 0, $0.index) < ($1.shareOfGoal ?? 0, $1.index) }
      .prefix(Limits.statusLearnersMax).sorted { $0.index < $1.index }
  }

  /// nil while it is no number yet.
  private static func estimate(_ estimate: LearnerEstimate?) -> Estimate? {
    guard let estimate, estimate.value.isFinite, estimate.error.isFinite else { return nil }
    return Estimate(
      value: estimate.value, imaginary: finite(estimate.imaginary), error: estimate.error)
  }

  static func finite(_ number: Double?) -> Double? {
    number.flatMap { $0.isFinite ? $0 : nil }
  }
}

extension StatusDocument.Failures {
  init(
    _ tally: FailureTally, attempts: FailureTally?, retried: Int?, givenUp: Int, quarantined: Int
  ) {
    self.init(
      retried: retried, givenUp: givenUp, reasons: Self.reasons(tally),
      otherReasons: tally.otherCount, attemptReasons: attempts.map(Self.reasons),
      otherAttempts: attempts?.otherCount, quarantined: quarantined)
  }

  static func reasons(_ tally: FailureTally) -> [Reason] {
    tally.reasons.map {
      Reason(kind: $0.failure.kind.text, text: $0.failure.text, count: $0.count)
    }
  }
}

extension Failure.Kind {
  /// For people and for files that they read.
  var text: String {
    switch self {
    case .raised: "raised"
    case .notFinite: "not finite"
    case .wrongCount: "wrong count"
    case .timedOut: "timed out"
    case .ended: "ended"
    case .lost: "lost"
    case .quarantined: "quarantined"
    }
  }
}
