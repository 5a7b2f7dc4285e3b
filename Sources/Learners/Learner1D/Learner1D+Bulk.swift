package import AdaptiveCore

extension Learner1D {
  /// Takes many values at once.
  ///
  /// As in adaptive, more than two points that are more than half as many as the known ones are
  /// sorted in and all losses computed once, with the final scale: O(n log n). Fewer are told one
  /// by one; since the scale then grows on the way, losses may differ.
  ///
  /// - Parameters:
  ///   - points: one coordinate each.
  ///   - values: as many, ``valueCount`` doubles each.
  package mutating func tellMany(_ points: PointBuffer, values newValues: PointBuffer) {
    precondition(points.dimension == 1 && newValues.dimension == valueCount)
    precondition(points.count == newValues.count)
    guard points.count > 2, 2 * points.count > pointCount else {
      let xs = points.doubles.span
      let ys = newValues.doubles.span
      for i in xs.indices {
        tell(
          xs.extracting(i..<i + 1), value: ys.extracting(i * valueCount..<(i + 1) * valueCount))
      }
      return
    }
    own()
    index = nil
    let merge = appendMerging(points.doubles)
    storeResults(newValues.doubles, at: merge.slots[...], of: points.doubles)
    chain.link(merge.order)
    updateAllLosses()
  }

  package mutating func beginReplay() { isReplaying = true }

  /// O(n)
  package mutating func endReplay() {
    isReplaying = false
    own()
    extendQueues()
    shareOutAll()
  }

  /// Adds points in any order without linking them.
  ///
  /// - Returns: the slot of each point, which for repeated and for old points is the first one's;
  ///   and all points inside the domain, old and new, in ascending order. New points are pending.
  mutating func appendMerging(_ points: [Double]) -> (slots: [Int32], order: [Int32]) {
    var sorted: [(x: Double, slot: Int32)] = []
    sorted.reserveCapacity(chain.count + points.count)
    var slot = chain.first
    while slot >= 0 {
      sorted.append((chain[slot].x, slot))
      slot = chain[slot].next
    }
    var slots: [Int32] = []
    slots.reserveCapacity(points.count)
    let firstNew = Int32(chain.count)
    for point in points {
      let x = point + 0
      let slot = append(x)
      slots.append(slot)
      if rule.contains(x) { sorted.append((x, slot)) }
    }
    sorted.sort { ($0.x, $0.slot) < ($1.x, $1.slot) }

    var order: [Int32] = []
    order.reserveCapacity(sorted.count)
    for entry in sorted {
      if let last = order.last, chain[last].x == entry.x {
        // Equal points are sorted by slot: this one is new.
        slots[Int(entry.slot - firstNew)] = last
      } else {
        order.append(entry.slot)
      }
    }
    return (slots, order)
  }

  /// Gives points their values, in the order of telling; known ones are left as they are.
  mutating func storeResults(
    _ newValues: [Double], at slots: ArraySlice<Int32>, of points: [Double]
  ) {
    let all = newValues.span
    for (i, slot) in slots.enumerated() {
      let value = all.extracting(i * valueCount..<(i + 1) * valueCount)
      _ = pending.remove(points[i] + 0)
      if !rule.contains(points[i] + 0) {
        keepOutside(points[i] + 0, value)
      } else if chain[slot].told < 0 {
        chain[slot].told = Int32(losses.count)
        store(value)
        scale.add(value)
      }
    }
  }
}
