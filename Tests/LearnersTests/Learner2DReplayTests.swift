import AdaptiveCore
import Foundation
import Geometry
import Testing

@testable import Learners

/// Replays what Python adaptive's Learner2D did, by adaptive's own rules.
///
/// The files `learner2d_generic` begin with random points beside the corners, so that no four lie
/// on one circle and no losses are equal: then nothing depends on the order of Qhull's output.
@Suite struct Learner2DReplayTests {
  private func settings(
    for item: Reference, isCompatible: Bool = true, stackCount: Int? = nil
  ) throws -> Learner2DSettings {
    let name = try #require(item["loss"]).text
    return try Learner2DSettings(
      bounds: try #require(item["bounds"]).array.flatMap(\.doubles),
      loss: try #require(Loss2D(referenceName: name), "unknown loss \(name)"),
      aspectRatio: item["aspect_ratio"]?.double ?? 1,
      stackCount: isCompatible ? item["stack"]?.integer : nil, isCompatible: isCompatible)
  }

  private func items(_ file: String, _ key: String) throws -> [Reference] {
    try Reference.files().filter { $0.name.hasPrefix(file) }
      .flatMap { $0.content[key]?.array ?? [] }
  }

  /// A learner that was told what the recorded one was told first.
  private func begun(
    _ item: Reference, isCompatible: Bool = true
  ) throws -> Learner2D {
    let told = zip(item["told"]?.array ?? [], item["told_values"]?.array ?? [])
    let valueCount = item["told_values"]?[0].value.count ?? 1
    var learner = try Learner2D(
      settings(for: item, isCompatible: isCompatible), valueCount: valueCount)
    for (point, value) in told { learner.tell(point.doubles, value.value) }
    return learner
  }

  private func name(_ item: Reference) -> String {
    "\(item["function"]?.text ?? "") \(item["loss"]?.text ?? "") "
      + "\(item["aspect_ratio"]?.double ?? 1) \(item["bounds"]?.array.flatMap(\.doubles) ?? [])"
  }

  @Test func sequences() throws {
    let cases = try items("learner2d_generic", "cases")
    #expect(cases.count >= 11)
    for item in cases {
      let points = try #require(item["points"]).array.map(\.doubles)
      let values = try #require(item["values"]).array.map(\.value)
      let improvements = try #require(item["loss_improvements"]).doubles
      var learner = try begun(item)
      var losses: [Int: Double] = [:]
      for entry in item["loss_after"]?.array ?? [] { losses[entry[0].integer] = entry[1].double }
      for (index, point) in points.enumerated() {
        let found = learner.proposals(1)
        guard isNear(found.points[0], point) else {
          Issue.record(
            "\(name(item)), point \(index): \(found), expected \(point) \(improvements[index])")
          break
        }
        #expect(
          agree(found.improvements[0], improvements[index], tolerance: 1e-9),
          "\(name(item)), point \(index)")
        learner.tell(found.points[0], values[index])
        if let loss = losses[index + 1] {
          let mine = learner.loss(includingPending: false)
          #expect(
            agree(mine, loss, tolerance: 1e-9), "\(name(item)), loss after \(index + 1)")
        }
      }
    }
  }

  /// Several points asked at once, told late and in any order.
  @Test func events() throws {
    let cases = try items("learner2d_generic", "events")
    #expect(cases.count >= 3)
    for item in cases {
      var learner = try begun(item)
      // Adaptive's points by ours: they agree but for rounding.
      var asked: [([Double], [Double])] = []
      for (index, event) in try #require(item["events"]).array.enumerated() {
        if event[0].text == "ask" {
          let theirs = event[2].array.map(\.doubles)
          let found = learner.proposals(event[1].integer)
          for (mine, point) in zip(found.points, theirs) {
            try #require(
              isNear(mine, point), "\(name(item)), event \(index): \(mine) \(point)")
            asked.append((point, mine))
          }
          for (mine, improvement) in zip(found.improvements, event[3].doubles) {
            // Pending points come in the order of a Python set there, which shows in gradients.
            #expect(agree(mine, improvement, tolerance: 1e-5), "\(name(item)), event \(index)")
          }
        } else {
          let point = event[1].doubles
          learner.tell(asked.first { $0.0 == point }?.1 ?? point, event[2].value)
        }
      }
      #expect(
        agree(
          learner.loss(includingPending: false), try #require(item["loss_real"]).double,
          tolerance: 1e-9), "\(name(item))")
      #expect(
        agree(
          learner.loss(includingPending: true), try #require(item["loss_all"]).double,
          tolerance: 1e-5), "\(name(item))")
    }
  }

  /// Where four points lie on one circle, or losses are equal, Qhull's order decides in adaptive.
  /// Most of its stacks hold the points that ours does all the same, in whatever order.
  @Test func stacksWithTies() throws {
    var (stackCount, sameCount) = (0, 0)
    for item in try items("learner2d_sequential", "cases") {
      let points = try #require(item["points"]).array.map(\.doubles)
      let values = try #require(item["values"]).array.map(\.value)
      var learner = try begun(item)
      for index in 0..<4 { learner.tell(points[index], values[index]) }
      // There are no more than 2 triangles at first, and 6 then.
      var index = 4
      while index < points.count {
        let count = index == 4 ? 2 : index == 6 ? 6 : min(10, points.count - index)
        var copy = learner
        let mine = (0..<count).flatMap { _ in copy.proposals(1).points }
        let theirs = points[index..<index + count]
        stackCount += 1
        if mine.allSatisfy({ a in theirs.contains { isNear(a, $0) } }) { sameCount += 1 }
        for place in index..<index + count { learner.tell(points[place], values[place]) }
        index += count
      }
    }
    #expect(stackCount == 123)
    #expect(sameCount >= 104, "\(sameCount)")
  }

  /// Gradients are scipy's, losses adaptive's, on any points; followed ones within the tolerance.
  @Test func gradientsAndLosses() throws {
    let meshes = try items("learner2d_generic", "meshes")
    #expect(meshes.count >= 5)
    for item in meshes {
      let points = try #require(item["points"]).array.map(\.doubles)
      let values = try #require(item["values"]).array.map(\.doubles)
      let valueCount = values[0].count
      let losses = try #require(item["losses"])
      for word in [
        "default", "uniform", "triangle_surface", "resolution_0.02_0.2",
        "thresholded_-0.5_0.8_0.1",
      ] {
        guard let theirs = losses[word]?.doubles else { continue }
        let loss = try #require(Loss2D(referenceName: word))
        let domain = Domain2D([-1, 1, -1, 1], aspectRatio: item["aspect_ratio"]?.double ?? 1)
        var mesh = Mesh2D(
          loss: loss, valueCount: valueCount, isComplex: false, scale: domain.scale,
          isIncremental: false)
        for (point, value) in zip(points, values) {
          _ = mesh.addVertex(domain.place(point.span), value.span)
        }
        mesh.begin()
        mesh.recompute(Array(0..<Int32(points.count)))
        var byCorners: [[Int32]: Double] = [:]
        for triangle in 0..<Int32(mesh.losses.count) where mesh.triangulation.isFinite(triangle) {
          let corners = mesh.corners(triangle)
          byCorners[[corners[0], corners[1], corners[2]]] = mesh.losses[Int(triangle)]
        }
        let simplices = try #require(item["simplices"]).array.map {
          $0.array.map { Int32($0.integer) }
        }
        #expect(simplices.count == byCorners.count)
        for (simplex, loss) in zip(simplices, theirs) {
          let mine = try #require(byCorners[simplex.sorted()])
          #expect(agree(mine, loss, tolerance: 1e-10), "\(word) \(simplex)")
        }
        guard loss.needsGradients else { continue }
        let gradients = try #require(item["gradients"]).array.flatMap { $0.array.map(\.doubles) }
        for (place, gradient) in gradients.enumerated() {
          for axis in 0..<2 {
            let mine = mesh.gradients[2 * place + axis] * mesh.factor
            #expect((mine - gradient[axis]).magnitude < 1e-10 * max(1, gradient[axis].magnitude))
          }
        }
      }
    }
  }

  /// With the defects mended, points differ; the loss does not suffer. It goes up and down, as it
  /// is that of the worst triangle: so what counts is its geometric mean over the second half of
  /// the points. Adaptive's points are measured by the same loss.
  @Test func lossWithoutTheDefects() throws {
    let cases =
      try items("learner2d_sequential", "cases") + items("learner2d_generic", "cases")
    for item in cases {
      let name = try #require(item["function"]).text
      let function = try #require(referenceFunctionND(name), "unknown function \(name)")
      let points = try #require(item["points"]).array.map(\.doubles)
      let values = try #require(item["values"]).array.map(\.value)
      var mine = try begun(item, isCompatible: false)
      var theirs = mine
      var (sum, count) = (0.0, 0.0)
      for (index, (point, value)) in zip(points, values).enumerated() {
        theirs.tell(point, value)
        let next = mine.proposals(1).points[0]
        mine.tell(next, function(next))
        let own = mine.loss(includingPending: false)
        let loss = theirs.loss(includingPending: false)
        // A triangle above the size that a resolution allows is gone after the next point.
        guard index >= points.count / 2, own.isFinite, loss.isFinite else { continue }
        sum += log(own / loss)
        count += 1
      }
      #expect(count >= Double(points.count) / 3, "\(self.name(item))")
      #expect(exp(sum / count) <= 1.02, "\(self.name(item)), stack \(item["stack"]?.integer ?? 10)")
    }
  }
}

extension Loss2D {
  /// The loss that a reference file means by a name such as `resolution_0.02_0.2`.
  init?(referenceName name: String) {
    let numbers = name.split(separator: "_").compactMap { Double($0) }
    let word = name.split(separator: "_").filter { Double($0) == nil }.joined(separator: "_")
    switch (word, numbers.count) {
    case ("default", 0): self = .deviation
    case ("uniform", 0): self = .uniform
    case ("triangle_surface", 0): self = .surface
    case ("resolution", 2): self = .resolution(min: numbers[0], max: numbers[1])
    case ("thresholded", 3):
      self = .thresholded(lower: numbers[0], upper: numbers[1], factor: numbers[2])
    default: return nil
    }
  }
}
