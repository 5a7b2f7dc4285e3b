import AdaptiveCore
import Geometry

@testable import Learners

extension Learner {
  /// Asks, with points as arrays.
  mutating func proposals(_ count: Int) -> (points: [[Double]], improvements: [Double]) {
    var points = PointBuffer(dimension: dimension)
    var improvements: [Double] = []
    ask(count, appendingTo: &points, improvements: &improvements)
    return ((0..<points.count).map { Array(points[$0]) }, improvements)
  }

  mutating func tell(_ point: [Double], _ value: [Double]) {
    tell(point.span, value: value.span)
  }
}

extension LearnerND {
  /// Every real simplex, as the sorted numbers of its vertices; without those so flat along the
  /// hull that only rounding makes them.
  var simplices: [[Int32]] {
    var copy = triangulation
    return triangulation.allSimplices().filter { simplex in
      var corners = InlineArray<8, Int32>(repeating: 0)
      for (slot, vertex) in simplex.enumerated() { corners[slot] = vertex }
      return copy.volume(of: corners) > 1e-13
    }
  }

  /// What is wrong with the queues and the books of dividers: nothing, if all is well.
  func disorders() -> [String] {
    var found: [String] = []
    for simplex in 0..<Int32(triangulation.simplexIndexEnd) {
      let isFinite = triangulation.isFinite(simplex)
      let group = groupOf[Int(simplex)]
      if !isFinite, whole.contains(simplex) { found.append("a simplex that is gone is queued") }
      guard isFinite else { continue }
      if group >= 0 {
        if whole.contains(simplex) { found.append("a divided simplex is queued as whole") }
        if groups.simplex(group) != simplex { found.append("group and simplex differ") }
        for slot in groups.members(group) where !dividers.simplices(slot).contains(simplex) {
          found.append("a divider does not know its simplex")
        }
      }
    }
    return found
  }
}

/// Whether two points are the same but for rounding.
func isNear(_ a: [Double], _ b: [Double], _ tolerance: Double = 1e-12) -> Bool {
  a.count == b.count
    && zip(a, b).allSatisfy { ($0 - $1).magnitude <= tolerance * max(1, $1.magnitude) }
}
