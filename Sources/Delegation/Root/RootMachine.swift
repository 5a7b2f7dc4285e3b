package import AdaptiveCore
import DequeModule

/// The root's side of the protocol: keeps children supplied, matches answers to points, tells
/// learners once, decides when enough is known, and ends the world in order.
///
/// It knows learners by index only: it *asks* through an effect and is *answered* by an event.
package struct RootMachine: Sendable {
  package struct LearnerPlan: Sendable, Equatable {
    /// Doubles in a point.
    package var dimension: Int
    package var goal: Goal
    /// Another root has it.
    package var isElsewhere: Bool
    /// Seconds that the values took that are known at the start.
    package var evaluationSecondsBefore = 0.0
    /// Which of its pending points may have ended earlier worlds, by their places, ascending.
    package var suspects: [Int] = []

    package init(dimension: Int, goal: Goal, isElsewhere: Bool = false) {
      self.dimension = dimension
      self.goal = goal
      self.isElsewhere = isElsewhere
    }
  }

  package struct Plan: Sendable, Equatable {
    package var learners: [LearnerPlan]
    /// How often a failed point is tried again.
    package var retries: Int
    /// How long points that are being evaluated may still take once the world is to stop.
    package var grace: TimeSpan
    /// After how many points given up the function is taken to fail everywhere.
    package var failureLimit: FailureLimit
    /// Whether leaves without a point evaluate one that takes long a second time.
    package var duplicatesStragglers = false
    /// How long earlier worlds of the campaign have run.
    package var elapsedBefore: TimeSpan
    /// There are other roots, and a coordinator that says when the world ends.
    package var isCoordinated: Bool
    /// The place of this root among them.
    package var rootNumber = 0
    /// How the learners share the leaves.
    package var balancing = Balancing.cycle

    package init(
      learners: [LearnerPlan], retries: Int, grace: TimeSpan, failureLimit: FailureLimit,
      elapsedBefore: TimeSpan, isCoordinated: Bool = false
    ) {
      self.learners = learners
      self.retries = retries
      self.grace = grace
      self.failureLimit = failureLimit
      self.elapsedBefore = elapsedBefore
      self.isCoordinated = isCoordinated
    }
  }

  enum State {
    case feeding
    /// Every goal is reached. Children go to other roots, with what they evaluate; only where there
    /// are any.
    case finishing
    /// Children finish what they evaluate, until the deadline.
    case draining(deadline: Instant, Verdict)
    case saving(Verdict)
    /// The coordinator has yet to say that all roots have saved.
    case saved
    /// Every child was told to stop, and has until the deadline to obey; where there is a
    /// coordinator, that is its to watch.
    case stopping(deadline: Instant?, Verdict)
    case finished
  }

  struct LearnerState {
    let goal: Goal
    let pointCountMax: Int?
    var pointCount = 0
    var loss = Double.infinity
    /// Seconds that its values took, those of earlier worlds included.
    var evaluationSeconds = 0.0
    /// Asked and not yet told or given up.
    var pendingCount = 0
    /// Points that it can still offer; nil where there is no end.
    var supply: Int?
    /// It had fewer points to offer than it was asked for; a new result may change that.
    var isDry = false
    var isDone = false
    /// It was told something since it was measured last.
    var isTouched = false

    /// Points it may still be asked for.
    var room: Int {
      guard !isDone, !isDry else { return 0 }
      guard let pointCountMax else { return supply ?? Int.max }
      return max(0, min(pointCountMax - pointCount - pendingCount, supply ?? Int.max))
    }

    /// Nothing it may still be told will make room.
    var isFull: Bool {
      if supply == 0 { return true }
      guard let pointCountMax else { return false }
      return pointCount + pendingCount >= pointCountMax
    }
  }

  package let plan: Plan
  let startedAt: Instant
  var state = State.feeding
  var children: ChildTable
  var table: PointTable
  var learners: [LearnerState]

  /// Points that wait to be sent: pending ones of earlier worlds, then whatever failed or was
  /// asked.
  var waiting = Deque<PointTable.Slot>()

  /// Points that failed, and wait for another child than they failed at.
  var elsewhere = Deque<PointTable.Slot>()

  /// Unfinished learners in the order of their turns.
  var turns: Deque<LearnerIndex>
  /// The same by standing, where learners are compared.
  var queue: LearnerQueue
  var unfinishedLearnerCount: Int
  /// Some goal can be reached by time alone.
  let hasTimeGoal: Bool
  /// Learners to be measured once all they were told is with them.
  var touched: [LearnerIndex] = []
  /// Learners that were asked to be measured and have not answered.
  var unmeasuredCount = 0
  /// A learner was asked and has not answered.
  var isAsking = false
  /// Points asked of the learner that is being asked.
  var askedCount = 0
  var failuresInRow = 0
  /// Roots that wait for a child of this one.
  var heirs = Deque<Rank>()
  /// Children that were offered to other roots, and for which no heir was named.
  var spareCount = 0

  /// Children have room, and no learner has a point for them.
  var isShortOfPoints = false
  /// Seconds that a point took lately, on average; nil if none has come.
  var secondsPerPoint: Double?
  var nextStragglerLook: Instant
  var nextTick: Instant

  /// What happened to answers, for the final summary.
  package internal(set) var counts = Counts()

  /// Why attempts failed in this world, whether their points were tried again or given up.
  package internal(set) var failures = FailureTally()

  package struct Counts: Sendable, Equatable {
    /// Values told to learners in this world.
    package var told = 0
    /// Points given up in this world.
    package var givenUp = 0
    /// Attempts that failed and were tried again.
    package var retried = 0
    /// Answers to points or attempts that were no longer waited for.
    package var dropped = 0
    /// Points that a second leaf was given, because they took long.
    package var duplicated = 0

    package init(told: Int = 0, givenUp: Int = 0, retried: Int = 0, dropped: Int = 0) {
      self.told = told
      self.givenUp = givenUp
      self.retried = retried
      self.dropped = dropped
    }

    /// Attempts that were answered, or lost with the rank that made them.
    package var attempts: Int { told + givenUp + retried }

    package static func += (a: inout Self, b: Self) {
      a.told += b.told
      a.givenUp += b.givenUp
      a.retried += b.retried
      a.dropped += b.dropped
      a.duplicated += b.duplicated
    }
  }

  package init(_ plan: Plan, children: [Rank], at now: Instant) {
    self.plan = plan
    startedAt = now
    nextTick = now + Self.tick
    nextStragglerLook = now + Self.stragglerTick
    self.children = ChildTable(children)
    table = PointTable(
      dimensionMax: plan.learners.map(\.dimension).max() ?? 1, root: plan.rootNumber)
    learners = plan.learners.map {
      var learner = LearnerState(goal: $0.goal, pointCountMax: $0.goal.pointCountMax)
      learner.isDone = $0.isElsewhere
      learner.evaluationSeconds = $0.evaluationSecondsBefore
      return learner
    }
    let own = plan.learners.indices.filter { !plan.learners[$0].isElsewhere }
    unfinishedLearnerCount = own.count
    turns = Deque(own.map { LearnerIndex($0) })
    queue = LearnerQueue(plan.balancing, learnerCount: plan.learners.count)
    hasTimeGoal = plan.learners.contains { $0.goal.dependsOnTime }
  }

  /// Between two looks for points that take long, while leaves have nothing to do.
  static let stragglerTick = TimeSpan.milliseconds(100)

  /// Between two looks at goals that depend on time.
  static let tick = TimeSpan.milliseconds(250)
}

extension RootMachine {
  package mutating func handle(
    _ event: RootEvent, at now: Instant, into effects: inout RootEffects
  ) {
    switch event {
    case .resumed(let learner, let pending, let pointCount, let loss, let supply):
      learners[learner.position].supply = supply
      resume(learner, pending: pending, pointCount: pointCount, loss: loss, at: now)
    case .started:
      goOn(at: now, into: &effects)
    case .standing(let learner, let standing):
      queue.set(learner.position, standing)
    case .proposed(let learner, let points):
      take(points, of: learner)
      feed(at: now, into: &effects)
    case .measured(let learner, let pointCount, let loss):
      measure(learner, pointCount: pointCount, loss: loss, at: now)
      goOn(at: now, into: &effects)
    case .resultsArrived(let child, let batch, let upward):
      take(batch, from: child, upward, at: now, into: &effects)
      goOn(at: now, into: &effects)
    case .reportArrived(let child, let report):
      take(report, from: child, at: now, into: &effects)
    case .childLost(let child):
      lose(child, at: now, into: &effects)
      goOn(at: now, into: &effects)
    case .stopRequested(let reason):
      requestStop(reason, at: now, into: &effects)
    case .orderArrived(let order):
      obey(order, at: now, into: &effects)
    case .saved(let isDurable):
      saved(isDurable: isDurable, at: now, into: &effects)
    case .timePassed:
      passTime(at: now, into: &effects)
    }
  }

  /// When time alone may change something; the driver sleeps no longer than this.
  package var nextDeadline: Instant? {
    switch state {
    case .feeding where looksForStragglers:
      hasTimeGoal ? min(nextTick, nextStragglerLook) : nextStragglerLook
    case .feeding: hasTimeGoal ? nextTick : nil
    case .draining(let deadline, _): deadline
    case .stopping(let deadline, _): deadline
    case .finishing, .saving, .saved, .finished: nil
    }
  }

  /// How long the campaign has run, all its worlds together.
  package func elapsed(at now: Instant) -> TimeSpan { plan.elapsedBefore + (now - startedAt) }

  /// Points that were sent and not answered.
  package var inFlightCount: Int { children.outstanding }

  /// What the leaves did, as they reported it last.
  package var statistics: NodeStatistics { children.statistics }

  /// True once children are told to stop.
  package var isStopping: Bool {
    switch state {
    case .stopping, .finished: true
    case .feeding, .finishing, .draining, .saving, .saved: false
    }
  }

  /// True while the root is at work, false once it has no more to ask or the world is being ended.
  package var isFeeding: Bool {
    if case .feeding = state { return true }
    return false
  }
}

// MARK: - Learners

extension RootMachine {
  private mutating func resume(
    _ learner: LearnerIndex, pending: PointBuffer, pointCount: Int, loss: Double, at now: Instant
  ) {
    var suspects = plan.learners[learner.position].suspects[...]
    for index in 0..<pending.count {
      let isSuspect = suspects.first == index
      if isSuspect { suspects.removeFirst() }
      pending.withPoint(index) {
        waiting.append(table.insert($0, learner: learner, isSuspect: isSuspect))
      }
    }
    learners[learner.position].pendingCount += pending.count
    update(learner, pointCount: pointCount, loss: loss, at: now)
  }

  private mutating func measure(
    _ learner: LearnerIndex, pointCount: Int, loss: Double, at now: Instant
  ) {
    invariant(learners[learner.position].isTouched, "a learner was measured unasked")
    learners[learner.position].isTouched = false
    learners[learner.position].isDry = false
    unmeasuredCount -= 1
    update(learner, pointCount: pointCount, loss: loss, at: now)
  }

  private mutating func update(
    _ learner: LearnerIndex, pointCount: Int, loss: Double, at now: Instant
  ) {
    learners[learner.position].pointCount = pointCount
    learners[learner.position].loss = loss
    checkGoal(learner.position, at: now)
    noteRoom(of: learner.position)
  }

  func progress(_ position: Int, at now: Instant) -> Goal.Progress {
    Goal.Progress(
      pointCount: learners[position].pointCount, loss: learners[position].loss,
      elapsed: elapsed(at: now), evaluationSeconds: learners[position].evaluationSeconds)
  }

  mutating func checkGoal(_ position: Int, at now: Instant) {
    guard !learners[position].isDone,
      learners[position].goal.isReached(by: progress(position, at: now))
    else { return }
    learners[position].isDone = true
    unfinishedLearnerCount -= 1
    noteRoom(of: position)
  }

  /// Lets the queue know whether a learner may be asked; nobody looks there where learners take
  /// turns.
  mutating func noteRoom(of position: Int) {
    guard plan.balancing != .cycle else { return }
    queue.setOpen(position, learners[position].room > 0)
  }
}
