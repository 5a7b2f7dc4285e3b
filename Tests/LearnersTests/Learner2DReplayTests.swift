import AdaptiveCore
import Testing

@testable import Learners

/// Replays what Python adaptive's Learner2D did.
@Suite struct Learner2DReplayTests {
  private func settings(
    for item: Reference, isCompatible: Bool
  ) throws -> Learner2DSettings {
    let name = try #require(item["loss"]).text
    return try Learner2DSettings(
      bounds: try #require(item["bounds"]).array.flatMap(\.doubles),
      loss: try #require(Loss2D(referenceName: name), "unknown loss \(name)"),
      isCompatible: isCompatible)
  }

  private func cases(_ start: String) throws -> [Reference] {
    try Reference.files().filter { $0.name.hasPrefix(start) }
      .flatMap { $0.content["cases"]?.array ?? [] }
  }

  @Test func sequences() throws {
    for item in try cases("learner2d_sequential") {
      let place = item["id"]?.text ?? ""
      let points = try #require(item["points"]).array.map(\.doubles)
      let values = try #require(item["values"]).array.map(\.value)
      let improvements = try #require(item["loss_improvements"]).doubles
      var learner = try Learner2D(settings(for: item, isCompatible: true), valueCount: 1)
      var losses: [Int: Double] = [:]
      for entry in item["loss_after"]?.array ?? [] { losses[entry[0].integer] = entry[1].double }
      for (index, point) in points.enumerated() {
        let found = learner.proposals(1)
        let mine = found.points[0]
        if !isNear(mine, point) {
          print(place, index, mine, point, found.improvements[0], improvements[index])
          break
        }
        learner.tell(mine, values[index])
        if let loss = losses[index + 1] {
          print(place, index, learner.loss(includingPending: false), loss)
        }
      }
    }
  }
}

extension Loss2D {
  /// The loss that a reference file means by a name.
  init?(referenceName name: String) {
    switch name {
    case "default": self = .deviation
    case "uniform": self = .uniform
    case "triangle_surface": self = .surface
    case "resolution_0.02_0.2": self = .resolution(min: 0.02, max: 0.2)
    default: return nil
    }
  }
}
