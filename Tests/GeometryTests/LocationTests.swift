import Geometry
import Testing
import _TestSupport

@Suite struct LocationTests {
  /// Walks from where the hierarchy leads end in a simplex that holds the point, as barycentric
  /// coordinates say, while points go on being inserted.
  @Test(arguments: 2...4)
  func foreignPointsAreFound(dimension: Int) throws {
    let seed = TestSeed()
    var generator = seed.generator(stream: UInt64(dimension))
    var points = DegenerateFamily.corners(dimension)
    for _ in 0..<[0, 0, 2_000, 600, 150][dimension] {
      points.append(random(dimension, &generator))
    }
    var built = try #require(PointByPoint(points, dimension))
    var last = built.last
    for _ in 0..<200 {
      let point = random(dimension, &generator)
      let vertex = built.triangulation.addVertex(point.span)
      let near = built.triangulation.simplexNear(point.span, in: last)
      let found = built.triangulation.locate(point.span, from: near)
      #expect(!found.isOutside, "\(seed)")
      var vertices: [Int32] = []
      built.triangulation.appendVertices(of: found.simplex, to: &vertices)
      let corners = vertices.flatMap { built.coordinates($0) }
      let inside = SimplexMeasures.barycentric(
        of: point.span, in: corners.span, dimension: dimension)
      let isInside = try #require(inside).allSatisfy { $0 >= -1e-9 }
      #expect(isInside, "\(seed)")
      let outcome = built.triangulation.insert(vertex, near: found.simplex)
      #expect(outcome == .inserted)
      last = built.triangulation.created[0]
    }
    let faults = built.triangulation.faults()
    #expect(faults.isEmpty)
  }

  /// A point beyond the hull leads to a simplex at the hull.
  @Test func pointsOutside() throws {
    var built = try #require(PointByPoint(DegenerateFamily.corners(2), 2))
    let point = [2.0, 0.5]
    let found = built.triangulation.locate(point.span, from: built.last)
    #expect(found.isOutside)
  }

  private func random(_ dimension: Int, _ generator: inout SeededGenerator) -> [Double] {
    (0..<dimension).map { _ in Lattice.nearest(Double.random(in: 0...1, using: &generator)) }
  }
}
