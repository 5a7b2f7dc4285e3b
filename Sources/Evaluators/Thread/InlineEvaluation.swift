import AdaptiveCore
package import Learners
package import NodeRuntime

/// Runs an evaluator on the thread that asks: for a team's function, which calls MPI itself, that
/// is the one thread that may.
package final class InlineEvaluation<Function: Evaluator, Clock: TimeSource>: EvaluationService {
  private var function: Function
  private let clock: Clock
  private var finished: EvaluationBatch?
  private var isSetUp = false

  package init(_ function: Function, clock: Clock) {
    self.function = function
    self.clock = clock
  }

  package func setUp(_ learners: [LearnerDefinition]) throws(EvaluatorError) {
    try function.setUp(learners)
    isSetUp = true
  }

  /// Returns when the batch is evaluated.
  package func start(_ batch: consuming EvaluationBatch) {
    invariant(finished == nil, "a batch is started while another is evaluated")
    let start = clock.now()
    function.evaluate(&batch)
    batch.secondsPerPoint = (clock.now() - start).seconds / Double(batch.count)
    finished = batch
  }

  package func poll() -> EvaluationBatch? { finished.take() }

  /// Does nothing where set-up was not reached or has failed.
  package func tearDown() {
    guard isSetUp else { return }
    isSetUp = false
    function.tearDown()
  }
}
