/// Losses and their distribution over the intervals.
extension Learner1D {
  /// Comes before changes of points and intervals, as ``OwnedArray/own()`` does.
  @inline(__always)
  mutating func own() {
    chain.own()
    real.own()
    combined.own()
  }

  /// Recomputes the real intervals whose losses depend on a known point.
  ///
  /// - Parameter left: the end to its left; points between the two need not know it yet.
  mutating func updateLosses(around slot: Int32, left: Int32) {
    let neighbors = settings.loss.neighborCount
    guard neighbors > 0 else {
      updateLoss(left, slot, before: -1)
      updateLoss(slot, chain[slot].span, before: left)
      return
    }
    var before = left >= 0 ? chain.end(before: left) : -1
    updateLoss(left, slot, before: before)
    var end = left
    for _ in 0..<neighbors where before >= 0 {
      let right = end
      end = before
      before = chain.end(before: end)
      updateLoss(end, right, before: before)
    }
    before = left
    end = slot
    for _ in 0...neighbors where end >= 0 {
      let right = chain[end].span
      updateLoss(end, right, before: before)
      before = end
      end = right
    }
  }

  /// Recomputes one real interval and shares its loss out.
  ///
  /// - Parameter before: the end to its left, or -1.
  mutating func updateLoss(_ left: Int32, _ right: Int32, before: Int32) {
    guard chain.isInterval(left, right) else { return }
    let loss = computeLoss(left, right, before: before)
    if chain[left].told >= 0 { losses[Int(chain[left].told)] = loss }
    distribute(loss, from: left, to: right)
  }

  /// Recomputes all real intervals with the scale of now.
  mutating func updateAllLosses() {
    var before: Int32 = -1
    var left = chain.firstEnd
    while left >= 0 {
      let right = chain[left].span
      if chain[left].told >= 0, right >= 0 {
        losses[Int(chain[left].told)] = computeLoss(left, right, before: before)
      }
      before = left
      left = right
    }
    scale.rangeOfLosses = scale.range
    shareOutAll()
  }

  /// Shares out all stored losses, and fills the queues anew.
  mutating func shareOutAll() {
    real.removeAll()
    combined.removeAll()
    var left = chain.first
    while left >= 0 {
      let end = chain[left].span
      if chain[left].isEnd, chain.isInterval(left, end) {
        distribute(realLoss(rightOf: left), from: left, to: end)
        left = end
      } else {
        let next = chain[left].next
        if next >= 0 { setPiece(left, next, loss: .infinity) }
        left = next
      }
    }
  }

  /// Shares the loss of a real interval among the combined intervals inside, and queues them all.
  mutating func distribute(_ loss: Double, from left: Int32, to right: Int32) {
    let length = chain[right].x - chain[left].x
    if !isReplaying { real.set(left, rule.priority(loss, length: length), in: chain) }
    var slot = left
    while slot != right {
      let next = chain[slot].next
      if slot != left { chain[slot].span = left }
      setPiece(slot, next, loss: (chain[next].x - chain[slot].x) * loss / length)
      slot = next
    }
  }

  /// Sets the loss of a combined interval and queues it, unless it is too short to be cut.
  mutating func setPiece(_ left: Int32, _ right: Int32, loss: Double) {
    let start = chain[left].x
    let end = chain[right].x
    chain[left].loss = loss
    if isReplaying { return }
    if rule.canDivide(start, end) {
      combined.set(left, rule.priority(loss, length: end - start), in: chain)
    } else {
      combined.remove(left, in: chain)
    }
  }

  /// The loss of a real interval with the scale of now.
  @inline(__always)
  private func computeLoss(_ left: Int32, _ right: Int32, before: Int32) -> Double {
    let a = chain[left]
    let b = chain[right]
    guard a.told >= 0, b.told >= 0 else { return rule.share(of: b.x - a.x) }
    guard b.x - a.x >= rule.shortest else { return 0 }
    var stencil = LossStencil(
      left: rule.share(of: a.x), right: rule.share(of: b.x),
      leftValue: Int(a.told) * valueCount, rightValue: Int(b.told) * valueCount)
    if settings.loss.neighborCount > 0 {
      if before >= 0, chain[before].told >= 0 {
        stencil.before = rule.share(of: chain[before].x)
        stencil.beforeValue = Int(chain[before].told) * valueCount
      }
      let after = b.span
      if after >= 0, chain[after].told >= 0 {
        stencil.after = rule.share(of: chain[after].x)
        stencil.afterValue = Int(chain[after].told) * valueCount
      }
    }
    if let userLoss {
      let cell = stencil.cell(
        values: values, valueCount: valueCount, scale: scale.divisor,
        neighborCount: settings.loss.neighborCount)
      return UserLoss.taken(userLoss(cell))
    }
    return settings.loss.evaluate(
      stencil, values: values, valueCount: valueCount, isComplex: settings.isComplex,
      scale: scale.divisor)
  }
}
