import AdaptiveCore
import Evaluators
import Foundation
import Learners
import NodeRuntime
import Testing
import _TestSupport

/// A library in a process of its own.
@Suite struct LibraryWorkerTests {
  let folder: WorkerFolder

  init() throws { folder = try WorkerFolder() }

  @Test func itEvaluatesWithParametersRankAndSeeds() throws {
    let evaluator = try folder.library("sums")
    try evaluator.setUp([
      learner(parameters: [("shift", 0.5), ("scale", 2)]),
      learner(parameters: [("scale", -1)], valueCount: 3),
    ])
    defer { evaluator.tearDown() }
    #expect(evaluator.evaluated([1, 2, 3]).values == [102.5, 104.5, 106.5])
    #expect(evaluator.evaluated([10, 20], learner: 1).values == [90, 91, 92, 80, 81, 82])
  }

  @Test(arguments: [(1.0, "signal 11"), (2, "signal 6"), (3, "exit code 3"), (4, "exit code 4")])
  func aDeathCostsOnePointOnly(point: Double, text: String) throws {
    let evaluator = try folder.library("crashing")
    try evaluator.setUp([learner()])
    defer { evaluator.tearDown() }
    let batch = evaluator.evaluated([0, 0, point, 0])
    #expect(batch.failures.map(\.index) == [2])
    #expect(batch.failures.first?.failure.kind == .ended)
    #expect(batch.failures.first?.failure.text.contains(text) == true)
    #expect(batch.values[3] != 0)
    #expect(batch.values[3] != Double(ProcessInfo.processInfo.processIdentifier))
  }

  @Test func aHangIsEndedInTime() throws {
    let evaluator = try folder.library("crashing", timeout: 0.2)
    try evaluator.setUp([learner()])
    defer { evaluator.tearDown() }
    let batch = evaluator.evaluated([0, 5, 0])
    #expect(batch.failures.map(\.index) == [1])
    #expect(batch.failures.first?.failure.kind == .timedOut)
  }

  @Test func aRefusedSetUpIsAnError() throws {
    let evaluator = try folder.library("refusing_set_up")
    #expect(throws: EvaluatorError.self) { try evaluator.setUp([learner()]) }
    let nameless = try folder.library("sums", symbol: "nobody")
    let error = #expect(throws: EvaluatorError.self) { try nameless.setUp([learner()]) }
    #expect(error?.detail.contains("nobody") == true)
  }

  /// Isolated while it is measured, then in this process because its points are short; the other,
  /// whose points are long, stays where it is.
  @Test(arguments: [0.0, 0.003])
  func whereItRunsIsChosenAsMeasured(seconds: Double) throws {
    let path = try Compiler.function("sleeping")
    let evaluator = LibraryEvaluator(
      isolated: WorkerEvaluator(
        .library(path: path, symbol: "adaptive_mpi_function", folder.circumstances())),
      loaded: .plugin(PluginEvaluator(try PluginLibrary(path: path), rank: 3, rankCount: 8)),
      measures: true)
    try evaluator.setUp([learner(parameters: [("seconds", seconds)])])
    defer { evaluator.tearDown() }
    var pids: [Double] = []
    for point in 0..<60 {
      var batch = EvaluationBatch(learner: LearnerIndex(0), count: 1, points: [Double(point)])
      evaluator.evaluate(&batch)
      pids.append(batch.values[0])
      #expect(batch.failures.isEmpty)
    }
    let own = Double(ProcessInfo.processInfo.processIdentifier)
    #expect(pids[0] != own)
    #expect((pids[59] == own) == (seconds == 0))
  }
}
