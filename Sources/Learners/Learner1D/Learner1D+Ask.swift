package import AdaptiveCore
internal import HeapModule

/// An interval that an ask cuts into equal parts.
private struct Cut: Comparable {
  /// Of one part.
  var priority: Double
  /// Of one part.
  var loss: Double
  var left: Double
  var right: Double
  var parts: Int
  /// The point at `left`; -1 for the gap between a missing lower bound and the first point.
  var slot: Int32

  static func < (a: Self, b: Self) -> Bool {
    if a.priority != b.priority { return a.priority < b.priority }
    return a.left > b.left
  }
}

extension Learner1D {
  package mutating func ask(
    _ count: Int, appendingTo points: inout PointBuffer, improvements: inout [Double]
  ) {
    own()
    let goal = points.count + count
    while points.count < goal {
      let before = points.count
      if goal - before == 1, !isLowerMissing, !isUpperMissing {
        askOne(&points, &improvements)
      } else if chain.first < 0, goal - before > 2 {
        askEquidistant(goal - before, &points, &improvements)
      } else {
        askMany(goal - before, &points, &improvements)
      }
      // An interval may hold fewer doubles than the parts it was to be cut into: then others are
      // asked for the rest, until none can be cut.
      if points.count == before { return }
    }
  }

  /// Cuts the first interval in two.
  private mutating func askOne(_ points: inout PointBuffer, _ improvements: inout [Double]) {
    guard let first = combined.top else { return }
    let left = chain[first.slot]
    let x = left.x + (chain[left.next].x - left.x) / 2
    propose(x, after: first.slot, improvement: left.loss / 2, &points, &improvements)
  }

  /// The first points of all: the bounds and what divides the domain into equal parts between them.
  private mutating func askEquidistant(
    _ count: Int, _ points: inout PointBuffer, _ improvements: inout [Double]
  ) {
    let step = rule.width / Double(count - 1)
    for index in 0..<count {
      let x = index == count - 1 ? rule.upper : Double(index) * step + rule.lower
      let last = chain.last
      guard last < 0 || chain[last].x < x, index == count - 1 || x < rule.upper else { continue }
      _ = propose(x + 0, after: last, improvement: .infinity, &points, &improvements)
    }
  }

  /// The missing bounds, then the points that make the largest loss of a part as small as possible:
  /// each further point goes where the loss of a part is largest by then.
  private mutating func askMany(
    _ count: Int, _ points: inout PointBuffer, _ improvements: inout [Double]
  ) {
    let isEmpty = chain.first < 0
    let gaps = missingBoundGaps()
    let bounds = (isLowerMissing ? [rule.lower] : []) + (isUpperMissing ? [rule.upper] : [])
    let cuts = bounds.count < count && !isEmpty ? chooseCuts(count - bounds.count, gaps) : []
    for bound in bounds.prefix(count) {
      let previous = bound == rule.lower ? -1 : chain.last
      _ = propose(bound, after: previous, improvement: .infinity, &points, &improvements)
    }
    for cut in cuts {
      var previous = cut.slot < 0 ? chain.first : cut.slot
      let step = (cut.right - cut.left) / Double(cut.parts)
      for index in 1..<cut.parts {
        let x = cut.left + step * Double(index) + 0
        guard chain[previous].x < x, x < cut.right else { continue }
        previous = propose(x, after: previous, improvement: cut.loss, &points, &improvements)
      }
    }
  }

  /// The stretches between missing bounds and the nearest points.
  private func missingBoundGaps() -> [Cut] {
    guard chain.first >= 0 else { return [] }
    var gaps: [Cut] = []
    func add(_ left: Double, _ right: Double, _ slot: Int32) {
      gaps.append(
        Cut(
          priority: rule.priority(.infinity, length: right - left), loss: .infinity, left: left,
          right: right, parts: 1, slot: slot))
    }
    if isLowerMissing { add(rule.lower, chain[chain.first].x, -1) }
    if isUpperMissing { add(chain[chain.last].x, rule.upper, chain.last) }
    return gaps
  }

  /// Spends `count` points one by one: on a new interval, or on one more part of an interval that
  /// is being cut already. New intervals leave their queue.
  ///
  /// - Returns: the cuts, those with the largest priority of a part first.
  private mutating func chooseCuts(_ count: Int, _ gaps: [Cut]) -> [Cut] {
    var cuts = Heap(gaps)
    for _ in 0..<count {
      let next = combined.top
      if let next, isBefore(next, cuts.max) {
        combined.remove(next.slot, in: chain)
        let left = chain[next.slot]
        let right = chain[left.next].x
        cuts.insert(cut(next.slot, left.x, right, parts: 2, loss: left.loss / 2))
      } else if let last = cuts.max {
        let parts = last.parts + 1
        let loss = last.loss * Double(last.parts) / Double(parts)
        cuts.replaceMax(with: cut(last.slot, last.left, last.right, parts: parts, loss: loss))
      } else {
        break
      }
    }
    return cuts.unordered.sorted(by: >)
  }

  private func cut(
    _ slot: Int32, _ left: Double, _ right: Double, parts: Int, loss: Double
  ) -> Cut {
    Cut(
      priority: rule.priority(loss, length: right - left, parts: parts), loss: loss, left: left,
      right: right, parts: parts, slot: slot)
  }

  /// Whether a new interval is cut rather than one that is being cut already: among equals, the
  /// rightmost.
  private func isBefore(_ interval: LossQueue.Entry, _ cut: Cut?) -> Bool {
    guard let cut else { return true }
    if interval.priority != cut.priority { return interval.priority > cut.priority }
    return chain[interval.slot].x >= cut.left
  }

  /// Makes a new point pending and hands it out.
  @discardableResult
  private mutating func propose(
    _ x: Double, after previous: Int32, improvement: Double, _ points: inout PointBuffer,
    _ improvements: inout [Double]
  ) -> Int32 {
    let slot = insert(x, after: previous)
    pending.insert(x, slot: slot)
    points.append(x)
    improvements.append(improvement)
    return slot
  }
}
