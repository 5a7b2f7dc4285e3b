package import Learners
package import NodeRuntime

/// The function of a campaign, wherever it comes from.
package enum FunctionEvaluator: Evaluator {
  case builtin(BuiltinEvaluator)
  /// A process beside this one.
  case worker(WorkerEvaluator)
  /// A library in this process, or beside it until it has proved to be fast.
  case library(LibraryEvaluator)
  /// A library in this process, called together with the other ranks of a team.
  case team(PluginEvaluator)

  package mutating func setUp(_ learners: [LearnerDefinition]) throws(EvaluatorError) {
    switch self {
    case .builtin(var evaluator):
      try evaluator.setUp(learners)
      self = .builtin(evaluator)
    case .worker(let evaluator): try evaluator.setUp(learners)
    case .library(let evaluator): try evaluator.setUp(learners)
    case .team(let evaluator): try evaluator.setUp(learners)
    }
  }

  package mutating func evaluate(_ batch: inout EvaluationBatch) {
    switch self {
    case .builtin(var evaluator): evaluator.evaluate(&batch)
    case .worker(let evaluator): evaluator.evaluate(&batch)
    case .library(let evaluator): evaluator.evaluate(&batch)
    case .team(let evaluator): evaluator.evaluate(&batch)
    }
  }

  package mutating func tearDown() {
    switch self {
    case .builtin(var evaluator): evaluator.tearDown()
    case .worker(let evaluator): evaluator.tearDown()
    case .library(let evaluator): evaluator.tearDown()
    case .team(let evaluator): evaluator.tearDown()
    }
  }
}
