package import AdaptiveCore
package import Delegation

/// Moves a ``RootMachine``: takes frames in, asks and tells learners, records every step, sends.
package struct RootDriver<
  T: Transport & ~Copyable, Store: CheckpointStore & ~Copyable, Clock: TimeSource
>: RoleDriver, ~Copyable {
  var machine: RootMachine
  var effects = RootEffects()
  var campaign: CampaignState
  var transport: T
  var store: Store
  let clock: Clock
  var policy: CheckpointPolicy
  var lastSave: LastSave?
  /// nil where this is the only root.
  var coordination: RootCoordination?

  /// The first effect that was not performed yet.
  private var nextEffect = 0
  private var sender = PointSender()
  private var inbound = InboundFromChildren()

  /// When the journal was made durable last, and what the store complained of since.
  var committedAt: Instant
  var storeTrouble: String?
  /// What the store complained of since a snapshot was durable last.
  var snapshotTrouble: String?
  var commitCount: UInt64 = 0
  var durableCommitCount: UInt64 = 0

  /// Until then no point is sent before it is durable that it was asked.
  private let cautiousUntil: Instant

  /// Why the world ended; nil while it goes on.
  package private(set) var verdict: Verdict?
  package private(set) var outcome: RoleOutcome?

  /// - Parameter caution: how long no point is sent before it is durable that it was asked, so that
  ///   a point which ends the world at once is known to the next.
  package init(
    plan: RootMachine.Plan, checkpoints: CheckpointPolicy.Plan, campaign: CampaignState,
    children: [Rank], transport: consuming T, store: consuming Store, clock: Clock,
    coordination: RootCoordination? = nil, caution: TimeSpan = .zero
  ) {
    let now = clock.now()
    cautiousUntil = now + caution
    var plan = plan
    plan.rootNumber = coordination?.number ?? 0
    machine = RootMachine(plan, children: children, at: now)
    policy = CheckpointPolicy(checkpoints, at: now)
    committedAt = now
    self.campaign = campaign
    self.transport = transport
    self.store = store
    self.clock = clock
    self.coordination = coordination
  }
}

extension RootDriver where T: ~Copyable, Store: ~Copyable {
  /// Gives the machine every learner's state, pending points included. Once, before the first step.
  package mutating func start() {
    let now = clock.now()
    coordination?.start(campaign.progress(), at: now)
    for position in 0..<campaign.learnerCount where !machine.plan.learners[position].isElsewhere {
      let learner = LearnerIndex(position)
      tellStanding(learner)
      let event = RootEvent.resumed(
        learner, pending: campaign.pendingPoints(learner), pointCount: campaign.pointCount(learner),
        loss: campaign.loss(learner), supply: campaign.supply(learner))
      machine.handle(event, at: now, into: &effects)
    }
    machine.handle(.started, at: now, into: &effects)
  }

  package mutating func step() throws(TransportError) -> Bool {
    var isBusy = nextEffect < effects.queue.count
    try performEffects()
    var budget = Limits.framesPerTurnMax
    while budget > 0, let frame = try transport.receive() {
      handle(frame)
      try performEffects()
      isBusy = true
      budget -= 1
    }
    let now = clock.now()
    if let deadline = machine.nextDeadline, now >= deadline {
      machine.handle(.timePassed, at: now, into: &effects)
      try performEffects()
    }
    if machine.plan.isCoordinated { isBusy = try passCoordinationTime(at: now) || isBusy }
    isBusy = takeStoreEvents(at: now) || isBusy
    isBusy = save(at: now) || isBusy
    try performEffects()
    return isBusy
  }

  package mutating func closeTransport() throws(TransportError) -> Int { try transport.close() }

  package mutating func requestStop(_ reason: StopReason) {
    let now = clock.now()
    // A launcher that ends its world because a rank died says TERM, and soon KILL: what was being
    // evaluated has to be known then.
    if reason == .signal, lastSave == nil, policy.hasUncommittedSteps { commit(at: now) }
    machine.handle(.stopRequested(reason), at: now, into: &effects)
  }

  package mutating func loseChild(_ rank: Rank) {
    machine.handle(.childLost(rank), at: clock.now(), into: &effects)
  }

  package var nextDeadline: Instant? {
    if let lastSave { return [lastSave.deadline, coordinationDeadline].compactMap { $0 }.min() }
    let saving = policy.nextDeadline(isWritingSnapshot: store.isWritingSnapshot)
    return [machine.nextDeadline, saving, coordinationDeadline].compactMap { $0 }.min()
  }

  private mutating func handle(_ frame: ArrivedFrame) {
    let now = clock.now()
    do throws(DecodingError) {
      if machine.plan.isCoordinated, try takeCoordination(frame) { return }
      switch try inbound.read(frame) {
      case .results(let batch, let upward):
        machine.handle(
          .resultsArrived(from: frame.source, batch, upward), at: now, into: &effects)
      case .report(let report):
        machine.handle(.reportArrived(from: frame.source, report), at: now, into: &effects)
      case .pieceOfValue:
        break
      }
    } catch {
      unreadable(error, from: frame.source, at: "root")
    }
  }
}

// MARK: - Effects

extension RootDriver where T: ~Copyable, Store: ~Copyable {
  /// Performs effects in order until all are done or the transport has no frame to lend. The
  /// coordinator's go first: a root leaves only after every other was told to.
  private mutating func performEffects() throws(TransportError) {
    repeat {
      if machine.plan.isCoordinated, try !performCoordination() { return }
      while nextEffect < effects.queue.count {
        guard try perform(effects.queue[nextEffect]) else { return }
        nextEffect += 1
      }
    } while machine.plan.isCoordinated && coordination?.effects.isEmpty == false
    nextEffect = 0
    effects.removeAll()
  }

  private mutating func perform(_ effect: RootEffect) throws(TransportError) -> Bool {
    switch effect {
    case .ask(let learner, let count):
      take(campaign.ask(learner, count: count), of: learner)
    case .askWhileFirst(let learner, let count, let rival, let standing):
      let points = campaign.askWhileFirst(
        learner, count: count, rival: rival, standing, by: machine.plan.balancing)
      take(points, of: learner)
    case .tell(let learner, let run):
      tell(learner, run)
    case .giveUp(let learner, let range, let failure, let attempts):
      let failed = FailedPoint(
        point: Array(effects.doubles[range]), failure: failure, attempts: attempts)
      campaign.giveUp(learner, failed)
      store.recordFailed(learner, failed)
      policy.recorded()
    case .measure(let learner):
      tellStanding(learner)
      machine.handle(
        .measured(
          learner, pointCount: campaign.pointCount(learner), loss: campaign.loss(learner)),
        at: clock.now(), into: &effects)
    case .assign(let rank, let entries, let coordinate, let downward):
      guard mayAssign() else { return false }
      return try sender.send(
        effects.points, entries: entries, coordinatesFrom: coordinate, downward, to: rank,
        over: &transport)
    case .send(let order, let rank):
      return try send(order, to: rank, over: &transport)
    case .report(let report):
      return try self.report(report)
    case .save(let verdict):
      lastSave = LastSave(
        deadline: clock.now() + Limits.lastSaveMax, isFenced: verdict == .stopped(.fenced))
    case .finish(let verdict, let isClean):
      self.verdict = verdict
      var outcome = RoleOutcome(exitCode: verdict.exitCode.rawValue)
      outcome.needsAbort = !isClean
      self.outcome = outcome
    }
    return true
  }

  /// Whether points may be sent, as far as caution goes.
  private mutating func mayAssign() -> Bool {
    let now = clock.now()
    guard now < cautiousUntil, storeTrouble == nil else { return true }
    if policy.hasUncommittedSteps { commit(at: now) }
    return durableCommitCount == commitCount
  }

  /// Records points that a learner has proposed, and hands them to the machine.
  private mutating func take(_ points: PointBuffer, of learner: LearnerIndex) {
    if !points.isEmpty {
      store.recordAsked(learner, points: points)
      policy.recorded(points.count)
    }
    tellStanding(learner)
    machine.handle(.proposed(learner, points), at: clock.now(), into: &effects)
  }

  private mutating func tellStanding(_ learner: LearnerIndex) {
    guard machine.plan.balancing != .cycle else { return }
    machine.handle(
      .standing(learner, campaign.standing(learner)), at: clock.now(), into: &effects)
  }

  private mutating func tell(_ learner: LearnerIndex, _ run: ToldResults.Run) {
    // References, not copies: spans of the property itself would hold all of `self`.
    let told = effects.told
    let known = campaign.tell(
      learner, points: told.points.span.extracting(run.points),
      values: told.values.span.extracting(run.values),
      seconds: told.seconds.span.extracting(run.results),
      leaves: told.leaves.span.extracting(run.results))
    for run in run.without(known) {
      store.recordTold(
        learner, points: told.points.span.extracting(run.points),
        values: told.values.span.extracting(run.values),
        seconds: told.seconds.span.extracting(run.results),
        leaves: told.leaves.span.extracting(run.results))
      policy.recorded(run.count)
    }
  }
}
