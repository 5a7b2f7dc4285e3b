package import AdaptiveCore

/// What happened to the coordinator.
package enum CoordinatorEvent: Sendable {
  case reportArrived(from: Rank, RootReport)
  case timePassed
}

/// What the coordinator wants done, in order.
package enum CoordinatorEffect: Sendable, Equatable {
  /// To another root, or to the one in its own process.
  case send(RootOrder, to: Rank)
  /// Some root has not obeyed in time: the world must be aborted.
  case abandon(Verdict)
}

/// Rank 0's second duty in a world of several roots: it sends children of roots that have no use
/// for them to roots that have, and brings the world to its end.
///
/// A child belongs to the root that the coordinator gave it to last, wherever it is on its way. So
/// a root that finishes hands on as many children as it was ever given, those included that have
/// yet to come; and the world has stopped when as many children have stopped as there are, without
/// a word between all ranks. A root that has ever had children to spare is given none again, so
/// that no child comes back to where it is still awaited.
///
/// 1. *working*: roots report children to spare, or that they have finished, and are given heirs.
/// 2. *ending*: all have finished, or somebody asks to stop. Every root drains and saves.
/// 3. *stopping*: everything is durable, or is known not to become so. Every root stops its
///    children. When the last has stopped, the roots leave.
package struct CoordinatorMachine: Sendable {
  private struct Root {
    let rank: Rank
    /// Children that are the root's, or on their way to it.
    var childCount: Int
    /// It had children to spare.
    var isSupplied = false
    var hasFinished = false
    var hasSaved = false
    /// Children that have stopped under it; nil until it has said so.
    var stoppedCount: Int?
  }

  private enum State {
    case working
    case ending(Verdict, deadline: Instant)
    case stopping(Verdict, deadline: Instant)
    case over
  }

  private var roots: [Root]
  private var state = State.working
  private let childCount: Int
  private let endMax: TimeSpan
  private let movesChildren: Bool

  /// How the campaign ends when the last root has finished.
  private var verdict = Verdict.goalReached

  /// - Parameters:
  ///   - roots: every root with how many children it begins with, in ascending order.
  ///   - grace: how long roots may drain.
  ///   - movesChildren: whether children of a root that has finished can serve any other.
  package init(
    _ roots: [(rank: Rank, childCount: Int)], grace: TimeSpan, movesChildren: Bool = true
  ) {
    self.movesChildren = movesChildren
    self.roots = roots.map { Root(rank: $0.rank, childCount: $0.childCount) }
    childCount = roots.reduce(0) { $0 + $1.childCount }
    endMax = grace + Limits.lastSaveMax + Limits.stopMax
  }

  /// When time alone may change something.
  package var nextDeadline: Instant? {
    switch state {
    case .ending(_, let deadline), .stopping(_, let deadline): deadline
    case .working, .over: nil
    }
  }

  /// True while no root has been told to end.
  package var isWorking: Bool {
    if case .working = state { return true }
    return false
  }
}

extension CoordinatorMachine {
  package mutating func handle(
    _ event: CoordinatorEvent, at now: Instant, into effects: inout [CoordinatorEffect]
  ) {
    switch event {
    case .reportArrived(let rank, let report):
      take(report, of: index(of: rank), at: now, into: &effects)
    case .timePassed:
      switch state {
      case .ending(let verdict, let deadline), .stopping(let verdict, let deadline):
        guard now >= deadline else { return }
        state = .over
        effects.append(.abandon(verdict))
      case .working, .over: break
      }
    }
  }

  private mutating func take(
    _ report: RootReport, of index: Int, at now: Instant, into effects: inout [CoordinatorEffect]
  ) {
    switch (report, state) {
    case (.finished(let verdict), .working):
      finish(index, verdict, at: now, into: &effects)
    case (.spare(let count), .working):
      roots[index].isSupplied = true
      handOver(min(count, roots[index].childCount - 1), from: index, into: &effects)
    case (.stopRequested(.fenced), .ending):
      // Nothing more may be written: who drains or saves leaves off.
      end(.stopped(.fenced), at: now, into: &effects)
    case (.stopRequested(let reason), .working):
      end(.stopped(reason), at: now, into: &effects)
    case (.saved(let isDurable), .ending(let planned, let deadline)):
      roots[index].hasSaved = true
      let verdict = isDurable ? planned : .notSaved
      state = .ending(verdict, deadline: deadline)
      if roots.allSatisfy(\.hasSaved) { stop(verdict, at: now, into: &effects) }
    case (.stopped(let count), .stopping):
      roots[index].stoppedCount = count
      leaveIfAllHaveStopped(into: &effects)
    // What crossed an order on its way.
    case (.finished, _), (.spare, _), (.stopRequested, _), (.saved, _), (.stopped, _): break
    }
  }

  private mutating func finish(
    _ index: Int, _ verdict: Verdict, at now: Instant, into effects: inout [CoordinatorEffect]
  ) {
    roots[index].hasFinished = true
    if verdict != .goalReached { self.verdict = verdict }
    let isOver = verdict == .functionFailsEverywhere || roots.allSatisfy(\.hasFinished)
    if isOver {
      end(self.verdict, at: now, into: &effects)
    } else {
      handOver(roots[index].childCount, from: index, into: &effects)
    }
  }

  /// Gives children of a root to others, each to whoever has fewest by then; none if no root has
  /// use for them.
  private mutating func handOver(
    _ count: Int, from index: Int, into effects: inout [CoordinatorEffect]
  ) {
    let heirsLeft = roots.indices.filter { !roots[$0].hasFinished && !roots[$0].isSupplied }
    guard movesChildren, count > 0, !heirsLeft.isEmpty else { return }
    var heirs: [Rank] = []
    for _ in 0..<count {
      let heir = heirsLeft.min { roots[$0].childCount < roots[$1].childCount }!
      roots[heir].childCount += 1
      heirs.append(roots[heir].rank)
    }
    roots[index].childCount -= count
    for start in stride(from: 0, to: heirs.count, by: Limits.batchPointsMax) {
      let run = heirs[start..<min(heirs.count, start + Limits.batchPointsMax)]
      effects.append(.send(.handOver(Array(run)), to: roots[index].rank))
    }
  }

  private mutating func end(
    _ verdict: Verdict, at now: Instant, into effects: inout [CoordinatorEffect]
  ) {
    state = .ending(verdict, deadline: now + endMax)
    for index in roots.indices {
      roots[index].hasSaved = false
      effects.append(.send(.end(verdict), to: roots[index].rank))
    }
  }

  private mutating func stop(
    _ verdict: Verdict, at now: Instant, into effects: inout [CoordinatorEffect]
  ) {
    state = .stopping(verdict, deadline: now + Limits.stopMax)
    for root in roots { effects.append(.send(.stop(verdict), to: root.rank)) }
  }

  private mutating func leaveIfAllHaveStopped(into effects: inout [CoordinatorEffect]) {
    // Every root has spoken, also one without children: what it says must find a receiver.
    let counts = roots.compactMap(\.stoppedCount)
    guard counts.count == roots.count, counts.reduce(0, +) == childCount else { return }
    state = .over
    for root in roots { effects.append(.send(.leave, to: root.rank)) }
  }

  private func index(of rank: Rank) -> Int {
    let index = roots.firstIndex { $0.rank == rank }
    invariant(index != nil, "rank \(rank.number) reports as a root, and is none")
    return index!
  }
}
