import AdaptiveCore
import Foundation
import Testing
import _TestSupport

@testable import Learners

/// A function of complex values, as two numbers, times a phase.
private struct Turned {
  let phase: Double
  let function: ([Double]) -> (real: Double, imaginary: Double)

  func callAsFunction(_ point: [Double]) -> [Double] {
    let (x, y) = function(point)
    return [cos(phase) * x - sin(phase) * y, sin(phase) * x + cos(phase) * y]
  }
}

private func peak(_ point: [Double]) -> Double {
  let x = point[0] + 0.3 * (point.count > 1 ? point[1] : 0)
  return x + 0.01 / (0.01 + (x - 0.3) * (x - 0.3))
}

private func spiral(_ point: [Double]) -> (real: Double, imaginary: Double) {
  let x = point[0] + 0.3 * (point.count > 1 ? point[1] : 0)
  return (exp(-x) * cos(9 * x * x), exp(-x) * sin(9 * x * x) + 0.1 * x)
}

@Suite struct ComplexValueTests {
  /// The first points that a learner asks for, in asks of three; and its losses after each.
  private func run(
    _ kind: LearnerKind, count: Int, goal: Double = -1, _ function: ([Double]) -> [Double]
  ) throws -> (points: [[Double]], losses: [Double], learner: CampaignLearner) {
    let valueCount = function([Double](repeating: 0, count: kind.dimension)).count
    var learner = try CampaignLearner(
      LearnerDefinition(name: "a", kind: kind, valueCount: valueCount))
    var points: [[Double]] = []
    var losses: [Double] = []
    while points.count < count, losses.last ?? .infinity > goal {
      var asked = PointBuffer(dimension: kind.dimension)
      var improvements: [Double] = []
      learner.ask(3, appendingTo: &asked, improvements: &improvements)
      guard !asked.isEmpty else { break }
      for index in 0..<asked.count {
        let point = Array(asked[index])
        points.append(point)
        let value = function(point)
        learner.tell(point.span, value: value.span)
        losses.append(learner.loss(includingPending: false))
      }
    }
    return (points, losses, learner)
  }

  private func expectAlike(
    _ a: (points: [[Double]], losses: [Double], learner: CampaignLearner),
    _ b: (points: [[Double]], losses: [Double], learner: CampaignLearner), _ text: String,
    share: Double = 1e-9
  ) {
    #expect(a.points == b.points, "\(text)")
    for (mine, other) in zip(a.losses, b.losses) {
      #expect(mine == other || abs(mine - other) <= share * abs(mine), "\(text)")
    }
  }

  private static let losses: [Loss1D] = [
    .distance, .uniform, .absMinLog, .resolution(min: 0.001, max: 0.2),
    .curvature(area: 1, euclid: 0.02, horizontal: 0.02),
  ]

  private func kind1D(_ loss: Loss1D, isComplex: Bool = true) throws -> LearnerKind {
    .oneDimensional(
      try Learner1DSettings(lower: -1, upper: 1, loss: loss, isComplex: isComplex))
  }

  /// Values on a line of the complex plane are a real function's.
  @Test(arguments: losses) func aLineIsARealFunction(loss: Loss1D) throws {
    let real = try run(kind1D(loss, isComplex: false), count: 150) { [peak($0)] }
    let line = Turned(phase: 0) { (peak($0), 0) }
    let share = loss.neighborCount > 0 ? 1e-5 : 1e-12
    expectAlike(real, try run(kind1D(loss), count: 150) { line($0) }, "\(loss)", share: share)
  }

  @Test(arguments: losses) func aPhaseChangesNothing(loss: Loss1D) throws {
    let plain = Turned(phase: 0, function: spiral)
    let expected = try run(kind1D(loss), count: 200) { plain($0) }
    let share = loss.neighborCount > 0 ? 1e-5 : 1e-9
    for phase in [0.3, 1.9, -2.7] {
      let turned = Turned(phase: phase, function: spiral)
      expectAlike(
        expected, try run(kind1D(loss), count: 200) { turned($0) }, "\(loss), \(phase)",
        share: share)
    }
    // As two numbers without a connection, a phase does change the points.
    let separate = try run(kind1D(.distance, isComplex: false), count: 200) { plain($0) }
    let turned = Turned(phase: 0.7, function: spiral)
    let others = try run(kind1D(.distance, isComplex: false), count: 200) { turned($0) }
    #expect(separate.points != others.points)
  }

  @Test(arguments: [LossND.volume, .std, .uniform]) func severalVariables(loss: LossND) throws {
    let domain = LearnerNDSettings.Domain.box([-1, 1, 0, 1])
    func kind(_ isComplex: Bool) throws -> LearnerKind {
      .simplicial(try LearnerNDSettings(domain: domain, loss: loss, isComplex: isComplex))
    }
    let real = try run(kind(false), count: 120) { [peak($0)] }
    let line = Turned(phase: 0) { (peak($0), 0) }
    expectAlike(real, try run(kind(true), count: 120) { line($0) }, "\(loss)", share: 1e-6)
    let plain = Turned(phase: 0, function: spiral)
    let turned = Turned(phase: 0.8, function: spiral)
    expectAlike(
      try run(kind(true), count: 150) { plain($0) }, try run(kind(true), count: 150) { turned($0) },
      "\(loss)")
  }

  @Test(arguments: [
    Loss2D.deviation, .uniform, .surface, .resolution(min: 0.01, max: 0.3),
    .thresholded(lower: 1.5, upper: 2.4, factor: 0.1),
  ]) func twoVariables(loss: Loss2D) throws {
    func kind(_ isComplex: Bool) throws -> LearnerKind {
      .twoDimensional(
        try Learner2DSettings(bounds: [-1, 1, 0, 1], loss: loss, isComplex: isComplex))
    }
    // Above 0, where a number is its modulus, for the thresholds.
    let real = try run(kind(false), count: 120) { [peak($0) + 2] }
    let line = Turned(phase: 0) { (peak($0) + 2, 0) }
    expectAlike(real, try run(kind(true), count: 120) { line($0) }, "\(loss)", share: 1e-12)
    let plain = Turned(phase: 0, function: spiral)
    let expected = try run(kind(true), count: 200) { plain($0) }
    for phase in [0.8, -2.1] {
      let turned = Turned(phase: phase, function: spiral)
      expectAlike(expected, try run(kind(true), count: 200) { turned($0) }, "\(loss), \(phase)")
    }
    guard loss == .deviation else { return }
    // As two numbers without a connection, a phase does change the points.
    let turned = Turned(phase: 0.8, function: spiral)
    let separate = try run(kind(false), count: 200) { plain($0) }
    #expect(try run(kind(false), count: 200) { turned($0) }.points != separate.points)
  }

  @Test func integrals() throws {
    func kind(_ isComplex: Bool) throws -> LearnerKind {
      .integrator(
        try IntegratorSettings(
          lower: 0, upper: 3, relativeTolerance: 1e-8, isComplex: isComplex))
    }
    let real = try run(kind(false), count: 200) { [peak($0)] }
    let line = Turned(phase: 0) { (peak($0), 0) }
    expectAlike(real, try run(kind(true), count: 200) { line($0) }, "line")

    // The integral of exp(iωx) over [0, 3] is (exp(3iω) - 1) / (iω).
    let wave: ([Double]) -> (real: Double, imaginary: Double) = {
      (cos(20 * $0[0]), sin(20 * $0[0]))
    }
    for phase in [0, 1.1, -0.4] {
      let turned = Turned(phase: phase, function: wave)
      let found = try run(kind(true), count: 2000, goal: 1) { turned($0) }
      let estimate = try #require(found.learner.estimate)
      let (x, y) = (sin(60.0) / 20, (1 - cos(60.0)) / 20)
      let exact = (cos(phase) * x - sin(phase) * y, sin(phase) * x + cos(phase) * y)
      #expect(abs(estimate.value - exact.0) < 1e-9, "\(phase)")
      #expect(abs(estimate.imaginary! - exact.1) < 1e-9, "\(phase)")
      #expect(found.losses.last! <= 1)
    }
    // A number without one of its parts is none: the polynomial leaves it out.
    let holed = Turned(phase: 0) { (abs($0[0] - 1.5) < 1e-9 ? .nan : $0[0], 1) }
    let estimate = try run(kind(true), count: 100) { holed($0) }.learner.estimate!
    #expect(abs(estimate.value - 4.5) < 1e-9 && abs(estimate.imaginary! - 3) < 1e-9)
  }

  @Test func means() throws {
    let kind = LearnerKind.average(try AverageSettings(relativeTolerance: 1e-3, isComplex: true))
    let seed = TestSeed()
    var random = seed.generator()
    var values: [[Double]] = []
    let found = try run(kind, count: 999) { _ in
      values.append([3 + .random(in: -1...1, using: &random), .random(in: -2...1, using: &random)])
      return values.last!
    }.learner
    values.removeFirst()  // the one that its length was taken of
    let count = Double(values.count)
    let mean = (0...1).map { part in values.reduce(0) { $0 + $1[part] } / count }
    let squares = values.reduce(0) {
      $0 + ($1[0] - mean[0]) * ($1[0] - mean[0]) + ($1[1] - mean[1]) * ($1[1] - mean[1])
    }
    let error = (squares / (count - 1) / count).squareRoot()
    let estimate = try #require(found.estimate)
    #expect(abs(estimate.value - mean[0]) < 1e-12 && abs(estimate.imaginary! - mean[1]) < 1e-12)
    #expect(abs(estimate.error - error) < 1e-12, "\(seed)")
    #expect(
      abs(found.loss(includingPending: false) - error / hypot(mean[0], mean[1]) / 1e-3) < 1e-9)
  }

  private static func kinds() throws -> [LearnerKind] {
    [
      .oneDimensional(try Learner1DSettings(lower: -1, upper: 1, isComplex: true)),
      .twoDimensional(try Learner2DSettings(bounds: [-1, 1, 0, 1], isComplex: true)),
      .simplicial(try LearnerNDSettings(domain: .box([-1, 1, 0, 1]), isComplex: true)),
      .integrator(
        try IntegratorSettings(lower: -1, upper: 1, relativeTolerance: 1e-9, isComplex: true)),
      .average(try AverageSettings(relativeTolerance: 1e-9, isComplex: true)),
    ]
  }

  /// Settings come back from their fields, and a saved learner goes on as the saved one would.
  @Test(arguments: 0..<5) func savedAndRestored(which: Int) throws {
    let kind = try Self.kinds()[which]
    #expect(try LearnerKind(kind.name, kind.settings.fields) == kind)
    let definition = LearnerDefinition(name: "a", kind: kind, valueCount: 2)
    var learner = try CampaignLearner(definition)
    var results = ResultLog(dimension: kind.dimension, valueCount: 2)
    for round in 0..<60 {
      var asked = PointBuffer(dimension: kind.dimension)
      var improvements: [Double] = []
      learner.ask(3, appendingTo: &asked, improvements: &improvements)
      let record = LearnerRecord(
        results: results, failed: PointBuffer(dimension: kind.dimension),
        pending: learner.pendingPoints(), snapshot: learner.snapshot())
      if round % 20 == 19 { learner = try CampaignLearner(definition, record) }
      let pending = learner.pendingPoints()
      for index in 0..<min(2, pending.count) {
        let point = Array(pending[index])
        let (x, y) = spiral(point)
        learner.tell(point.span, value: [x, y].span)
        results.append(point: point.span, value: [x, y].span, seconds: 0, leaf: Rank(0))
      }
      let twin = try CampaignLearner(
        definition,
        LearnerRecord(
          results: results, failed: PointBuffer(dimension: kind.dimension),
          pending: learner.pendingPoints(), snapshot: learner.snapshot()))
      #expect(
        twin.loss(includingPending: true).bitPattern
          == learner.loss(includingPending: true).bitPattern, "\(kind.name), \(round)")
      #expect(twin.nextImprovement.bitPattern == learner.nextImprovement.bitPattern)
    }
  }

  @Test func complexValuesAreTwoNumbersEach() throws {
    for kind in try Self.kinds() {
      #expect(throws: LearnerError.self) {
        try CampaignLearner(LearnerDefinition(name: "a", kind: kind, valueCount: 1))
      }
    }
  }
}
