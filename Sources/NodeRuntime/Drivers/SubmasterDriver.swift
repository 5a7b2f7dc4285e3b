package import AdaptiveCore
package import Delegation

/// Moves a ``SubmasterMachine``: takes frames in from parent and children, sends points and
/// results.
package struct SubmasterDriver<T: Transport & ~Copyable, Clock: TimeSource>:
  RoleDriver, ~Copyable
{
  private var machine: SubmasterMachine
  private var effects = SubmasterEffects()
  private var transport: T
  private let clock: Clock

  /// The first effect that was not performed yet.
  private var nextEffect = 0
  private var pointSender = PointSender()
  private var resultSender = ResultSender()
  private var fromChildren = InboundFromChildren()
  private var fromParent = InboundFromParent()

  package private(set) var outcome: RoleOutcome?

  package init(
    parent: Rank, children: [Rank], leafCount: Int, teams: TeamWatch? = nil,
    transport: consuming T, clock: Clock
  ) {
    machine = SubmasterMachine(
      parent: parent, children: children, leafCount: leafCount, teams: teams, at: clock.now())
    self.transport = transport
    self.clock = clock
  }
}

extension SubmasterDriver where T: ~Copyable {
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
    return isBusy
  }

  package mutating func closeTransport() throws(TransportError) -> Int { try transport.close() }

  package mutating func requestStop(_ reason: StopReason) {
    machine.handle(.stopRequested(reason), at: clock.now(), into: &effects)
  }

  package mutating func loseChild(_ rank: Rank) {
    machine.handle(.childLost(rank), at: clock.now(), into: &effects)
  }

  package var nextDeadline: Instant? { machine.nextDeadline }

  private mutating func handle(_ frame: ArrivedFrame) {
    let event: SubmasterEvent?
    do throws(DecodingError) {
      if frame.source == machine.parent {
        switch try fromParent.read(frame) {
        case .points(let batch, let downward): event = .pointsArrived(batch, downward)
        case .order(let order): event = .orderArrived(order)
        }
      } else {
        switch try fromChildren.read(frame) {
        case .results(let batch, let upward):
          event = .resultsArrived(from: frame.source, batch, upward)
        case .report(let report): event = .reportArrived(from: frame.source, report)
        case .pieceOfValue: event = nil
        }
      }
    } catch {
      unreadable(error, from: frame.source, at: "sub-master \(transport.rank.number)")
    }
    if let event { machine.handle(event, at: clock.now(), into: &effects) }
  }

  /// Performs effects in order until all are done or the transport has no frame to lend.
  private mutating func performEffects() throws(TransportError) {
    while nextEffect < effects.queue.count {
      guard try perform(effects.queue[nextEffect]) else { return }
      nextEffect += 1
    }
    nextEffect = 0
    effects.removeAll()
    resultSender.reset()
  }

  private mutating func perform(_ effect: SubmasterEffect) throws(TransportError) -> Bool {
    switch effect {
    case .assign(let rank, let entries, let coordinate, let downward):
      return try pointSender.send(
        effects.points, entries: entries, coordinatesFrom: coordinate, downward, to: rank,
        over: &transport)
    case .send(let order, let rank):
      return try send(order, to: rank, over: &transport)
    case .sendResults(let rank, let end, let upward):
      return try resultSender.send(effects.results, upTo: end, upward, to: rank, over: &transport)
    case .report(let report, let rank):
      return try send(report, to: rank, over: &transport)
    case .finish(let exitCode):
      guard try transport.progressSends() == 0 else { return false }
      outcome = RoleOutcome(exitCode: exitCode)
      return true
    }
  }
}
