import AdaptiveCore
import Foundation
import Learners
import Testing
import _TestSupport

@testable import CommandLineInterface

@Suite struct LearnerKindReaderTests {
  private func kind(_ text: String) throws -> LearnerKind {
    try read(smallCampaign(learners: "learners: [{name: a, \(text)}]")).learners[0].kind
  }

  @Test func eachKindHasItsKeys() throws {
    #expect(
      try kind("kind: integrator, bounds: [0, 3], relative_tolerance: 1e-6")
        == .integrator(try IntegratorSettings(lower: 0, upper: 3, relativeTolerance: 1e-6)))
    #expect(
      try kind("kind: average, absolute_tolerance: 0.1, min_points: 5")
        == .average(try AverageSettings(absoluteTolerance: 0.1, pointCountMin: 5)))
    #expect(
      try kind("kind: sobol, bounds: [[0, 1], [-1, 1]], scramble: false")
        == .sobol(try SobolSettings(box: [0, 1, -1, 1], isScrambled: false)))
    #expect(
      try kind("kind: average1d, bounds: [0, 1], min_samples: 5, delta: 0.5, loss: uniform")
        == .average1D(
          try Average1DSettings(
            curve: Learner1DSettings(lower: 0, upper: 1, loss: .uniform), delta: 0.5,
            sampleCountMin: 5)))
    #expect(
      try kind("kind: 1d, bounds: [0, 1], outputs: 2, values: complex")
        == .oneDimensional(try Learner1DSettings(lower: 0, upper: 1, isComplex: true)))
    #expect(
      try kind("kind: 2d, bounds: [[0, 1], [-1, 1]], aspect_ratio: 2, stack: 5")
        == .twoDimensional(
          try Learner2DSettings(bounds: [0, 1, -1, 1], aspectRatio: 2, stackCount: 5)))
    #expect(
      try kind("kind: 2d, bounds: [[0, 1], [-1, 1]], compatible: true, loss: triangle_surface")
        == .twoDimensional(
          try Learner2DSettings(
            bounds: [0, 1, -1, 1], loss: .surface, stackCount: 10, isCompatible: true)))
    #expect(
      try kind("kind: 2d, bounds: [[0, 1], [-1, 1]], loss: {thresholded: {upper: 2}}")
        == .twoDimensional(
          try Learner2DSettings(
            bounds: [0, 1, -1, 1],
            loss: .thresholded(lower: -.infinity, upper: 2, factor: 0.1))))
    let square = LearnerNDSettings.Domain.box([0, 1, -1, 1])
    #expect(
      try kind("kind: nd, bounds: [[0, 1], [-1, 1]], loss: std, anisotropic: true")
        == .simplicial(try LearnerNDSettings(domain: square, loss: .std, isAnisotropic: true)))
    let corners = PointBuffer(dimension: 2, doubles: [0, 0, 1, 0, 0, 1])
    #expect(
      try kind("kind: nd, hull: [[0, 0], [1, 0], [0, 1]], loss: {curvature: {exploration: 0.2}}")
        == .simplicial(
          try LearnerNDSettings(domain: .hull(corners), loss: .curvature(exploration: 0.2))))
    #expect(
      try kind(
        "kind: nd, bounds: [[0, 1], [-1, 1]], compatible: true, loss: {resolution: {min: 0.1}}")
        == .simplicial(
          try LearnerNDSettings(
            domain: square, loss: .resolution(min: 0.1, max: 1), isCompatible: true)))
    #expect(
      try kind("kind: levelset, bounds: [[0, 1], [-1, 1]], level: -0.5, exploration: 0.1")
        == .levelSet(try LevelSetSettings(domain: square, level: -0.5, exploration: 0.1)))
    let grid = PointBuffer(dimension: 2, doubles: [0, 5, 0, 6, 1, 5, 1, 6])
    #expect(
      try kind("kind: sequence, grid: [[0, 1], [5, 6]]")
        == .sequence(try SequenceSettings(points: grid)))
    #expect(
      try kind("kind: sequence, points: [[0, 5], [0, 6], [1, 5], [1, 6]]")
        == .sequence(try SequenceSettings(points: grid)))
  }

  @Test(arguments: [
    ("kind: integrator, bounds: [0, 1]", "neither relative_tolerance"),
    ("kind: integrator, bounds: [0, 1], loss: uniform", "the unknown key 'loss'"),
    ("kind: average, absolute_tolerance: -1", "above 0"),
    ("kind: average, absolute_tolerance: 1, outputs: 2", "1 number, not 2"),
    ("kind: average1d, bounds: [0, 1], alpha: 0.6", "below 0.5"),
    ("kind: average1d, bounds: [0, 1], min_samples: 9, max_samples: 8", "no fewer at most"),
    ("kind: average1d, bounds: [0, 1], outputs: 2", "1 number, not 2"),
    ("kind: average, absolute_tolerance: 1, values: complex", "outputs: 2"),
    ("kind: nd, bounds: [[0, 1], [0, 1]], values: complex, outputs: 3", "each is two"),
    ("kind: 1d, bounds: [0, 1], values: imaginary", "real, complex"),
    ("kind: sobol, bounds: [[0, 1], [1, 1]]", "the first below the second"),
    ("kind: 2d, bounds: [0, 1]", "two pairs"),
    ("kind: 2d, bounds: [[0, 1], [1, 0]]", "the first below the second"),
    ("kind: 2d, bounds: [[0, 1], [0, 1]], aspect_ratio: 0", "from 0.0009765625 to 1024"),
    ("kind: 2d, bounds: [[0, 1], [0, 1]], stack: 0", "1"),
    ("kind: 2d, bounds: [[0, 1], [0, 1]], loss: std", "triangle_surface"),
    ("kind: 2d, bounds: [[0, 1], [0, 1]], loss: {thresholded: {}}", "neither lower nor upper"),
    ("kind: nd, bounds: [0, 1]", "2 to 6 pairs"),
    ("kind: nd, bounds: [[0, 1], [1, 0]]", "the first below the second"),
    ("kind: nd, hull: [[0, 0], [1, 1], [2, 2]]", "encloses nothing"),
    ("kind: nd, hull: [[0, 0], [1]]", "points of one length"),
    ("kind: nd, bounds: [[0, 1], [0, 1]], hull: [[0, 0]]", "the keys bounds and hull"),
    ("kind: nd, bounds: [[0, 1], [0, 1]], anisotropic: true, outputs: 2", "it needs one number"),
    ("kind: levelset, bounds: [[0, 1], [0, 1]]", "level"),
    ("kind: levelset, bounds: [[0, 1], [0, 1]], level: 1, exploration: 2", "from 0 to 1"),
    ("kind: sequence", "0 of the keys points, grid and file"),
    ("kind: sequence, points: [[0, 1], [2]]", "points of one length"),
    ("kind: sequence, file: /nowhere.csv", "cannot read /nowhere.csv"),
  ]) func whatIsWrongIsSaid(text: String, part: String) {
    do {
      _ = try kind(text)
      Issue.record("was accepted: \(text)")
    } catch {
      #expect("\(error)".contains(part), "\(error)")
    }
  }

  @Test func filesOfPointsAreRead() throws {
    let folder = try TemporaryDirectory()
    let text = folder.path("points.csv")
    try "x, y # axes\n1, 2.5\n\n-3e1 4\n".write(
      to: URL(fileURLWithPath: text), atomically: true, encoding: .utf8)
    let array = folder.path("points.npy")
    _ = try Python.run(
      "import numpy, sys; numpy.save(sys.argv[1], numpy.array([[1, 2.5], [-30, 4]]))", array)
    for path in [text, array] {
      #expect(
        try kind("kind: sequence, file: '\(path)'")
          == .sequence(
            try SequenceSettings(
              points: PointBuffer(dimension: 2, doubles: [1, 2.5, -30, 4]))))
    }
    try Data([0x93, 78, 85]).write(to: URL(fileURLWithPath: array))
    #expect(throws: EarlyEnd.self) { try kind("kind: sequence, file: '\(array)'") }
  }
}
