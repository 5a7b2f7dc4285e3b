package import AdaptiveCore
package import Delegation

/// A member of a team beside its leader: evaluates each point that the leader hands it, at the same
/// time, and says when it is through. It is no part of the tree. An idle rank is the same without a
/// function, and only waits for the end.
package struct MemberDriver<
  T: Transport & ~Copyable, Service: EvaluationService, Clock: TimeSource
>: RoleDriver, ~Copyable {
  private let leader: Rank
  private var transport: T
  private var evaluation: Service?
  private let clock: Clock
  private var inbound = InboundFromParent()

  /// What is still to be sent to the leader.
  private var answer: ResultBatch?
  private var sender = ResultSender()
  private var stopRequest: StopReason?
  private var hasPassedStop = false
  private var exitCode: Int32?

  package private(set) var outcome: RoleOutcome?

  /// - Parameter evaluation: evaluates inline; nil for an idle rank.
  package init(leader: Rank, transport: consuming T, evaluation: Service?, clock: Clock) {
    self.leader = leader
    self.transport = transport
    self.evaluation = evaluation
    self.clock = clock
  }
}

extension MemberDriver where T: ~Copyable {
  package mutating func step() throws(TransportError) -> Bool {
    var isBusy = false
    try sendWhatIsDue()
    while exitCode == nil, answer == nil, let frame = try transport.receive() {
      handle(frame)
      try sendWhatIsDue()
      isBusy = true
    }
    if let exitCode, try transport.progressSends() == 0 {
      outcome = RoleOutcome(exitCode: exitCode)
    }
    return isBusy
  }

  /// Passed on to the leader, once.
  package mutating func requestStop(_ reason: StopReason) {
    guard !hasPassedStop else { return }
    hasPassedStop = true
    stopRequest = reason
  }

  package mutating func closeTransport() throws(TransportError) -> Int { try transport.close() }

  package var nextDeadline: Instant? { nil }

  private mutating func sendWhatIsDue() throws(TransportError) {
    if let results = answer {
      let upward = Upward(window: 0, stamp: clock.now())
      guard try sender.send(results, upTo: 1, upward, to: leader, over: &transport) else { return }
      sender.reset()
      answer = nil
    }
    if let reason = stopRequest, exitCode == nil,
      try send(.stopRequested(reason), to: leader, over: &transport)
    {
      stopRequest = nil
    }
  }

  private mutating func handle(_ frame: ArrivedFrame) {
    do throws(DecodingError) {
      guard frame.source == leader else { throw DecodingError("it is not the leader's") }
      switch try inbound.read(frame) {
      case .points(let batch, _): try evaluate(batch)
      case .order(.stop(let code)): exitCode = code
      case .order: throw DecodingError("a member obeys no order but to stop")
      }
    } catch {
      unreadable(error, from: frame.source, at: "member \(transport.rank.number)")
    }
  }

  private mutating func evaluate(_ batch: PointBatch) throws(DecodingError) {
    guard batch.count == 1, let entry = batch.entries.first, evaluation != nil else {
      throw DecodingError("\(batch.count) points for a member of a team")
    }
    evaluation!.start(
      EvaluationBatch(learner: entry.learner, count: 1, points: batch.coordinates))
    guard let evaluated = evaluation!.poll() else {
      invariant(false, "a member evaluates on the thread that waits for it")
      return
    }
    // The value is the leader's; a member's need not even be set.
    let failure = evaluated.failures.first { $0.failure.kind == .raised }?.failure
    var results = ResultBatch()
    results.entries.append(
      ResultBatch.Entry(
        id: entry.id, attempt: entry.attempt, leaf: transport.rank,
        seconds: evaluated.secondsPerPoint, valueCount: failure == nil ? 0 : -1))
    if let failure { results.failures.append(failure) }
    answer = results
  }
}
