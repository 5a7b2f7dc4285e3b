package import Learners
package import NodeRuntime

/// The function of a campaign, wherever it comes from.
package enum FunctionEvaluator: Evaluator {
  case builtin(BuiltinEvaluator)
  case plugin(PluginEvaluator)

  package mutating func setUp(_ learners: [LearnerDefinition]) throws(EvaluatorError) {
    switch self {
    case .builtin(var evaluator):
      try evaluator.setUp(learners)
      self = .builtin(evaluator)
    case .plugin(let evaluator): try evaluator.setUp(learners)
    }
  }

  package mutating func evaluate(_ batch: inout EvaluationBatch) {
    switch self {
    case .builtin(var evaluator): evaluator.evaluate(&batch)
    case .plugin(let evaluator): evaluator.evaluate(&batch)
    }
  }

  package mutating func tearDown() {
    switch self {
    case .builtin(var evaluator): evaluator.tearDown()
    case .plugin(let evaluator): evaluator.tearDown()
    }
  }
}
