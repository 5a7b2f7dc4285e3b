import AdaptiveCore
package import Learners
package import NodeRuntime

/// Evaluates a library's function in a process of its own until it is known that its points are too
/// short for that to pay; from then on in this process.
package final class AutomaticEvaluator: Evaluator {
  private let isolated: WorkerEvaluator
  private let loaded: PluginEvaluator
  private let clock = MonotonicClock()
  private var learners: [LearnerDefinition] = []
  private var measuredCount = 0
  private var measuredSeconds = 0.0

  private enum State { case measuring, isolated, loaded }
  private var state = State.measuring

  /// - Parameters:
  ///   - isolated: the function in a worker.
  ///   - loaded: the same function in this process, not set up.
  package init(isolated: WorkerEvaluator, loaded: PluginEvaluator) {
    self.isolated = isolated
    self.loaded = loaded
  }

  package func setUp(_ learners: [LearnerDefinition]) throws(EvaluatorError) {
    self.learners = learners
    try isolated.setUp(learners)
  }

  package func tearDown() {
    if case .loaded = state { loaded.tearDown() } else { isolated.tearDown() }
  }

  package func evaluate(_ batch: inout EvaluationBatch) {
    switch state {
    case .loaded: loaded.evaluate(&batch)
    case .isolated: isolated.evaluate(&batch)
    case .measuring:
      let start = clock.now()
      isolated.evaluate(&batch)
      measuredSeconds += (clock.now() - start).seconds
      measuredCount += batch.count
      if measuredCount >= Limits.isolationMeasuredCount { choose() }
    }
  }

  private func choose() {
    state = .isolated
    guard measuredSeconds / Double(measuredCount) < Limits.isolationPays.seconds else { return }
    do throws(EvaluatorError) {
      try loaded.setUp(learners)
    } catch {
      // It could be set up there, and not here: there it stays.
      return
    }
    isolated.tearDown()
    state = .loaded
  }
}
