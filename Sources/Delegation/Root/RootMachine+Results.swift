import AdaptiveCore

extension RootMachine {
  /// Matches every answer to its point: a value is told once, a failure tried again or given up,
  /// and an answer that nobody waits for is counted and dropped.
  mutating func take(
    _ batch: ResultBatch, from rank: Rank, _ upward: Upward, at now: Instant,
    into effects: inout RootEffects
  ) {
    children.answered(children.index(of: rank), count: batch.count, upward, at: now)
    var value = 0
    var failure = 0
    for entry in batch.entries {
      let slot = table.slot(of: entry.id, attempt: entry.attempt)
      if entry.isFailure {
        if let slot { take(batch.failures[failure], slot, into: &effects) }
        failure += 1
      } else {
        let end = value + Int(entry.valueCount)
        if let slot { tell(batch.values[value..<end], slot, entry, into: &effects) }
        value = end
      }
      if slot == nil { counts.dropped += 1 }
    }
    unmeasuredCount += touched.count
    for learner in touched { effects.queue.append(.measure(learner)) }
    touched.removeAll(keepingCapacity: true)
    if failuresInRow >= plan.failuresInRowMax {
      beginDraining(.functionFailsEverywhere, at: now, into: &effects)
    }
  }

  private mutating func tell(
    _ value: ArraySlice<Double>, _ slot: PointTable.Slot, _ entry: ResultBatch.Entry,
    into effects: inout RootEffects
  ) {
    let learner = table.entry(slot).learner
    let told = RootEffect.Told(
      point: effects.append(table.coordinates(slot)), value: effects.append(value),
      seconds: entry.seconds, leaf: entry.leaf)
    effects.queue.append(.tell(learner, told))
    counts.told += 1
    failuresInRow = 0
    answered(slot, learner)
  }

  private mutating func take(
    _ failure: Failure, _ slot: PointTable.Slot, into effects: inout RootEffects
  ) {
    let entry = table.entry(slot)
    if Int(entry.attempt.rawValue) <= plan.retries {
      table.beginNextAttempt(slot)
      waiting.append(slot)
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
