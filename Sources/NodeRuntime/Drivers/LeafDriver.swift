package import AdaptiveCore
package import Delegation

/// Moves a ``LeafMachine``: takes points in, has them evaluated, sends results up.
package struct LeafDriver<
  T: Transport & ~Copyable, Service: EvaluationService, Clock: TimeSource
>: RoleDriver, ~Copyable {
  private var machine: LeafMachine
  private var effects = LeafEffects()
  private var transport: T
  private var evaluation: Service
  private let clock: Clock

  /// The ranks that evaluate with this one; nil where it evaluates alone.
  private var team: TeamLead?

  /// The first effect that was not performed yet.
  private var nextEffect = 0
  private var sender = ResultSender()
  private var inbound = InboundFromParent()

  /// Batches that are with the evaluator.
  private var startedCount = 0

  package var waitsForThread: Bool { startedCount > 0 }

  package private(set) var outcome: RoleOutcome?

  /// - Parameters:
  ///   - valueCounts: doubles in a value of each learner.
  ///   - keepsWaiting: false where the parent is the same process.
  ///   - team: the ranks that evaluate each point with this one, if there are any.
  package init(
    parent: Rank, valueCounts: [Int], keepsWaiting: Bool, transport: consuming T,
    evaluation: Service, clock: Clock, team: TeamLead? = nil
  ) {
    machine = LeafMachine(
      rank: transport.rank, parent: parent, valueCounts: valueCounts, keepsWaiting: keepsWaiting,
      leadsTeam: team != nil, at: clock.now())
    self.team = team
    self.transport = transport
    self.evaluation = evaluation
    self.clock = clock
  }
}

extension LeafDriver where T: ~Copyable {
  /// Offers the leaf to its parent. Once, before the first step.
  package mutating func start() {
    machine.handle(.started, at: clock.now(), into: &effects)
  }

  package mutating func step() throws(TransportError) -> Bool {
    var isBusy = nextEffect < effects.queue.count
    try performEffects()
    while let frame = try transport.receive() {
      handle(frame)
      try performEffects()
      isBusy = true
    }
    if let batch = evaluatedBatch() {
      startedCount -= 1
      let failures = batch.failures.map { (index: $0.index, failure: $0.failure) }
      var evaluated = LeafEvent.Evaluated(
        values: batch.values, failures: failures, secondsPerPoint: batch.secondsPerPoint,
        isAbandoned: batch.isAbandoned)
      evaluated.ended = batch.ended
      evaluated.isIsolated = batch.isIsolated
      evaluated.restartCount = batch.restartCount
      machine.handle(.evaluated(evaluated), at: clock.now(), into: &effects)
      try performEffects()
      isBusy = true
    }
    let now = clock.now()
    if let deadline = machine.nextDeadline, now >= deadline {
      machine.handle(.timePassed, at: now, into: &effects)
      try performEffects()
    }
    return isBusy
  }

  package mutating func closeTransport() throws(TransportError) -> Int { try transport.close() }

  package mutating func requestStop(_ reason: StopReason) {
    machine.handle(.stopRequested(reason), at: clock.now(), into: &effects)
  }

  package var nextDeadline: Instant? { machine.nextDeadline }

  package var workDeadline: Instant? { machine.askDeadline }

  /// What is evaluated, by all who evaluate it.
  private mutating func evaluatedBatch() -> EvaluationBatch? {
    let own = evaluation.poll()
    return team == nil ? own : team!.finish(own, at: clock.now())
  }

  private mutating func handle(_ frame: ArrivedFrame) {
    do throws(DecodingError) {
      if team?.isFollowed(by: frame.source) == true {
        if let reason = try team?.take(frame) { requestStop(reason) }
        return
      }
      switch try inbound.read(frame) {
      case .points(let batch, let downward):
        machine.handle(.pointsArrived(batch, downward), at: clock.now(), into: &effects)
      case .order(let order):
        machine.handle(.orderArrived(order), at: clock.now(), into: &effects)
      }
    } catch {
      unreadable(error, from: frame.source, at: "leaf \(transport.rank.number)")
    }
  }

  /// Performs effects in order until all are done or the transport cannot go on.
  private mutating func performEffects() throws(TransportError) {
    while nextEffect < effects.queue.count {
      guard try perform(effects.queue[nextEffect]) else { return }
      nextEffect += 1
    }
    nextEffect = 0
    effects.removeAll()
    sender.reset()
  }

  private mutating func perform(_ effect: LeafEffect) throws(TransportError) -> Bool {
    switch effect {
    case .evaluate(let learner, let count, let range, let isSuspect):
      // Finished results must be on their way first: MPI stands still inside the user's function.
      guard try transport.progressSends() == 0 else { return false }
      var batch = EvaluationBatch(
        learner: learner, count: count, points: Array(effects.coordinates[range]))
      batch.isSuspect = isSuspect
      return try start(batch)
    case .sendResults(let rank, let end, let upward):
      return try sender.send(effects.results, upTo: end, upward, to: rank, over: &transport)
    case .report(let report, let rank):
      return try send(report, to: rank, over: &transport)
    case .finish(let exitCode, let isEvaluating):
      guard try team?.dismiss(exitCode: exitCode, over: &transport) != false else { return false }
      guard try transport.progressSends() == 0 else { return false }
      outcome = RoleOutcome(exitCode: exitCode)
      outcome?.isEvaluating = isEvaluating
      return true
    }
  }

  /// Starts to evaluate, with the other members of a team; false if it has to be tried again.
  private mutating func start(_ batch: EvaluationBatch) throws(TransportError) -> Bool {
    if team != nil {
      if batch.isSuspect {
        team!.setAside(batch, at: clock.now())
        return true
      }
      guard try team!.call(batch, at: clock.now(), over: &transport) else { return false }
    }
    startedCount += 1
    evaluation.start(batch)
    return true
  }
}
