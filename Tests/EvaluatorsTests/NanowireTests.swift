import AdaptiveCore
import Evaluators
import Foundation
import Learners
import NodeRuntime
import Testing

/// The example in examples/nanowire, compiled and loaded as a campaign does it, against what is
/// known of the Majorana wire.
@Suite struct NanowireTests {
  struct Wire {
    var mu: Double
    var delta = 0.5
    var alpha = 1.0
    var mass = 1.0

    var closingField: Double { (delta * delta + mu * mu).squareRoot() }

    var parameters: [(String, Double)] {
      [("mu", mu), ("delta", delta), ("alpha", alpha), ("mass", mass)]
    }

    /// The smallest |E| at momentum k in closed form: the square of H has the eigenvalues
    /// B² + Δ² + ξ² + (αk)² ± 2 sqrt(B² (Δ² + ξ²) + (ξαk)²).
    func lowestEnergy(momentum k: Double, field: Double) -> Double {
      let xi = k * k / (2 * mass) - mu
      let rashba = alpha * k
      let root =
        (field * field * (delta * delta + xi * xi) + xi * xi * rashba * rashba).squareRoot()
      let square = field * field + delta * delta + xi * xi + rashba * rashba - 2 * root
      return max(square, 0).squareRoot()
    }
  }

  @Test(arguments: [0.0, 0.5, 1.0, 2.0, -0.7])
  func theGapClosesWhereTheoryPutsIt(mu: Double) throws {
    let wire = Wire(mu: mu)
    let nearby = [-1e-3, -1e-5, 0, 1e-5, 1e-3]
    let gaps = try gaps(wire, fields: nearby.map { wire.closingField + $0 })
    #expect(gaps[2] < 1e-6)
    // Close by, k = 0 decides alone, and the gap is |B − sqrt(Δ² + μ²)|.
    for (gap, distance) in zip(gaps, nearby) { #expect(abs(gap - abs(distance)) < 1e-12) }
  }

  @Test func theClosingIsSeenInSamplesAlone() throws {
    let wire = Wire(mu: 0.5)
    let fields = (0...600).map { 0.005 * Double($0) }
    let gaps = try gaps(wire, fields: fields)
    let lowest = try #require(gaps.indices.min { gaps[$0] < gaps[$1] })
    #expect(abs(fields[lowest] - wire.closingField) <= 0.0025)
  }

  /// Without a field the gap is the pairing, at every chemical potential for which ξ = ±αk has a
  /// solution.
  @Test(arguments: [0.0, 0.5, 1.0, -0.4])
  func theGapWithoutAFieldIsThePairing(mu: Double) throws {
    #expect(abs(try gaps(Wire(mu: mu), fields: [0])[0] - 0.5) < 1e-12)
  }

  @Test(arguments: [0.0, 0.5, 1.0, -0.4], [0.1, 0.6, 1.3, 2.9])
  func theGapIsTheMinimumOfTheClosedForm(mu: Double, field: Double) throws {
    let wire = Wire(mu: mu, alpha: 0.8, mass: 1.3)
    let dense = (0...200_000).map { wire.lowestEnergy(momentum: 1e-4 * Double($0), field: field) }
    let expected = try #require(dense.min())
    let gap = try gaps(wire, fields: [field])[0]
    // The dense momenta miss a minimum by 5e-5 at most, where the energy is quadratic.
    #expect(gap <= expected + 1e-12 && gap > expected - 1e-7, "\(gap), dense \(expected)")
  }

  @Test func bandsEqualNumpysOverTheSameMomenta() throws {
    let wire = Wire(mu: 0.7, delta: 0.4, alpha: 1.1, mass: 0.9)
    let momenta = (-50...50).map { 0.07 * Double($0) }
    let batch = try evaluate(
      momenta, symbol: "nanowire_bands", parameters: wire.parameters + [("field", 0.6)],
      valueCount: 4)
    #expect(batch.failures.isEmpty)
    let program = """
      import sys, numpy as np
      mu, delta, alpha, mass, B = 0.7, 0.4, 1.1, 0.9, 0.6
      one, x = np.eye(2), np.array([[0, 1], [1, 0]])
      y, z = np.array([[0, -1j], [1j, 0]]), np.diag([1, -1])
      for k in map(float, sys.stdin.read().split()):
        h = ((k**2 / 2 / mass - mu) * np.kron(z, one) + alpha * k * np.kron(z, y)
             + B * np.kron(one, x) + delta * np.kron(x, one))
        print(*map(repr, map(float, np.linalg.eigvalsh(h))))
      """
    let result = try Compiler.run(
      "python3", ["-c", program], input: momenta.map { "\($0)" }.joined(separator: " "))
    try #require(result.status == 0, "python3 with numpy is needed: \(result.output)")
    let expected = result.output.split(whereSeparator: \.isWhitespace).compactMap { Double($0) }
    try #require(expected.count == batch.values.count)
    for (energy, reference) in zip(batch.values, expected) {
      #expect(abs(energy - reference) < 1e-12)
    }
  }

  @Test func parametersOutsideTheirRangeFailWithAReason() throws {
    var parameters = Wire(mu: 0).parameters
    parameters[3].1 = -1
    let batch = try evaluate([1], parameters: parameters)
    #expect(batch.failures.first?.failure.kind == .raised)
    #expect(batch.failures.first?.failure.text.contains("mass = -1") == true)
  }

  private func gaps(_ wire: Wire, fields: [Double]) throws -> [Double] {
    let batch = try evaluate(fields, parameters: wire.parameters)
    #expect(batch.failures.isEmpty)
    return batch.values
  }

  private static let path = Result { try Compiler.library("examples/nanowire/nanowire.c") }

  private func evaluate(
    _ points: [Double], symbol: String = PluginLibrary.symbolDefault,
    parameters: [(String, Double)], valueCount: Int = 1
  ) throws -> EvaluationBatch {
    let library = try PluginLibrary(path: Self.path.get(), symbol: symbol)
    let evaluator = PluginEvaluator(library, rank: 0, rankCount: 1)
    try evaluator.setUp([learner(parameters: parameters, valueCount: valueCount)])
    var batch = EvaluationBatch(learner: LearnerIndex(0), count: points.count, points: points)
    evaluator.evaluate(&batch)
    evaluator.tearDown()
    return batch
  }
}
