package import AdaptiveCore

/// What happened to a leaf.
package enum LeafEvent: Sendable {
  /// The loop begins: the leaf offers itself to its parent.
  case started
  case pointsArrived(PointBatch, Downward)
  case orderArrived(Order)
  case evaluated(Evaluated)
  case stopRequested(StopReason)
  case timePassed

  /// What became of the points that ``LeafEffect/evaluate(_:count:coordinates:isSuspect:)`` named.
  package struct Evaluated: Sendable {
    /// Values, point after point, for failed points too.
    package var values: [Double]
    /// Failed points by place, ascending.
    package var failures: [(index: Int, failure: Failure)]
    package var secondsPerPoint: Double
    /// When the last point was done; nil for now.
    package var ended: Instant?
    /// The user's function has not returned, and nothing more can be evaluated here; a point that
    /// it did not reach has failed with ``Failure/Kind/lost``.
    package var isAbandoned: Bool
    /// The function ran in a process beside the leaf.
    package var isIsolated = false
    /// Such processes that had to be started again meanwhile.
    package var restartCount = 0

    package init(
      values: [Double], failures: [(index: Int, failure: Failure)], secondsPerPoint: Double,
      isAbandoned: Bool = false
    ) {
      self.values = values
      self.failures = failures
      self.secondsPerPoint = secondsPerPoint
      self.isAbandoned = isAbandoned
    }
  }
}

/// What a leaf wants done, in order.
package enum LeafEffect: Sendable, Equatable {
  /// Evaluate points of one learner: a run of ``LeafEffects/coordinates``; a suspect is alone.
  case evaluate(LearnerIndex, count: Int, coordinates: Range<Int>, isSuspect: Bool)
  /// Send ``LeafEffects/results`` to a parent, from where the last such effect ended, and see them
  /// gone before anything else.
  case sendResults(to: Rank, upTo: Int, Upward)
  case report(Report, to: Rank)
  /// Leave the loop. `isEvaluating` tells that the user's function has not returned.
  case finish(exitCode: Int32, isEvaluating: Bool)
}

/// A leaf's effects in order, with the numbers that they refer to.
package struct LeafEffects: Sendable {
  package var queue: [LeafEffect] = []
  package var coordinates: [Double] = []
  package var results = ResultBatch()

  package init() {}

  /// Forgets effects that were performed, and keeps the memory.
  package mutating func removeAll() {
    guard !queue.isEmpty else { return }
    queue.removeAll(keepingCapacity: true)
    coordinates.removeAll(keepingCapacity: true)
    results.removeAll()
  }
}

/// The leaf's side of the protocol: evaluates one run of points after another, sends results up,
/// and asks for as many waiting points as hide the round trip to its parent.
package struct LeafMachine: Sendable {
  enum State {
    case feeding
    case draining
    case drained
    /// Told to stop while its team evaluates: it says that it stopped once all have returned.
    case stopping(exitCode: Int32)
    case finished
  }

  let rank: Rank
  let valueCounts: [Int]
  let keepsWaiting: Bool
  let leadsTeam: Bool
  var state = State.feeding
  var parent: Rank
  /// The root whose points come from the parent; nil while none has come.
  var root: Int?
  var formers = FormerParents()
  var credit = CreditWindow()
  var waiting = PointQueue()

  /// What is being evaluated, empty if nothing is.
  var running: [PointBatch.Entry] = []
  var runningSince = Instant.origin

  /// What the evaluator has as well and begins by itself once it has finished those.
  var following: [PointBatch.Entry] = []
  var followingSince = Instant.origin
  var askAhead = AskAhead()

  /// The user's function hangs: this leaf evaluates nothing more, and only waits for the end.
  var isGivenUp = false

  var statistics = NodeStatistics()
  var nextStatistics: Instant
  var hasPassedStop = false

  /// - Parameters:
  ///   - valueCounts: doubles in a value of each learner.
  ///   - keepsWaiting: false where the parent is the same process, so that each point is chosen
  ///     with all results before it.
  ///   - leadsTeam: points are evaluated one by one, and nothing else happens meanwhile.
  package init(
    rank: Rank, parent: Rank, valueCounts: [Int], keepsWaiting: Bool, leadsTeam: Bool = false,
    at now: Instant
  ) {
    self.rank = rank
    self.parent = parent
    self.valueCounts = valueCounts
    self.keepsWaiting = keepsWaiting
    self.leadsTeam = leadsTeam
    statistics.leafCount = 1
    nextStatistics = now + Limits.statisticsInterval
  }
}

extension LeafMachine {
  package mutating func handle(
    _ event: LeafEvent, at now: Instant, into effects: inout LeafEffects
  ) {
    switch event {
    case .started:
      sendResults(at: now, into: &effects)
    case .pointsArrived(let batch, let downward):
      credit.observe(downward, at: now, wasBusy: !running.isEmpty && !hasThread)
      take(batch)
      giveBackIfGivenUp(at: now, into: &effects)
      evaluateNext(at: now, into: &effects)
    case .evaluated(let evaluated):
      take(evaluated, at: now, into: &effects)
      giveBackIfGivenUp(at: now, into: &effects)
      if case .draining = state, running.isEmpty { drained(at: now, into: &effects) }
      // Who leads a team has no other time for it while points wait.
      if leadsTeam { reportIfDue(at: now, into: &effects) }
      evaluateNext(at: now, into: &effects)
    case .orderArrived(let order):
      obey(order, at: now, into: &effects)
    case .stopRequested(let reason):
      guard !hasPassedStop, !isEnding else { return }
      hasPassedStop = true
      effects.queue.append(.report(.stopRequested(reason), to: parent))
    case .timePassed:
      askAheadIfDue(at: now, into: &effects)
      reportIfDue(at: now, into: &effects)
    }
  }

  private mutating func askAheadIfDue(at now: Instant, into effects: inout LeafEffects) {
    guard let askDeadline, now >= askDeadline else { return }
    askAhead.asked()
    sendResults(at: now, into: &effects)
  }

  private mutating func reportIfDue(at now: Instant, into effects: inout LeafEffects) {
    guard !isEnding, now >= nextStatistics else { return }
    nextStatistics = now + Limits.statisticsInterval
    effects.queue.append(.report(.statistics(statistics(at: now)), to: parent))
  }

  /// When time alone may change something; the driver sleeps no longer than this.
  package var nextDeadline: Instant? {
    if isEnding { return nil }
    return askDeadline.map { min($0, nextStatistics) } ?? nextStatistics
  }

  /// When the next point is to be asked for, beside the one that is evaluated; nil if it is here,
  /// or asked for, or not to be asked for ahead.
  package var askDeadline: Instant? {
    guard isFeeding, keepsWaiting, hasThread, formers.isEmpty, !running.isEmpty, !askAhead.hasAsked,
      following.isEmpty, waiting.isEmpty, !isGivenUp, let seconds = credit.secondsPerPoint,
      let lead = askAhead.lead(credit)
    else { return nil }
    return runningSince + TimeSpan(seconds: seconds - lead)
  }

  /// Points are so long that they are evaluated on a thread of their own, while this one listens.
  private var hasThread: Bool {
    !leadsTeam && (credit.secondsPerPoint ?? 0) >= Limits.inlineEvaluation.seconds
  }

  private var window: Int32 {
    if isGivenUp { return 0 }
    let whole = 1 + waitingWanted
    return Int32(clamping: formers.isEmpty ? whole : max(0, whole - formers.owedCount))
  }

  /// Points that are to wait here beside what is evaluated.
  private var waitingWanted: Int {
    if !keepsWaiting { return 0 }
    if hasThread, askAhead.lead(credit) != nil { return askAhead.hasAsked ? 1 : 0 }
    return credit.waitingAtLeaf
  }

  /// Sends what stands ready to the parent, with room for more.
  func sendResults(at now: Instant, into effects: inout LeafEffects) {
    effects.queue.append(
      .sendResults(
        to: parent, upTo: effects.results.count, Upward(window: window, stamp: now)))
  }

  func statistics(at now: Instant) -> NodeStatistics {
    var statistics = statistics
    if !running.isEmpty {
      statistics.evaluatingCount = 1
      statistics.busySeconds += (now - runningSince).seconds
    }
    return statistics
  }
}

// MARK: - Evaluation

extension LeafMachine {
  private mutating func take(_ batch: PointBatch) {
    // After an order to drain, what was under way to here is dropped: it stays pending at the root.
    guard case .feeding = state else { return }
    root = batch.entries.first?.id.root ?? root
    waiting.append(contentsOf: batch)
  }

  /// Starts the next run: one point, or as many short ones of one learner as fill a slice of time.
  /// While one is evaluated on the thread, the next follows it there.
  private mutating func evaluateNext(at now: Instant, into effects: inout LeafEffects) {
    guard !isGivenUp, let first = waiting.first else { return }
    let follows = !running.isEmpty
    if follows {
      guard hasThread, following.isEmpty, !first.isSuspect, !running[0].isSuspect else { return }
    }
    // Half of what is here stays for the time in which the results of this run fetch the next
    // points.
    let limit =
      first.isSuspect || leadsTeam
      ? 1 : min(runCountMax(of: first.learner), (waiting.count + 1) / 2)
    let start = effects.coordinates.count
    let count = waiting.entries.prefix(limit).prefix {
      $0.learner == first.learner && $0.isSuspect == first.isSuspect
    }.count
    if follows {
      waiting.move(count, to: &following, &effects.coordinates)
      followingSince = now
    } else {
      waiting.move(count, to: &running, &effects.coordinates)
      runningSince = now
    }
    effects.queue.append(
      .evaluate(
        first.learner, count: count, coordinates: start..<effects.coordinates.count,
        isSuspect: first.isSuspect))
  }

  private func runCountMax(of learner: LearnerIndex) -> Int {
    guard let seconds = credit.secondsPerPoint else { return 1 }
    let valueCount = valueCounts[learner.position]
    let fitting = max(1, Limits.frameBytesMax / (8 * valueCount + MessageCodec.resultHeadBytes))
    let slice = Limits.evaluationSlice.seconds / max(seconds, 1e-9)
    return min(fitting, slice >= Double(fitting) ? fitting : max(1, Int(slice)))
  }

  private mutating func take(
    _ evaluated: LeafEvent.Evaluated, at now: Instant, into effects: inout LeafEffects
  ) {
    invariant(!running.isEmpty, "points were evaluated that nobody started")
    isGivenUp = evaluated.isAbandoned
    // The parent has told the end, and takes no more results.
    guard !isEnding else {
      running.removeAll(keepingCapacity: true)
      following.removeAll(keepingCapacity: true)
      if case .stopping(let exitCode) = state { finish(exitCode, into: &effects) }
      return
    }
    let ended = evaluated.ended ?? now
    askAhead.evaluated(
      seconds: evaluated.secondsPerPoint, mean: credit.secondsPerPoint,
      isNextHere: !following.isEmpty && followingSince <= ended)
    credit.observe(secondsPerPoint: evaluated.secondsPerPoint)
    statistics.evaluatedCount += Int64(running.count)
    statistics.busySeconds += evaluated.secondsPerPoint * Double(running.count)
    statistics.isolatedCount = evaluated.isIsolated ? 1 : 0
    statistics.restartCount += Int64(evaluated.restartCount)
    let valueCount = valueCounts[running[0].learner.position]
    var nextFailure = 0
    for (index, entry) in running.enumerated() {
      var result = ResultBatch.Entry(
        id: entry.id, attempt: entry.attempt, leaf: rank, seconds: evaluated.secondsPerPoint,
        valueCount: valueCount)
      if nextFailure < evaluated.failures.count, evaluated.failures[nextFailure].index == index {
        result.valueCount = -1
        effects.results.failures.append(evaluated.failures[nextFailure].failure)
        nextFailure += 1
      } else {
        let values = evaluated.values[index * valueCount..<(index + 1) * valueCount]
        effects.results.values.append(contentsOf: values)
      }
      effects.results.entries.append(result)
    }
    let former = formers.isEmpty ? nil : formers.rank(of: running[0].id)
    if former != nil { for entry in running { formers.settle(entry.id) } }
    running.removeAll(keepingCapacity: true)
    swap(&running, &following)
    runningSince = max(ended, followingSince)
    if let former {
      effects.queue.append(
        .sendResults(
          to: former, upTo: effects.results.count, Upward(window: 0, stamp: now)))
      leaveFormers(into: &effects)
    }
    if former == nil || isFeeding { sendResults(at: now, into: &effects) }
  }
}

// MARK: - Giving up

extension LeafMachine {
  /// Points that wait at a leaf whose function hangs have to be evaluated elsewhere.
  private mutating func giveBackIfGivenUp(at now: Instant, into effects: inout LeafEffects) {
    guard isGivenUp, !waiting.isEmpty || !running.isEmpty else { return }
    var batch = ResultBatch()
    let failure = Failure(.lost, "the function hangs at rank \(rank.number)")
    for entry in running + waiting.entries {
      batch.append(
        ResultBatch.Entry(
          id: entry.id, attempt: entry.attempt, leaf: rank, seconds: 0, valueCount: -1), [],
        [failure])
      formers.settle(entry.id)
    }
    running.removeAll()
    waiting.removeAll()
    var own = ResultBatch()
    formers.take(batch, others: &own)
    formers.flush { former in
      effects.results.append(contentsOf: former.results)
      effects.queue.append(
        .sendResults(
          to: former.rank, upTo: effects.results.count, Upward(window: 0, stamp: now)))
      if former.owedCount == 0 { effects.queue.append(.report(.left, to: former.rank)) }
    }
    effects.results.append(contentsOf: own)
    sendResults(at: now, into: &effects)
  }
}
