import AdaptiveCore

extension RootMachine {
  /// Matches every answer to its point: a value is told once, a failure tried again or given up,
  /// and an answer that nobody waits for is counted and dropped.
  mutating func take(
    _ batch: ResultBatch, from rank: Rank, _ upward: Upward, at now: Instant,
    into effects: inout RootEffects
  ) {
    let child = children.index(of: rank)
    guard !children.isGone(child) else { return }
    var value = 0
    var failure = 0
    var answeredCount = 0
    for entry in batch.entries {
      // A child answers for what it holds; whatever else it says was answered already.
      var slot = table.slot(of: entry.id, attempt: entry.attempt)
      if let found = slot, !table.isHeld(found, by: child) { slot = nil }
      if entry.isFailure {
        if let slot {
          effects.endRun()
          take(batch.failures[failure], slot, at: (child, entry.leaf), into: &effects)
        }
        failure += 1
      } else {
        let end = value + entry.valueCount
        if let slot {
          tell(batch.values.span.extracting(value..<end), slot, entry, into: &effects)
        }
        value = end
      }
      if slot == nil { counts.dropped += 1 } else { answeredCount += 1 }
    }
    effects.endRun()
    children.answered(child, count: answeredCount, upward, at: now)
    askForMeasures(into: &effects)
    if plan.failureLimit.isReached(
      givenUp: counts.givenUp, inRow: failuresInRow, told: counts.told,
      inFlight: children.outstanding)
    {
      end(.functionFailsEverywhere, at: now, into: &effects)
    }
    endIfNobodyIsLeft(at: now, into: &effects)
    if case .draining = state, onlyUnneededAreLeft { goOnStopping(into: &effects) }
  }

  /// Issues again, under their next attempt and elsewhere, the points of a child that was lost.
  mutating func lose(_ rank: Rank, at now: Instant, into effects: inout RootEffects) {
    let child = children.index(of: rank)
    guard !children.isGone(child) else { return }
    children.setLost(child)
    for slot in table.slots(heldBy: child) {
      take(Failure(.lost, "rank \(rank.number) was lost"), slot, at: nil, into: &effects)
    }
    askForMeasures(into: &effects)
    switch state {
    case .feeding: endIfNobodyIsLeft(at: now, into: &effects)
    case .draining, .stopping: goOnStopping(into: &effects)
    case .finishing, .saving, .saved, .finished: break
    }
  }

  private mutating func endIfNobodyIsLeft(at now: Instant, into effects: inout RootEffects) {
    if isFeeding, children.noneTakesPoints {
      requestStop(.leavesLost, at: now, into: &effects)
    }
  }

  private mutating func askForMeasures(into effects: inout RootEffects) {
    unmeasuredCount += touched.count
    for learner in touched { effects.queue.append(.measure(learner)) }
    touched.removeAll(keepingCapacity: true)
  }

  private mutating func tell(
    _ value: Span<Double>, _ slot: PointTable.Slot, _ entry: ResultBatch.Entry,
    into effects: inout RootEffects
  ) {
    if table.unneededCount > 0, table.isUnneeded(slot) {
      table.remove(slot)
      counts.dropped += 1
      return
    }
    if plan.duplicatesStragglers {
      observe(secondsPerPoint: entry.seconds)
      settleTwin(of: slot)
    }
    let learner = table.learner(slot)
    effects.tell(learner)
    table.appendCoordinates(of: slot, to: &effects.told.points)
    for index in value.indices { effects.told.values.append(value[index]) }
    effects.told.seconds.append(entry.seconds)
    effects.told.leaves.append(entry.leaf)
    learners[learner.position].evaluationSeconds += entry.seconds
    counts.told += 1
    failuresInRow = 0
    answered(slot, learner)
  }

  private mutating func take(
    _ failure: Failure, _ slot: PointTable.Slot, at place: (child: ChildTable.Index, leaf: Rank)?,
    into effects: inout RootEffects
  ) {
    let entry = table.entry(slot)
    let failure = entry.isSuspect ? failure.ofSuspect : failure
    if !table.isUnneeded(slot) { failures.add(failure) }
    guard !dismiss(slot) else { return }
    let wasLost = failure.kind == .lost
    let isLast =
      switch failure.kind {
      case .quarantined: true
      case .lost: table.lossCount(slot) >= Limits.lossesPerPointMax
      default: table.tryCount(slot) > plan.retries
      }
    if !isLast {
      table.beginNextAttempt(slot, wasLost: wasLost)
      if let place {
        table.avoid(slot, child: place.child, leaf: place.leaf)
        elsewhere.append(slot)
      } else {
        waiting.append(slot)
      }
      counts.retried += 1
      return
    }
    let point = effects.append(table.coordinates(slot))
    effects.queue.append(
      .giveUp(entry.learner, point: point, failure, attempts: entry.attempt.rawValue))
    counts.givenUp += 1
    failuresInRow += 1
    answered(slot, entry.learner)
  }

  private mutating func answered(_ slot: PointTable.Slot, _ learner: LearnerIndex) {
    table.remove(slot)
    learners[learner.position].pendingCount -= 1
    // However much a learner is told at once, it is measured once.
    guard !learners[learner.position].isTouched else { return }
    learners[learner.position].isTouched = true
    touched.append(learner)
  }
}

extension Failure {
  /// A point that ends or stops a process of its own, after it was being evaluated when worlds
  /// died, is quarantined; any other failure stays what it is.
  fileprivate var ofSuspect: Failure {
    guard kind == .ended || kind == .timedOut else { return self }
    return Failure(
      .quarantined, "\(text); it was being evaluated when \(Limits.deathsPerPointMax) worlds died")
  }
}
