extension Learner1D {
  package mutating func tell(_ point: Span<Double>, value: Span<Double>) {
    precondition(point.count == 1 && value.count == valueCount)
    own()
    let x = point[0] + 0  // -0 and 0 are the same point
    if let slot = pending.remove(x) {
      guard rule.contains(x) else { return keepOutside(x, value) }
      makeKnown(slot, value)
    } else if rule.contains(x) {
      let slot = findOrInsert(x)
      if chain[slot].told < 0 { makeKnown(slot, value) }
    } else {
      keepOutside(x, value)
    }
  }

  package mutating func tellPending(_ point: Span<Double>) {
    precondition(point.count == 1)
    let x = point[0] + 0
    guard pending.slot(of: x) == nil else { return }
    own()
    if rule.contains(x) {
      let count = chain.count
      let slot = findOrInsert(x)
      guard chain.count > count else { return }
      pending.insert(x, slot: slot)
    } else if !outside.contains(x.bitPattern) {
      pending.insert(x, slot: append(x))
    }
  }

  package mutating func tellFailed(_ point: Span<Double>) {
    precondition(point.count == 1)
    let x = point[0] + 0
    own()
    let asked = pending.remove(x)
    guard rule.contains(x) else { return }
    let slot = asked ?? findOrInsert(x)
    guard chain[slot].told == PointChain.Node.pending else { return }
    guard x == rule.lower || x == rule.upper else {
      chain[slot].told = PointChain.Node.failed
      return
    }
    chain[slot].told = PointChain.Node.failedBound
    let (left, right) = chain.makeEnd(slot)
    // The loss of an interval that ends at a failed bound is a matter of its length alone.
    updateLoss(left, slot, before: -1)
    updateLoss(slot, right, before: -1)
  }

  /// Adds a pending point behind `previous` and divides the interval it lies in.
  mutating func insert(_ x: Double, after previous: Int32) -> Int32 {
    let slot = chain.insert(x, after: previous)
    extendQueues()
    index?.insert(x, slot: slot)
    if index != nil { countInsertion() }
    let next = chain[slot].next
    let left = chain[slot].span
    guard left >= 0 else {
      if previous >= 0 { setPiece(previous, slot, loss: .infinity) }
      if next >= 0 { setPiece(slot, next, loss: .infinity) }
      return slot
    }
    let loss = realLoss(rightOf: left)
    let length = chain[chain[left].span].x - chain[left].x
    setPiece(previous, slot, loss: (x - chain[previous].x) * loss / length)
    setPiece(slot, next, loss: (chain[next].x - x) * loss / length)
    return slot
  }

  /// Gives a point of the chain its value.
  private mutating func makeKnown(_ slot: Int32, _ value: Span<Double>) {
    let left = chain[slot].isEnd ? chain.end(before: slot) : chain.makeEnd(slot).left
    chain[slot].told = Int32(losses.count)
    store(value)
    scale.add(value)
    if scale.hasDoubled {
      updateAllLosses()
    } else {
      updateLosses(around: slot, left: left)
    }
  }

  /// Gives a known point of the domain another value, such as a mean that has become better known.
  ///
  /// - Parameter seen: a value that the range is to hold.
  mutating func change(_ slot: Int32, to value: Double, seen: Double) {
    precondition(valueCount == 1 && chain[slot].told >= 0)
    own()
    values[Int(chain[slot].told)] = value
    let seen: InlineArray<1, Double> = [seen]
    scale.add(seen.span)
    if scale.hasDoubled {
      updateAllLosses()
    } else {
      updateLosses(around: slot, left: chain.end(before: slot))
    }
  }

  mutating func keepOutside(_ x: Double, _ value: Span<Double>) {
    if outside.insert(x.bitPattern).inserted { store(value) }
  }

  mutating func store(_ value: Span<Double>) {
    losses.append(.infinity)
    for index in value.indices { values.append(value[index]) }
  }

  /// The slot of a point inside the domain, which becomes pending if nobody knew it.
  private mutating func findOrInsert(_ x: Double) -> Int32 {
    if index == nil { index = PointIndex(chain) }
    insertionsSinceSearch = 0
    let slot = index?.slot(atOrBefore: x) ?? -1
    if slot >= 0, chain[slot].x == x { return slot }
    return insert(x, after: slot)
  }

  /// Adds a point outside the domain.
  mutating func append(_ x: Double) -> Int32 {
    let slot = chain.append(x)
    if !isReplaying { extendQueues() }
    return slot
  }

  mutating func extendQueues() {
    real.extend(to: chain)
    combined.extend(to: chain)
  }

  /// Drops the index once the learner's own points are so many that building it again costs no
  /// more.
  private mutating func countInsertion() {
    insertionsSinceSearch += 1
    if insertionsSinceSearch > chain.count / 2 { index = nil }
  }
}
