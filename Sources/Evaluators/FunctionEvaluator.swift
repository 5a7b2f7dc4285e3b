package import Learners
package import NodeRuntime

/// The function of a campaign, wherever it comes from.
package enum FunctionEvaluator: Evaluator {
  case builtin(BuiltinEvaluator)
  /// A library in this process.
  case plugin(PluginEvaluator)
  /// A process beside this one.
  case worker(WorkerEvaluator)
  /// A library in a process beside this one until it has proved to be fast.
  case automatic(AutomaticEvaluator)

  package mutating func setUp(_ learners: [LearnerDefinition]) throws(EvaluatorError) {
    switch self {
    case .builtin(var evaluator):
      try evaluator.setUp(learners)
      self = .builtin(evaluator)
    case .plugin(let evaluator): try evaluator.setUp(learners)
    case .worker(let evaluator): try evaluator.setUp(learners)
    case .automatic(let evaluator): try evaluator.setUp(learners)
    }
  }

  package mutating func evaluate(_ batch: inout EvaluationBatch) {
    switch self {
    case .builtin(var evaluator): evaluator.evaluate(&batch)
    case .plugin(let evaluator): evaluator.evaluate(&batch)
    case .worker(let evaluator): evaluator.evaluate(&batch)
    case .automatic(let evaluator): evaluator.evaluate(&batch)
    }
  }

  package mutating func tearDown() {
    switch self {
    case .builtin(var evaluator): evaluator.tearDown()
    case .plugin(let evaluator): evaluator.tearDown()
    case .worker(let evaluator): evaluator.tearDown()
    case .automatic(let evaluator): evaluator.tearDown()
    }
  }
}
