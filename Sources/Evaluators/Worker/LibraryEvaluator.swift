import AdaptiveCore
package import Learners
package import NodeRuntime

/// Evaluates the function of a library, or of this program, in this process: from the beginning, or
/// once it is known that its points are too short for a process of its own to pay. Points that may
/// have ended earlier worlds are evaluated in a process of their own in any case.
package final class LibraryEvaluator: Evaluator {
  private let isolated: WorkerEvaluator
  private let loaded: LoadedFunction
  private let clock = MonotonicClock()
  private var learners: [LearnerDefinition] = []
  private var measuredCount = 0
  private var measuredSeconds = 0.0

  private enum State { case measuring, isolated, loaded }
  private var state: State

  /// - Parameters:
  ///   - isolated: the function in a worker.
  ///   - loaded: the same function in this process, not set up.
  ///   - measures: whether it begins in the worker.
  package init(isolated: WorkerEvaluator, loaded: LoadedFunction, measures: Bool) {
    self.isolated = isolated
    self.loaded = loaded
    state = measures ? .measuring : .loaded
  }

  package func setUp(_ learners: [LearnerDefinition]) throws(EvaluatorError) {
    self.learners = learners
    guard case .loaded = state else { return try isolated.setUp(learners) }
    isolated.prepare(learners)
    try loaded.setUp(learners)
  }

  package func tearDown() {
    if case .loaded = state { loaded.tearDown() }
    isolated.tearDown()
  }

  package func evaluate(_ batch: inout EvaluationBatch) {
    switch state {
    case .loaded where batch.isSuspect: isolated.evaluate(&batch)
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
