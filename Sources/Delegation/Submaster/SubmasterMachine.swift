package import AdaptiveCore
import DequeModule

/// What happened to a sub-master.
package enum SubmasterEvent: Sendable {
  case pointsArrived(PointBatch, Downward)
  case orderArrived(Order)
  case resultsArrived(from: Rank, ResultBatch, Upward)
  case reportArrived(from: Rank, Report)
  /// Nothing comes from this child any more, and nothing reaches it; with it is gone all that is
  /// below it.
  case childLost(Rank)
  case stopRequested(StopReason)
  case timePassed
}

/// What a sub-master wants done, in order.
package enum SubmasterEffect: Sendable, Equatable {
  /// Send these entries of ``SubmasterEffects/points`` to a child.
  case assign(Rank, entries: Range<Int>, coordinatesFrom: Int, Downward)
  case send(Order, to: Rank)
  /// Send ``SubmasterEffects/results`` to a parent, from where the last such effect ended.
  case sendResults(to: Rank, upTo: Int, Upward)
  case report(Report, to: Rank)
  /// Leave the loop.
  case finish(exitCode: Int32)
}

/// A sub-master's effects in order, with the points and results that they refer to.
package struct SubmasterEffects: Sendable {
  package var queue: [SubmasterEffect] = []
  package var points = PointBatch()
  package var results = ResultBatch()

  package init() {}

  /// Forgets effects that were performed, and keeps the memory.
  package mutating func removeAll() {
    guard !queue.isEmpty else { return }
    queue.removeAll(keepingCapacity: true)
    points.removeAll()
    results.removeAll()
  }
}

/// The sub-master's side of the protocol: keeps a short queue of points for its children, and
/// gathers their results into batches. It does not know whether its parent is a root or its child a
/// leaf.
package struct SubmasterMachine: Sendable {
  enum State {
    case feeding
    case draining
    case drained
    /// Every child was told to stop and has not said yet that it did.
    case stopping(exitCode: Int32)
    case finished
  }

  var state = State.feeding
  package internal(set) var parent: Rank
  /// The root whose points come from the parent; nil while none has come.
  var root: Int?
  var formers = FormerParents()
  var children: ChildTable
  /// Leaves in the subtree at the start.
  let leafCountAtStart: Int
  var credit = CreditWindow()

  /// Points that wait for a child.
  var waiting = PointQueue()

  /// Points that failed at a child of this node, and wait for another; they are few.
  var elsewhere = Deque<(entry: PointBatch.Entry, coordinates: [Double])>()

  /// Points that were sent to children and not answered yet.
  var held = HeldPoints()

  /// Results that wait to be sent up.
  var gathered = ResultBatch()

  /// Since when the parent does not know something: a result, or that this node wants to hold more.
  var untoldSince: Instant?

  /// Until then the parent may still answer what it was told last; nil once it has.
  var answerDue: Instant?

  /// What the parent was told last that this node wants to hold; -1 if nothing yet.
  var toldWindow = -1
  var hasPassedStop = false
  var nextStatistics: Instant

  /// What is known of children that lead teams; nil of any others.
  let teams: TeamWatch?

  package init(
    parent: Rank, children: [Rank], leafCount: Int, teams: TeamWatch? = nil, at now: Instant
  ) {
    self.parent = parent
    self.children = ChildTable(children)
    self.teams = teams
    leafCountAtStart = leafCount
    nextStatistics = now + Limits.statisticsInterval
  }
}

extension SubmasterMachine {
  package mutating func handle(
    _ event: SubmasterEvent, at now: Instant, into effects: inout SubmasterEffects
  ) {
    switch event {
    case .pointsArrived(let batch, let downward):
      credit.observe(downward, at: now)
      answerDue = nil
      take(batch)
      distribute(at: now, into: &effects)
      giveBackIfNobodyIsLeft(at: now, into: &effects)
      sendResultsIfWorthIt(at: now, into: &effects)
    case .resultsArrived(let rank, let batch, let upward):
      take(batch, from: rank, upward, at: now)
      distribute(at: now, into: &effects)
      answerFormers(at: now, into: &effects)
      giveBackIfNobodyIsLeft(at: now, into: &effects)
      sendResultsIfWorthIt(at: now, into: &effects)
    case .orderArrived(let order):
      obey(order, at: now, into: &effects)
    case .reportArrived(let rank, let report):
      take(report, from: rank, at: now, into: &effects)
    case .childLost(let rank):
      lose(rank, at: now, into: &effects)
    case .stopRequested(let reason):
      passStop(reason, into: &effects)
    case .timePassed:
      sendResultsIfWorthIt(at: now, into: &effects)
      if now >= nextStatistics {
        nextStatistics = now + Limits.statisticsInterval
        if let teams { watch(teams, at: now, into: &effects) }
        effects.queue.append(.report(.statistics(statistics(at: now)), to: parent))
      }
    }
  }

  /// When time alone may change something; the driver sleeps no longer than this.
  package var nextDeadline: Instant? {
    if case .finished = state { return nil }
    guard let resultsDue else { return nextStatistics }
    return min(nextStatistics, resultsDue)
  }

  private func statistics(at now: Instant) -> NodeStatistics {
    teams == nil ? children.statistics : children.statisticsOfTeams(at: now)
  }

  /// Leaves that are left, if the children that were lost had their even share of them.
  private var leafCount: Int { leafCountAtStart * children.presentCount / max(1, children.count) }

  /// What this node wants to hold of its parent's: all that its children want, and a short queue,
  /// but for what it holds of former parents.
  var window: Int {
    if children.noneTakesPoints { return 0 }
    let whole =
      children.windows + credit.waitingAtSubmaster(leafCount: leafCount)
      + credit.gatheredAtSubmaster(leafCount: leafCount)
    return formers.isEmpty ? whole : max(0, whole - formers.owedCount)
  }

  private var resultsDue: Instant? {
    guard let untoldSince else { return nil }
    let due = untoldSince + credit.resultDelay
    return answerDue.map { min($0, due) } ?? due
  }
}

// MARK: - Points

extension SubmasterMachine {
  private mutating func take(_ batch: PointBatch) {
    // After an order to drain, what was under way to here is dropped: it stays pending at the root.
    guard case .feeding = state else { return }
    root = batch.entries.first?.id.root ?? root
    guard batch.entries.contains(where: \.avoidsLeaf) else {
      waiting.append(contentsOf: batch)
      return
    }
    var start = 0
    for entry in batch.entries {
      let end = start + Int(entry.dimension)
      wait(entry, batch.coordinates[start..<end])
      start = end
    }
  }

  private mutating func wait(_ entry: PointBatch.Entry, _ coordinates: ArraySlice<Double>) {
    if let avoided = children.find(entry.avoided), children.takesPoints(otherThan: avoided) {
      elsewhere.append((entry, Array(coordinates)))
    } else {
      waiting.append(entry, coordinates: coordinates)
    }
  }

  /// Points that failed go to another child than they failed at, as long as one takes points.
  private mutating func distributeElsewhere(
    at now: Instant, into effects: inout SubmasterEffects
  ) {
    for _ in 0..<elsewhere.count {
      guard children.freeCredit > 0 else { return }
      let (entry, coordinates) = elsewhere.removeFirst()
      guard let avoided = children.find(entry.avoided), children.takesPoints(otherThan: avoided)
      else {
        wait(entry, coordinates[...])
        continue
      }
      guard let child = children.take(avoiding: avoided) else {
        elsewhere.append((entry, coordinates))
        continue
      }
      held.insert(entry.id, entry.attempt, holder: child)
      let firstEntry = effects.points.count
      let firstCoordinate = effects.points.coordinates.count
      effects.points.append(entry, coordinates: coordinates[...])
      effects.queue.append(
        .assign(
          children.rank(of: child), entries: firstEntry..<firstEntry + 1,
          coordinatesFrom: firstCoordinate, children.downward(to: child, at: now)))
    }
  }

  private mutating func distribute(at now: Instant, into effects: inout SubmasterEffects) {
    distributeElsewhere(at: now, into: &effects)
    while !waiting.isEmpty, let (child, count) = children.take(available: waiting.count) {
      let firstEntry = effects.points.count
      let firstCoordinate = effects.points.coordinates.count
      waiting.move(count, to: &effects.points.entries, &effects.points.coordinates)
      for entry in effects.points.entries[firstEntry...] {
        held.insert(entry.id, entry.attempt, holder: child)
      }
      effects.queue.append(
        .assign(
          children.rank(of: child), entries: firstEntry..<effects.points.count,
          coordinatesFrom: firstCoordinate, children.downward(to: child, at: now)))
    }
  }
}

// MARK: - Results

extension SubmasterMachine {
  private mutating func take(
    _ batch: ResultBatch, from rank: Rank, _ upward: Upward, at now: Instant
  ) {
    let child = children.index(of: rank)
    guard !children.isGone(child) else { return }
    var answeredCount = 0
    for entry in batch.entries where held.remove(entry.id, entry.attempt, holder: child) {
      answeredCount += 1
      if !formers.isEmpty { formers.settle(entry.id) }
    }
    children.answered(child, count: answeredCount, upward, at: now)
    // What was answered before goes up, too: the root counts and drops it.
    if !batch.isEmpty {
      var seconds = 0.0
      for entry in batch.entries { seconds += entry.seconds }
      credit.observe(secondsPerPoint: seconds / Double(batch.count))
      gather(batch)
    }
    // Windows alone wait for company too: at the start, those of all children go up together.
    if untoldSince == nil, !gathered.isEmpty || window > toldWindow { untoldSince = now }
  }

  /// Keeps results for whoever waits for them.
  mutating func gather(_ batch: ResultBatch) {
    if formers.isEmpty {
      gathered.append(contentsOf: batch)
    } else {
      formers.take(batch, others: &gathered)
    }
  }

  /// Sends former parents what they wait for; it frees no room here, so there is nothing to gather
  /// for.
  mutating func answerFormers(at now: Instant, into effects: inout SubmasterEffects) {
    guard !formers.isEmpty else { return }
    formers.flush { former in
      if !former.results.isEmpty {
        effects.results.append(contentsOf: former.results)
        effects.queue.append(
          .sendResults(
            to: former.rank, upTo: effects.results.count, Upward(window: 0, stamp: now)))
      }
      if former.owedCount == 0 { effects.queue.append(.report(.left, to: former.rank)) }
    }
  }

  private mutating func sendResultsIfWorthIt(
    at now: Instant, into effects: inout SubmasterEffects
  ) {
    if isWorthSending(at: now) { sendResults(at: now, into: &effects) }
  }

  /// Results are worth a message when they fill one, are old enough, or when the queue here runs
  /// dry and the parent must learn what it may send.
  ///
  /// While the parent has yet to answer the message before, the next one gathers more (as J. Nagle
  /// has it in RFC 896): so a parent with too much to do gets fewer, and larger ones. One that has
  /// no points does not answer, so this lasts for two round trips.
  private func isWorthSending(at now: Instant) -> Bool {
    guard let resultsDue else { return false }
    guard isFeeding, now < resultsDue else { return true }
    guard answerDue == nil else { return fillsMessage }
    // Room that a former parent's points have left is offered as soon as somebody needs it.
    guard !gathered.isEmpty || window > toldWindow && credit.secondsPerPoint != nil else {
      return false
    }
    let lookahead = credit.waitingAtSubmaster(leafCount: leafCount)
    let company = credit.gatheredAtSubmaster(leafCount: leafCount)
    let runsDry =
      waiting.isEmpty && children.anyStarving
      || waiting.count <= lookahead / 2
        && gathered.count >= max(1, (lookahead + company) / 4)
    return runsDry || fillsMessage
  }

  private var fillsMessage: Bool {
    gathered.count >= Limits.batchPointsMax
      || gathered.values.count * 8 >= Limits.frameBytesMax / 2
  }

  mutating func sendResults(at now: Instant, into effects: inout SubmasterEffects) {
    toldWindow = window
    untoldSince = nil
    answerDue = credit.answerSpan.map { now + $0 }
    effects.results.append(contentsOf: gathered)
    gathered.removeAll()
    effects.queue.append(
      .sendResults(
        to: parent, upTo: effects.results.count,
        Upward(window: Int32(clamping: toldWindow), stamp: now)))
  }
}
