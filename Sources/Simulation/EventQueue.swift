import AdaptiveCore

/// What will happen in a simulated world, in the order of time; what happens at one instant does so
/// in the order in which it was scheduled, so that a seed repeats a run.
///
/// It also knows when each rank's loop next looks for something to do.
final class EventQueue {
  enum Event {
    case arrival(frame: Int32)
    /// A rank's loop takes a turn.
    case turn(Rank)
    case stopRequest(index: Int32)
    case death(Rank)
    /// A parent learns that its child has ended.
    case loss(of: Rank)
  }

  private enum Kind: UInt8 {
    case arrival, wake, notice, deadline, stopRequest, death, loss
  }

  private let waking: ClusterCosts.Waking
  private let spin: Int64
  private let ring: Int64

  private let entries = EventWheel()
  private var sequence: UInt64 = 0
  private let ranks: RankTable

  init(_ ranks: RankTable, waking: ClusterCosts.Waking) {
    self.ranks = ranks
    self.waking = waking
    spin = TimeSpan(seconds: waking.spin).nanoseconds
    ring = TimeSpan(seconds: waking.ring).nanoseconds
  }

  func schedule(_ event: Event, at instant: Instant) {
    switch event {
    case .arrival(let frame): push(.arrival, frame, at: instant.nanoseconds)
    case .turn(let rank): wake(rank, at: instant)
    case .stopRequest(let index): push(.stopRequest, index, at: instant.nanoseconds)
    case .death(let rank): push(.death, rank.rawValue, at: instant.nanoseconds)
    case .loss(let rank): push(.loss, rank.rawValue, at: instant.nanoseconds)
    }
  }

  private func push(_ kind: Kind, _ subject: Int32, at nanoseconds: Int64) {
    sequence += 1
    entries.push(
      EventHeap.Entry(at: nanoseconds, sequence: sequence, subject: subject, kind: kind.rawValue))
  }

  /// When the next entry is due, whether it counts or not; nil if nothing will ever happen.
  var nextInstant: Instant? { entries.first.map { Instant(nanoseconds: $0.at) } }

  /// The next event that counts and happens by `limit`; nil if there is none.
  func next(by limit: Instant) -> (at: Instant, event: Event)? {
    while let entry = pop(by: limit.nanoseconds) {
      let at = Instant(nanoseconds: entry.at)
      switch Kind(rawValue: entry.kind)! {
      case .arrival: return (at, .arrival(frame: entry.subject))
      case .stopRequest: return (at, .stopRequest(index: entry.subject))
      case .death: return (at, .death(Rank(entry.subject)))
      case .loss: return (at, .loss(of: Rank(entry.subject)))
      case .notice:
        let rank = Rank(entry.subject)
        ranks[rank].isComputing = false
        if canTurn(rank, at: at) { return (at, .turn(rank)) }
      case .deadline:
        let rank = Rank(entry.subject)
        guard ranks[rank].deadlineAt == entry.at else { continue }
        ranks[rank].deadlineAt = .max
        if canTurn(rank, at: at) { return (at, .turn(rank)) }
      case .wake:
        let rank = Rank(entry.subject)
        guard ranks[rank].wakeAt == entry.at else { continue }
        ranks[rank].wakeAt = .max
        if canTurn(rank, at: at) { return (at, .turn(rank)) }
      }
    }
    return nil
  }

  private func pop(by limit: Int64) -> EventHeap.Entry? {
    guard let first = entries.first, first.at <= limit else { return nil }
    return entries.pop()
  }
}

// MARK: - Loops

extension EventQueue {
  /// Sees to it that `rank` acts at `instant`, or as soon after it as it can.
  func wake(_ rank: Rank, at instant: Instant) {
    let at = max(instant.nanoseconds, ranks[rank].busyUntil)
    guard at < ranks[rank].wakeAt else { return }
    ranks[rank].wakeAt = at
    push(.wake, rank.rawValue, at: at)
  }

  /// Sees to it that `rank` looks at `instant` for what will have happened to it by then.
  func notify(_ rank: Rank, at instant: Instant) {
    push(.notice, rank.rawValue, at: instant.nanoseconds)
  }

  /// Sees to it that `rank` acts at its deadline, or as soon after it as it can.
  func setDeadline(_ rank: Rank, _ deadline: Instant) {
    let at = max(deadline.nanoseconds, ranks[rank].busyUntil)
    guard at < ranks[rank].deadlineAt else { return }
    ranks[rank].deadlineAt = at
    push(.deadline, rank.rawValue, at: at)
  }

  /// Keeps `rank` from acting before `instant`.
  func occupy(_ rank: Rank, until instant: Instant) {
    ranks[rank].busyUntil = max(ranks[rank].busyUntil, instant.nanoseconds)
  }

  /// A thread of `rank` computes until it is next notified.
  func setComputing(_ rank: Rank) { ranks[rank].isComputing = true }

  /// Something came for `rank`. True if its loop sees it at once; otherwise it will look when it
  /// can.
  ///
  /// - Parameter isRung: its doorbell was rung.
  func announce(_ rank: Rank, at now: Instant, isRung: Bool) -> Bool {
    let loop = ranks[rank]
    guard loop.busyUntil <= now.nanoseconds else {
      wake(rank, at: Instant(nanoseconds: loop.busyUntil))
      return false
    }
    let look = nextLook(loop, at: now.nanoseconds, isRung: isRung)
    if look <= now.nanoseconds { return true }
    wake(rank, at: Instant(nanoseconds: look))
    return false
  }

  private func canTurn(_ rank: Rank, at now: Instant) -> Bool {
    if ranks[rank].busyUntil <= now.nanoseconds { return true }
    wake(rank, at: now)
    return false
  }

  /// When an idle loop sees what came at `now`: at once while it spins, and then when it is rung or
  /// its next pause is over. As `runLoop` and `Backoff` do it.
  private func nextLook(_ loop: RankState, at now: Int64, isRung: Bool) -> Int64 {
    let idleSince = max(loop.busyUntil, 0)
    let spin = loop.isComputing ? 0 : spin
    if now - idleSince < spin { return now }
    if isRung { return now + ring }
    guard waking.polls else { return now }
    let pauseMax = Limits.idlePauseMax.nanoseconds
    var pause = Limits.idlePauseMin.nanoseconds
    var look = idleSince + spin
    while look < now, pause < pauseMax {
      look += pause
      pause = min(2 * pause, pauseMax)
    }
    if look < now { look += (now - look + pauseMax - 1) / pauseMax * pauseMax }
    return look
  }
}
