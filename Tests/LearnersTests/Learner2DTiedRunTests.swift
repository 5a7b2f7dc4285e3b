import AdaptiveCore
import Geometry
import Testing

@testable import Learners

/// Runs of Python adaptive's Learner2D that begin with the corners of a rectangle. These lie on one
/// circle, and so do many of the points that follow; losses are equal: which diagonal and which
/// triangle is taken, the order of Qhull's output decides. What is the same all the same, and how
/// far the rest is apart.
///
/// The file `learner2d_images` has the losses of adaptive itself for the mirror images of the
/// functions, where nothing but that order is another one.
@Suite struct Learner2DTiedRunTests {
  /// Of one recorded run.
  struct Run: Sendable, CustomTestStringConvertible {
    var id: String
    var width: Double
    /// How many points are asked for in adaptive's order.
    var sameCount: Int
    /// At most so many steps have a loss above 1.02 × adaptive's, and none by a larger factor.
    var images: Excess
    var compatible: Excess
    var mended: Excess

    var testDescription: String { "\(id), width \(width)" }
  }

  struct Excess: Sendable {
    var steps: Int
    var most: Double

    init(_ steps: Int, _ most: Double) { (self.steps, self.most) = (steps, most) }

    init(_ losses: [Double], _ others: [Double]) {
      let ratios = zip(losses, others).filter { $0.isFinite && $1.isFinite }.map { $0 / $1 }
      self.init(ratios.count { $0 > 1.02 }, ratios.max() ?? .infinity)
    }
  }

  static let runs = [
    Run(
      id: "l2d/ring/default", width: 2, sameCount: 13, images: Excess(138, 11.67),
      compatible: Excess(73, 9.5), mended: Excess(161, 7.32)),
    Run(
      id: "l2d/tilted/default", width: 2, sameCount: 13, images: Excess(105, 2.17),
      compatible: Excess(68, 1.75), mended: Excess(14, 1.49)),
    Run(
      id: "l2d/tilted/default", width: 10, sameCount: 19, images: Excess(46, 1.35),
      compatible: Excess(41, 1.57), mended: Excess(13, 1.17)),
    Run(
      id: "l2d/ring/uniform", width: 2, sameCount: 7, images: Excess(0, 1.01),
      compatible: Excess(44, 1.11), mended: Excess(52, 1.3)),
    Run(
      id: "l2d/ring/triangle_surface", width: 2, sameCount: 7, images: Excess(61, 3.27),
      compatible: Excess(60, 3.27), mended: Excess(87, 2.35)),
    Run(
      id: "l2d/ring/resolution_0.02_0.2", width: 2, sameCount: 7, images: Excess(34, 3.06),
      compatible: Excess(105, 6.89), mended: Excess(76, 6.55)),
  ]

  private func find(_ run: Run, _ file: String, _ key: String) throws -> Reference {
    try #require(
      Reference.files().filter { $0.name == file }.flatMap { $0.content[key]?.array ?? [] }
        .first { item in
          let bounds = item["bounds"]?[0].doubles ?? []
          return item["id"]?.text == run.id && bounds[1] - bounds[0] == run.width
        })
  }

  private func learner(_ item: Reference, isCompatible: Bool = true) throws -> Learner2D {
    let name = try #require(item["loss"]).text
    return try Learner2D(
      Learner2DSettings(
        bounds: try #require(item["bounds"]).array.flatMap(\.doubles),
        loss: try #require(Loss2D(referenceName: name)), isCompatible: isCompatible),
      valueCount: 1)
  }

  /// The points in adaptive's order, until one is another because of a tie.
  @Test(arguments: runs) func beginning(run: Run) throws {
    let item = try find(run, "learner2d_sequential.json", "cases")
    let points = try #require(item["points"]).array.map(\.doubles)
    let values = try #require(item["values"]).doubles
    var learner = try learner(item)
    var same = 0
    while same < points.count {
      let found = learner.proposals(1)
      guard isNear(found.points[0], points[same]) else { break }
      learner.tell(found.points[0], [values[same]])
      same += 1
    }
    #expect(same >= run.sameCount)
  }

  /// Qhull's triangulations of known points are ours, but where four points lie on one circle.
  /// Where they are the same, so are losses.
  @Test(arguments: runs) func firstTriangulations(run: Run) throws {
    let item = try find(run, "learner2d_sequential.json", "cases")
    let fills = try #require(item["first_fills"]).array
    #expect(fills.count == 6)
    let loss = try #require(Loss2D(referenceName: item["loss"]?.text ?? ""))
    for fill in fills {
      // Scaled points lie in the square around 0.
      let domain = Domain2D([-0.5, 0.5, -0.5, 0.5], aspectRatio: 1)
      let points = try #require(fill["scaled_points"]).array.map(\.doubles)
      let values = try #require(fill["values"]).array.map(\.doubles)
      var mesh = Mesh2D(
        loss: loss, valueCount: 1, isComplex: false, scale: domain.scale, isIncremental: false)
      for (point, value) in zip(points, values) {
        _ = mesh.addVertex(domain.place(point.span), value.span)
      }
      mesh.begin()
      mesh.recompute(Array(0..<Int32(points.count)))
      var mine: [[Int]: Double] = [:]
      for triangle in 0..<Int32(mesh.losses.count) where mesh.triangulation.isFinite(triangle) {
        let corners = mesh.corners(triangle)
        mine[[Int(corners[0]), Int(corners[1]), Int(corners[2])]] = mesh.losses[Int(triangle)]
      }
      let theirs = try #require(fill["simplices"]).array.map { $0.doubles.map { Int($0) }.sorted() }
      let losses = try #require(fill["losses"]).doubles
      #expect(theirs.count == mine.count)
      let others = Set(theirs).symmetricDifference(mine.keys)
      for corners in others {
        #expect(hasFourOnItsCircle(corners, points), "\(points.count) points, \(corners)")
      }
      guard others.isEmpty else { continue }
      for (corners, loss) in zip(theirs, losses) {
        let mine = try #require(mine[corners])
        #expect(agree(mine, loss, tolerance: 1e-9), "\(corners)")
      }
    }
  }

  /// Whether a fourth point lies on a triangle's circle, and none within.
  private func hasFourOnItsCircle(_ corners: [Int], _ points: [[Double]]) -> Bool {
    let (a, b, c) = (points[corners[0]], points[corners[1]], points[corners[2]])
    let (bx, by, cx, cy) = (b[0] - a[0], b[1] - a[1], c[0] - a[0], c[1] - a[1])
    let (bb, cc, twice) = (bx * bx + by * by, cx * cx + cy * cy, 2 * (bx * cy - by * cx))
    let (x, y) = ((cy * bb - by * cc) / twice, (bx * cc - cx * bb) / twice)
    let powers = points.indices.filter { !corners.contains($0) }.map { index in
      let (dx, dy) = (points[index][0] - a[0] - x, points[index][1] - a[1] - y)
      return (dx * dx + dy * dy) / (x * x + y * y) - 1
    }
    return abs(powers.min() ?? 1) < 1e-9
  }

  /// How far the loss after each number of points is from adaptive's; and adaptive's from its own
  /// for a mirror image. It is that of one triangle, so that single steps differ by factors where
  /// one tie was decided otherwise.
  @Test(arguments: runs) func lossStepByStep(run: Run) throws {
    let item = try find(run, "learner2d_sequential.json", "cases")
    let images = try #require(find(run, "learner2d_images.json", "images")["losses"]).array
      .map(\.doubles)
    let name = try #require(item["function"]).text
    let function = try #require(referenceFunctionND(name), "unknown function \(name)")
    try #require(images.count == 8)
    let found = images.dropFirst().map { Excess($0, images[0]) }
    #expect(abs((found.map(\.steps).max() ?? 0) - run.images.steps) <= 1)
    #expect((run.images.most - 0.02...run.images.most).contains(found.map(\.most).max() ?? 0))
    for (isCompatible, bound) in [(true, run.compatible), (false, run.mended)] {
      var learner = try learner(item, isCompatible: isCompatible)
      let losses = images[0].map { _ in
        let point = learner.proposals(1).points[0]
        learner.tell(point, function(point))
        return learner.loss(includingPending: false)
      }
      let excess = Excess(losses, images[0])
      #expect(excess.steps <= bound.steps && excess.most <= bound.most, "\(excess)")
    }
  }

  /// Up to twelve points out. The corners come first, then a tie decides: from there on only
  /// what is known can be compared.
  @Test func events() throws {
    let cases = try Reference.files().filter { $0.name == "learner2d_events.json" }
      .flatMap { $0.content["cases"]?.array ?? [] }
    #expect(cases.count == 2)
    for item in cases {
      var learner = try learner(item)
      for (index, event) in try #require(item["events"]).array.enumerated() {
        if event[0].text == "tell" {
          learner.tell(event[1].doubles, event[2].value)
          continue
        }
        let theirs = event[2].array.map(\.doubles)
        // The corners; then the middles of the two first triangles, in either order.
        if index < 2 {
          var copy = learner
          let mine = copy.proposals(event[1].integer)
          #expect(zip(mine.improvements, event[3].doubles).allSatisfy { agree($0, $1) })
          for point in index == 0 ? theirs : Array(theirs.prefix(2)) {
            #expect(mine.points.contains { isNear($0, point) }, "\(point)")
          }
          if index == 0 { #expect(mine.points == theirs) }
        }
        for point in theirs { learner.tellPending(point.span) }
      }
      let loss = try #require(item["loss_real"]).double
      #expect(agree(learner.loss(includingPending: false), loss, tolerance: 1e-8))
    }
  }
}
