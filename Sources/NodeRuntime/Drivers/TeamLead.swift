package import AdaptiveCore
import Delegation

/// What a team's leader keeps of its members: it hands each of them every point before it evaluates
/// the point itself, and has evaluated it when all of them have.
///
/// Of the members' answers only failures count: the value is the leader's.
package struct TeamLead {
  /// Who evaluates with the leader, without it.
  private let members: [Rank]

  /// Ranks that are told the end, the members first.
  private let followers: [Rank]

  private var inbound = InboundFromChildren()
  private var points = PointBatch()
  private var sender = PointSender()

  /// Members that have the point, and followers that have been told the end.
  private var calledCount = 0
  private var dismissedCount = 0

  /// Members that have not answered yet.
  private var awaitedCount = 0
  private var started: Instant?
  private var own: EvaluationBatch?
  private var failure: Failure?

  /// - Parameters:
  ///   - members: all of the team but the leader.
  ///   - idle: ranks without a team, which learn from this leader when the world ends.
  package init(members: [Rank], idle: [Rank]) {
    self.members = members
    followers = members + idle
  }

  /// Whether this leader hears from that rank as from a member.
  func isFollowed(by rank: Rank) -> Bool { followers.contains(rank) }

  // MARK: A point

  /// Hands the members a point; false if it has to be called again before all of them have it.
  mutating func call<T: Transport & ~Copyable>(
    _ batch: EvaluationBatch, at now: Instant, over transport: inout T
  ) throws(TransportError) -> Bool {
    if started == nil {
      points.removeAll()
      points.append(
        PointBatch.Entry(
          id: PointID(0), attempt: Attempt(0), learner: batch.learner,
          dimension: Int32(batch.points.count)), coordinates: batch.points[...])
      calledCount = 0
      awaitedCount = members.count
      failure = nil
      started = now
    }
    while calledCount < members.count {
      let isSent = try sender.send(
        points, entries: 0..<1, coordinatesFrom: 0, Downward(echo: .origin, held: .zero),
        to: members[calledCount], over: &transport)
      guard isSent else { return false }
      calledCount += 1
    }
    // MPI stands still inside the leader's function until that calls it.
    return try transport.progressSends() == 0
  }

  /// Sets a point aside that was being evaluated when worlds died: a team has no process of its own
  /// in which to try it.
  mutating func setAside(_ batch: EvaluationBatch, at now: Instant) {
    started = now
    failure = Failure(
      .quarantined,
      "it was being evaluated when \(Limits.deathsPerPointMax) worlds died, and a team cannot try "
        + "it in a process of its own")
    own = batch
  }

  /// Takes the leader's own values; returns them when all members have answered as well.
  mutating func finish(_ evaluated: EvaluationBatch?, at now: Instant) -> EvaluationBatch? {
    if let evaluated { own = evaluated }
    guard awaitedCount == 0, let began = started, var batch = own.take() else { return nil }
    started = nil
    batch.secondsPerPoint = (now - began).seconds / Double(batch.count)
    if let failure, batch.failures.isEmpty {
      batch.failures = (0..<batch.count).map { .init(index: $0, failure: failure) }
    }
    return batch
  }

  /// Takes what a follower sent; returns why the world is to stop, if it says so.
  mutating func take(_ frame: ArrivedFrame) throws(DecodingError) -> StopReason? {
    switch try inbound.read(frame) {
    case .results(let batch, _):
      guard awaitedCount > 0 else { throw DecodingError("an answer to no point") }
      awaitedCount -= 1
      if let found = batch.failures.first, failure == nil {
        failure = Failure(found.kind, "rank \(frame.source.number) of the team: \(found.text)")
      }
      return nil
    case .report(.stopRequested(let reason)): return reason
    case .report, .pieceOfValue: throw DecodingError("a member sent what only a leaf sends")
    }
  }

  // MARK: The end

  /// Tells all that follow to leave; false if it has to be called again.
  mutating func dismiss<T: Transport & ~Copyable>(
    exitCode: Int32, over transport: inout T
  ) throws(TransportError) -> Bool {
    while dismissedCount < followers.count {
      guard try send(.stop(exitCode: exitCode), to: followers[dismissedCount], over: &transport)
      else { return false }
      dismissedCount += 1
    }
    return true
  }
}
