import AdaptiveCore
import Evaluators
import Learners
import NodeRuntime

/// Where a rank's function runs: on a thread of its own, or, as part of a team, on the main thread.
enum LeafEvaluation: EvaluationService {
  case thread(EvaluatorThread<FunctionEvaluator, MonotonicClock>)
  case inline(InlineEvaluation<FunctionEvaluator, MonotonicClock>)

  func setUp(_ learners: [LearnerDefinition]) throws(EvaluatorError) {
    switch self {
    case .thread(let evaluation): try evaluation.setUp(learners)
    case .inline(let evaluation): try evaluation.setUp(learners)
    }
  }

  func start(_ batch: consuming EvaluationBatch) {
    switch self {
    case .thread(let evaluation): evaluation.start(batch)
    case .inline(let evaluation): evaluation.start(batch)
    }
  }

  func poll() -> EvaluationBatch? {
    switch self {
    case .thread(let evaluation): evaluation.poll()
    case .inline(let evaluation): evaluation.poll()
    }
  }

  func tearDown() {
    switch self {
    case .thread(let evaluation): evaluation.tearDown()
    case .inline(let evaluation): evaluation.tearDown()
    }
  }
}
