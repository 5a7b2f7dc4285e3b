import AdaptiveCore
import Evaluators
import Foundation
import Learners
import NodeRuntime
import Testing

@Suite struct BuiltinFunctionTests {
  typealias Setting = BuiltinFunction.Setting

  @Test func settingsAreReadFromTexts() throws {
    let function = try BuiltinFunction(
      name: "peak",
      settings: [
        Setting("seconds", "0.01"), Setting("cost", "busy"), Setting("distribution", "lognormal"),
        Setting("sigma", "0.25"), Setting("seed", "7"), Setting("fails", "0.1", "0.2"),
        Setting("nan", "0.3", "0.3"), Setting("slow", "-1", "0"), Setting("slow_seconds", "5"),
      ])
    let cost = BuiltinFunction.Cost(
      .busy, seconds: 0.01, distribution: .logNormal(sigma: 0.25))
    #expect(
      function
        == BuiltinFunction(
          .peak, cost: cost, seed: 7, fails: 0.1...0.2, notANumber: 0.3...0.3, slow: -1...0,
          slowSeconds: 5))
  }

  @Test(arguments: [
    ("peek", [], "allowed are peak, step, wave or ring"),
    ("peak", [Setting("second", "1")], "allowed are seconds, cost, distribution"),
    ("peak", [Setting("seconds", "-1")], "found '-1', allowed is a number from 0.0"),
    ("peak", [Setting("seconds", "nan")], "found 'nan'"),
    ("peak", [Setting("cost", "idle")], "found 'idle', allowed is sleep or busy"),
    ("peak", [Setting("distribution", "normal")], "allowed is fixed, lognormal or pareto"),
    ("peak", [Setting("sigma", "0.5")], "distribution: lognormal"),
    ("peak", [Setting("alpha", "1.5")], "distribution: pareto"),
    ("peak", [Setting("distribution", "pareto"), Setting("alpha", "1")], "a number from 1.01"),
    ("peak", [Setting("fails", "0.2", "0.1")], "two numbers in order"),
    ("peak", [Setting("nan", "0.1")], "two numbers in order"),
    ("peak", [Setting("seed", "-3")], "an integer from 0"),
  ])
  func whatIsNotAllowedIsNamed(name: String, settings: [Setting], expected: String) throws {
    let error = #expect(throws: FunctionError.self) {
      try BuiltinFunction(name: name, settings: settings)
    }
    #expect(error?.code == .settingInvalid)
    let text = "\(try #require(error))"
    #expect(text.contains(expected), "\(text)")
  }

  @Test func shapesAreWhatTheirFormulasSay() throws {
    let narrow = [("offset", 0.2), ("width", 0.1)]
    #expect(abs(try value(.peak, [0.3], narrow) - 0.8) < 1e-15)
    #expect(abs(try value(.step, [0.3], narrow) - 0.7615941559557649) < 1e-15)
    #expect(abs(try value(.wave, [0.25], [("frequency", 1)]) - 1) < 1e-15)
    #expect(abs(try value(.ring, [0.75, 0]) - 1.75) < 1e-15)
    #expect(abs(try value(.peak, [1, 2, 3], [("offset", 2), ("width", 1)]) - 19.0 / 3) < 1e-15)
  }

  @Test func anUnknownParameterIsAnErrorThatNamesTheLearner() throws {
    var evaluator = BuiltinEvaluator(BuiltinFunction(.peak))
    let error = #expect(throws: EvaluatorError.self) {
      try evaluator.setUp([learner(parameters: [("offest", 1)])])
    }
    #expect(error?.detail.contains("learner 'test'") == true)
    #expect(error?.detail.contains("allowed are offset, width, frequency or radius") == true)
  }

  @Test func itMisbehavesWhereTold() throws {
    var evaluator = BuiltinEvaluator(
      BuiltinFunction(.wave, fails: 0.1...0.2, notANumber: 0.5...0.5))
    try evaluator.setUp([learner()])
    var batch = EvaluationBatch(
      learner: LearnerIndex(0), count: 4, points: [0.05, 0.15, 0.5, 0.500001])
    evaluator.evaluate(&batch)
    #expect(batch.failures.map(\.index) == [1, 2])
    #expect(batch.failures.map(\.failure.kind) == [.raised, .notFinite])
    #expect(batch.values.count == 4)
  }

  @Test func valuesMayBeLarge() throws {
    var evaluator = BuiltinEvaluator(BuiltinFunction(.peak))
    try evaluator.setUp([learner(valueCount: 25_000)])
    var batch = EvaluationBatch(learner: LearnerIndex(0), count: 1, points: [0])
    evaluator.evaluate(&batch)
    #expect(batch.values == (1...25_000).map(Double.init))
  }

  @Test func theCostDependsOnThePointAlone() {
    let cost = BuiltinFunction.Cost(.busy, seconds: 2, distribution: .logNormal(sigma: 0.5))
    let function = BuiltinFunction(.peak, cost: cost, seed: 1, slow: 0.5...0.5, slowSeconds: 60)
    let points = (0..<4000).map { 1 + Double($0) }
    let seconds = points.map { function.seconds(at: [$0].span) }
    #expect(points.reversed().map { function.seconds(at: [$0].span) } == seconds.reversed())
    #expect(function.seconds(at: [0.5].span) == 60)
    // Mean and spread of the logarithm, within four standard errors.
    let mean = seconds.reduce(0, +) / 4000
    #expect(abs(mean - 2) < 4 * 2 * 0.533 / 4000.0.squareRoot())
    let logs = seconds.map { log($0) }
    let logMean = logs.reduce(0, +) / 4000
    let variance = logs.map { ($0 - logMean) * ($0 - logMean) }.reduce(0, +) / 3999
    #expect(abs(variance.squareRoot() - 0.5) < 4 * 0.5 / 8000.0.squareRoot())

    var other = function
    other.seed = 2
    #expect(other.seconds(at: [1].span) != function.seconds(at: [1].span))
  }

  /// The share of points above t is (least / t)^alpha, within four standard errors.
  @Test func aHeavyTailFallsAsItsExponentSays() {
    let cost = BuiltinFunction.Cost(.busy, seconds: 3, distribution: .pareto(alpha: 1.5))
    let function = BuiltinFunction(.peak, cost: cost, seed: 1)
    let seconds = (0..<4000).map { function.seconds(at: [Double($0)].span) }
    #expect(seconds.min()! >= 1)
    for bound in [2.0, 10, 50] {
      let expected = pow(bound, -1.5)
      let share = Double(seconds.count { $0 > bound }) / 4000
      #expect(abs(share - expected) < 4 * (expected / 4000).squareRoot(), "above \(bound)")
    }
  }

  @Test(arguments: BuiltinFunction.Cost.Kind.allCases)
  func theCostIsSpent(kind: BuiltinFunction.Cost.Kind) throws {
    var evaluator = BuiltinEvaluator(
      BuiltinFunction(.peak, cost: .init(kind, seconds: 0.02)))
    try evaluator.setUp([learner()])
    var batch = EvaluationBatch(learner: LearnerIndex(0), count: 2, points: [0.1, 0.2])
    let processorBefore = threadSeconds()
    let elapsed = ContinuousClock().measure { evaluator.evaluate(&batch) }
    let processor = threadSeconds() - processorBefore
    #expect(elapsed >= .milliseconds(40))
    switch kind {
    case .sleep: #expect(processor < 0.02)
    case .busy: #expect(processor >= 0.04)
    }
  }

  private func value(
    _ shape: BuiltinFunction.Shape, _ point: [Double], _ parameters: [(String, Double)] = []
  ) throws -> Double {
    let function = BuiltinFunction(shape)
    let arguments = try function.arguments(
      for: parameters.map { .init(name: $0.0, value: $0.1) })
    return function.value(at: point.span, arguments)
  }

  private func threadSeconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }
}
