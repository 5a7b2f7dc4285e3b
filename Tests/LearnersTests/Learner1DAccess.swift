import AdaptiveCore

@testable import Learners

/// Short forms for tests, and what the learner keeps to itself.
extension Learner1D {
  struct Interval: Equatable {
    var left: Double
    var right: Double
    var loss: Double
  }

  struct Proposal: Equatable {
    var points: [Double]
    var improvements: [Double]
  }

  mutating func ask(_ count: Int) -> Proposal {
    var points = PointBuffer(dimension: 1)
    var improvements: [Double] = []
    ask(count, appendingTo: &points, improvements: &improvements)
    return Proposal(points: points.doubles, improvements: improvements)
  }

  mutating func tell(_ x: Double, _ value: [Double]) { tell([x].span, value: value.span) }

  mutating func tell(_ x: Double, _ y: Double) { tell(x, [y]) }

  mutating func tellPending(_ x: Double) { tellPending([x].span) }

  mutating func tellFailed(_ x: Double) { tellFailed([x].span) }

  /// Real intervals from left to right.
  var realIntervals: [Interval] {
    var found: [Interval] = []
    var left = chain.firstEnd
    while left >= 0 {
      let right = chain[left].span
      if chain.isInterval(left, right) {
        found.append(
          Interval(left: chain[left].x, right: chain[right].x, loss: realLoss(rightOf: left)))
      }
      left = right
    }
    return found
  }

  /// Combined intervals from left to right.
  var combinedIntervals: [Interval] {
    var found: [Interval] = []
    var left = chain.first
    while left >= 0, chain[left].next >= 0 {
      let right = chain[left].next
      found.append(Interval(left: chain[left].x, right: chain[right].x, loss: chain[left].loss))
      left = right
    }
    return found
  }
}

/// Whether two losses agree to 1e-12 of their size, or are the same infinity, or both NaN.
func agree(_ a: Double, _ b: Double, tolerance: Double = 1e-12) -> Bool {
  if a == b || (a.isNaN && b.isNaN) { return true }
  return (a - b).magnitude <= tolerance * max(a.magnitude, b.magnitude)
}
