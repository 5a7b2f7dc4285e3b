import Foundation
import Geometry
import Testing

/// What Python adaptive's triangulation computes, recorded.
@Suite struct GeometryReferenceTests {
  private struct Reference: Decodable {
    struct Sphere: Decodable {
      var simplex: [[Double]]
      var center: [Double]
      var radius: Double
    }
    struct Inside: Decodable {
      var simplex: [[Double]]
      var point: [Double]
      var inside: Bool
    }
    struct Volume: Decodable {
      var vertices: [[Double]]
      var volume: Double
    }
    struct Corners: Decodable {
      var bounds: [[Double]]
      var vertices: [[Double]]
      var firstSimplices: [[Int32]]
      var allCornerSimplices: [[Int32]]
    }
    var circumsphere: [Sphere]
    var pointInSimplex: [Inside]
    var embeddedVolume: [Volume]
    var cornerTriangulations: [Corners]
  }

  private let reference: Reference

  init() throws {
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("Reference/geometry.json")
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    reference = try decoder.decode(Reference.self, from: Data(contentsOf: file))
  }

  @Test func circumspheres() throws {
    for sphere in reference.circumsphere {
      let corners = sphere.simplex.flatMap { $0 }
      let circumsphere = SimplexMeasures.circumsphere(
        corners.span, dimension: sphere.center.count)
      let found = try #require(circumsphere)
      #expect((found.radius - sphere.radius).magnitude <= 1e-9 * sphere.radius)
      for (ours, theirs) in zip(found.center, sphere.center) {
        #expect((ours - theirs).magnitude <= 1e-9 * sphere.radius)
      }
    }
  }

  @Test func pointsInSimplices() throws {
    for inside in reference.pointInSimplex {
      let corners = inside.simplex.flatMap { $0 }
      let barycentric = SimplexMeasures.barycentric(
        of: inside.point.span, in: corners.span, dimension: inside.point.count)
      let coordinates = try #require(barycentric)
      #expect(coordinates.allSatisfy { $0 >= -1e-8 } == inside.inside)
    }
  }

  @Test func embeddedVolumes() {
    for volume in reference.embeddedVolume {
      let corners = volume.vertices.flatMap { $0 }
      let found = SimplexMeasures.embeddedVolume(
        corners.span, count: volume.vertices.count, dimension: volume.vertices[0].count)
      #expect((found - volume.volume).magnitude <= 1e-10 * volume.volume)
    }
  }

  /// Orders of insertion that reach Qhull's triangulation of the first corners of a box: D + 1
  /// corners, then one by one.
  private static let firstCorners: [(start: [Int32], others: [Int32])] = [
    ([], []), ([], []), ([0, 1, 2], []), ([0, 1, 2, 4], [3]), ([0, 1, 2, 7, 8], [5, 6, 3, 4]),
  ]

  /// The rule of the newest point makes adaptive's triangulation of a box's corners, in which every
  /// diagonal is a tie.
  @Test func cornersWithAdaptivesRuleForTies() throws {
    for corners in reference.cornerTriangulations {
      let dimension = corners.bounds.count
      var triangulation = Triangulation(dimension: dimension, ties: .newest(tolerance: 1e-8))
      for vertex in corners.vertices {
        let scaled = zip(vertex, corners.bounds).map { x, bounds in
          Lattice.nearest((x - bounds[0]) / (bounds[1] - bounds[0]))
        }
        _ = triangulation.addVertex(scaled.span)
      }
      let order = Self.firstCorners[dimension]
      let start = triangulation.start(order.start)
      var last = try #require(start)
      func insert(_ vertex: Int32) {
        let outcome = triangulation.insert(vertex, near: last)
        #expect(outcome == .inserted)
        last = triangulation.created[0]
      }
      for vertex in order.others { insert(vertex) }
      #expect(triangulation.allSimplices() == sorted(corners.firstSimplices))
      let first = order.start + order.others
      for vertex in 0..<Int32(corners.vertices.count) where !first.contains(vertex) {
        insert(vertex)
      }
      #expect(triangulation.allSimplices() == sorted(corners.allCornerSimplices))
    }
  }

  private func sorted(_ simplices: [[Int32]]) -> [[Int32]] {
    simplices.sorted { $0.lexicographicallyPrecedes($1) }
  }
}
