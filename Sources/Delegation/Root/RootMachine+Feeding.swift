import AdaptiveCore

extension RootMachine {
  /// Ends the campaign if all is known, else hands out points, once every learner that was told
  /// something has been measured: a goal must be seen before the next point is asked.
  mutating func goOn(at now: Instant, into effects: inout RootEffects) {
    guard case .feeding = state, unmeasuredCount == 0 else { return }
    if unfinishedLearnerCount == 0 {
      end(.goalReached, at: now, into: &effects)
    } else {
      feed(at: now, into: &effects)
    }
  }

  /// Hands out points until the children are full or the learners dry.
  mutating func feed(at now: Instant, into effects: inout RootEffects) {
    guard case .feeding = state, unmeasuredCount == 0, !isAsking else { return }
    isShortOfPoints = false
    distribute(at: now, into: &effects)
    distributeElsewhere(at: now, into: &effects)
    guard children.freeCredit > 0 else { return }
    guard let ask = plan.balancing == .cycle ? askInTurn() : askByStanding() else {
      // Nothing is in flight either: no learner will ever have a point to offer.
      if table.count == table.unneededCount { end(.exhausted, at: now, into: &effects) }
      isShortOfPoints = true
      if plan.isCoordinated { lend(into: &effects) }
      return
    }
    isAsking = true
    effects.queue.append(ask)
  }

  /// Learners take turns, so that each gets its share of the leaves.
  private mutating func askInTurn() -> RootEffect? {
    guard let learner = nextLearnerWithRoom() else { return nil }
    let share = (children.freeCredit + unfinishedLearnerCount - 1) / unfinishedLearnerCount
    askedCount = min(share, learners[learner.position].room, Limits.batchPointsMax)
    return .ask(learner, count: askedCount)
  }

  /// The first learner, until the second comes before it.
  private mutating func askByStanding() -> RootEffect? {
    guard let first = queue.first else { return nil }
    askedCount = min(children.freeCredit, learners[first].room, Limits.batchPointsMax)
    guard let (rival, standing) = queue.second else {
      return .ask(LearnerIndex(first), count: askedCount)
    }
    return .askWhileFirst(
      LearnerIndex(first), count: askedCount, rival: LearnerIndex(rival), standing)
  }

  /// Takes the points that a learner offered: all that it was asked for, or as many as it has;
  /// where learners are compared, fewer too, but one at least if it has any.
  mutating func take(_ points: PointBuffer, of learner: LearnerIndex) {
    invariant(isAsking && points.count <= askedCount, "points were proposed unasked")
    isAsking = false
    learners[learner.position].isDry =
      plan.balancing == .cycle ? points.count < askedCount : points.isEmpty
    learners[learner.position].pendingCount += points.count
    if let supply = learners[learner.position].supply {
      learners[learner.position].supply = max(0, supply - points.count)
    }
    noteRoom(of: learner.position)
    let coordinates = points.doubles.span
    for start in stride(from: 0, to: coordinates.count, by: points.dimension) {
      let point = coordinates.extracting(start..<start + points.dimension)
      waiting.append(table.insert(point, learner: learner))
    }
  }

  private mutating func nextLearnerWithRoom() -> LearnerIndex? {
    for _ in 0..<turns.count {
      let learner = turns.removeFirst()
      if learners[learner.position].isDone { continue }
      turns.append(learner)
      if learners[learner.position].room > 0 { return learner }
    }
    return nil
  }

  /// Points that failed go to another child than they failed at, as long as one takes points.
  private mutating func distributeElsewhere(at now: Instant, into effects: inout RootEffects) {
    for _ in 0..<elsewhere.count {
      guard children.freeCredit > 0 else { return }
      let slot = elsewhere.removeFirst()
      guard let avoided = table.avoidedChild(slot), children.takesPoints(otherThan: avoided) else {
        // There is room, for nothing else waits.
        waiting.append(slot)
        distribute(at: now, into: &effects)
        continue
      }
      guard let child = children.take(avoiding: avoided) else {
        elsewhere.append(slot)
        continue
      }
      assign(slot, to: child, at: now, into: &effects)
    }
  }

  /// Sends one point, for which `child` has room.
  mutating func assign(
    _ slot: PointTable.Slot, to child: ChildTable.Index, at now: Instant,
    into effects: inout RootEffects
  ) {
    table.setHolder(slot, child, at: now)
    let firstEntry = effects.points.count
    let firstCoordinate = effects.points.coordinates.count
    effects.points.append(table.entry(slot), coordinates: table.coordinates(slot))
    effects.queue.append(
      .assign(
        children.rank(of: child), entries: firstEntry..<firstEntry + 1,
        coordinatesFrom: firstCoordinate, children.downward(to: child, at: now)))
  }

  private mutating func distribute(at now: Instant, into effects: inout RootEffects) {
    while !waiting.isEmpty, let (child, count) = children.take(available: waiting.count) {
      let firstEntry = effects.points.count
      let firstCoordinate = effects.points.coordinates.count
      for _ in 0..<count {
        let slot = waiting.removeFirst()
        table.setHolder(slot, child, at: now)
        effects.points.entries.append(table.entry(slot))
        table.appendCoordinates(of: slot, to: &effects.points.coordinates)
      }
      effects.queue.append(
        .assign(
          children.rank(of: child), entries: firstEntry..<effects.points.count,
          coordinatesFrom: firstCoordinate, children.downward(to: child, at: now)))
    }
  }
}
