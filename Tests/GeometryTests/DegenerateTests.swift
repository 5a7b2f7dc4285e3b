import Geometry
import Testing
import _TestSupport

/// Every family, seed after seed, is triangulated in an order of its own and checked by exact
/// arithmetic that shares nothing with the filters.
@Suite struct DegenerateTests {
  private static let seedCount: UInt64 = 100

  /// Points of a family: fewer where a point has many simplices.
  private static func pointCount(_ dimension: Int) -> Int { [0, 0, 24, 16, 11, 9][dimension] }

  @Test(arguments: DegenerateFamily.all, 2...5)
  func everyFacetIsDelaunay(family: DegenerateFamily, dimension: Int) {
    let first = TestSeed().value
    for seed in first..<first + Self.seedCount {
      var generator = TestSeed(seed).generator(stream: UInt64(dimension))
      let points = family.points(dimension, Self.pointCount(dimension), &generator)
      let isSound = check(points, dimension, &generator)
      guard isSound else {
        Issue.record("\(family) in \(dimension) dimensions, \(TestSeed(seed))")
        return
      }
    }
  }

  /// Whether two orders of insertion give one sound triangulation that fills the hull.
  private func check(
    _ points: [[Double]], _ dimension: Int, _ generator: inout SeededGenerator
  ) -> Bool {
    var distinct = Set<[Double]>()
    let expected = points.filter { distinct.insert($0).inserted }
    guard var one = PointByPoint(points, dimension) else {
      // Flat as a whole: so must the points be in any order.
      return PointByPoint(points.reversed(), dimension) == nil
    }
    guard var other = PointByPoint(points.shuffled(using: &generator), dimension) else {
      return false
    }
    let faults = one.triangulation.faults()
    #expect(faults.isEmpty)
    let otherFaults = other.triangulation.faults()
    #expect(otherFaults.isEmpty)
    #expect(one.vertexCount == expected.count, "a point was refused that is no duplicate")
    let volumes = one.triangulation.volumeResidues()
    #expect(volumes.simplices == volumes.hull)
    let isSame = one.simplices == other.simplices
    #expect(isSame, "the order of insertion changed the triangulation")
    return faults.isEmpty && isSame && volumes.simplices == volumes.hull
      && one.vertexCount == expected.count
  }
}
