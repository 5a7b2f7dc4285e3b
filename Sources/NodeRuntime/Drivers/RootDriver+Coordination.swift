import AdaptiveCore
import Delegation

/// What a root does as one of several: it reports to the coordinator on rank 0, which may be in its
/// own process, and obeys it.
extension RootDriver where T: ~Copyable, Store: ~Copyable {
  /// Hands a report to the coordinator; false if the transport has no frame to lend.
  mutating func report(_ report: RootReport) throws(TransportError) -> Bool {
    guard coordination?.machine == nil else {
      coordinate(.reportArrived(from: transport.rank, report))
      return true
    }
    // With what a root says of its end rank 0 must know what it has done.
    switch report {
    case .saved, .stopped:
      if coordination?.hasAccounted == false {
        guard try sendAccount() else { return false }
        coordination?.hasAccounted = true
      }
    case .finished, .spare, .stopRequested: break
    }
    guard try send(report, over: &transport) else { return false }
    coordination?.hasAccounted = false
    return true
  }

  mutating func coordinate(_ event: CoordinatorEvent) {
    guard var coordination = coordination.take() else { return }
    coordination.machine?.handle(event, at: clock.now(), into: &coordination.effects)
    self.coordination = coordination
  }

  /// Performs what the coordinator wants, in order, until all is done or the transport has no frame
  /// to lend; false in that case.
  mutating func performCoordination() throws(TransportError) -> Bool {
    guard var coordination = coordination.take() else { return true }
    defer { self.coordination = coordination }
    while coordination.nextEffect < coordination.effects.count {
      switch coordination.effects[coordination.nextEffect] {
      case .send(let order, let root) where root == transport.rank:
        machine.handle(.orderArrived(order), at: clock.now(), into: &effects)
      case .send(let order, let root):
        guard try send(order, to: root, over: &transport) else { return false }
      case .abandon(let verdict):
        effects.queue.append(.finish(verdict, isClean: false))
      }
      coordination.nextEffect += 1
    }
    coordination.nextEffect = 0
    coordination.effects.removeAll(keepingCapacity: true)
    return true
  }

  /// Lets the coordinator's time pass, and tells rank 0 what this root did; false if there was
  /// nothing to do.
  mutating func passCoordinationTime(at now: Instant) throws(TransportError) -> Bool {
    if let deadline = coordination?.machine?.nextDeadline, now >= deadline {
      coordinate(.timePassed)
      return true
    }
    guard let account = coordination?.account, account.isUnderWay || now >= account.dueAt,
      // Rank 0 may have left before it came.
      !machine.isStopping
    else { return false }
    return try sendAccount()
  }

  var coordinationDeadline: Instant? {
    if let machine = coordination?.machine { return machine.nextDeadline }
    // What waits for a frame goes on when one is free.
    guard let account = coordination?.account, !account.isUnderWay, !machine.isStopping else {
      return nil
    }
    return account.dueAt
  }

  /// Takes a frame of the coordinator or of another root; false if it is of neither.
  mutating func takeCoordination(_ frame: ArrivedFrame) throws(DecodingError) -> Bool {
    var reader = unsafe ByteReader(frame.bytes)
    switch try MessageCodec.kind(&reader) {
    case .rootOrder:
      let order = try MessageCodec.readRootOrder(&reader)
      machine.handle(.orderArrived(order), at: clock.now(), into: &effects)
    case .rootReport:
      let report = try MessageCodec.readRootReport(&reader)
      coordinate(.reportArrived(from: frame.source, report))
    case .rootProgress:
      try coordination!.takeAccount(&reader, from: frame.source)
    case .points, .results, .piece, .order, .report:
      return false
    }
    return true
  }

  private mutating func sendAccount() throws(TransportError) -> Bool {
    let own = ownProgress()
    let learners = machine.plan.learners
    return try coordination?.account?.send(
      own, owns: { !learners[$0].isElsewhere }, to: RootCoordination.place, at: clock.now(),
      over: &transport) ?? true
  }
}
