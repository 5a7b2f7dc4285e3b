import AdaptiveCore
package import Learners
package import NodeRuntime

/// Evaluates a function in Swift that the program brings with it.
package final class ClosureEvaluator: Evaluator {
  private let function: ClosureFunction
  private var learners: [WorkerStart.Learner] = []
  private var seeds: [UInt64] = []

  package init(_ function: @escaping ClosureFunction) { self.function = function }

  package func setUp(_ definitions: [LearnerDefinition]) throws(EvaluatorError) {
    learners = definitions.map(WorkerStart.Learner.init)
    seeds = definitions.map(\.seed)
  }

  /// In a worker, whose leaf draws the points' seeds.
  package func setUp(_ learners: [WorkerStart.Learner]) {
    self.learners = learners
    seeds = learners.map { _ in 0 }
  }

  package func tearDown() {}

  package func evaluate(_ batch: inout EvaluationBatch) {
    let learner = learners[batch.learner.position]
    let dimension = learner.dimension
    batch.values.removeAll(keepingCapacity: true)
    batch.failures.removeAll(keepingCapacity: true)
    if batch.seeds.count != batch.count {
      batch.drawSeeds(learnerSeed: seeds[batch.learner.position], dimension: dimension)
    }
    let parameters = learner.parameters.map { (name: $0.name, value: $0.value) }
    for index in 0..<batch.count {
      let point = ClosurePoint(
        coordinates: batch.points[index * dimension..<(index + 1) * dimension],
        learner: learner.name, parameters: parameters, seed: batch.seeds[index])
      switch value(at: point, learner) {
      case .success(let value): batch.values += value
      case .failure(let refusal):
        batch.values.append(contentsOf: repeatElement(0, count: learner.valueCount))
        batch.failures.append(.init(index: index, failure: refusal.failure))
      }
    }
    BatchCheck.refuseNotFinite(&batch, valueCount: learner.valueCount)
  }

  private struct Refusal: Error { let failure: Failure }

  private func value(
    at point: ClosurePoint, _ learner: WorkerStart.Learner
  ) -> Result<[Double], Refusal> {
    do {
      let value = try function(point)
      guard value.count == learner.valueCount else {
        let text =
          "the function returned \(value.count) numbers; the campaign's outputs: "
          + "\(learner.valueCount)"
        return .failure(Refusal(failure: Failure(.wrongCount, text)))
      }
      return .success(value)
    } catch {
      return .failure(Refusal(failure: Failure(.raised, "\(error)")))
    }
  }
}

/// A function that was loaded into this process.
package enum LoadedFunction: Evaluator {
  case plugin(PluginEvaluator)
  case closure(ClosureEvaluator)

  package func setUp(_ learners: [LearnerDefinition]) throws(EvaluatorError) {
    switch self {
    case .plugin(let evaluator): try evaluator.setUp(learners)
    case .closure(let evaluator): try evaluator.setUp(learners)
    }
  }

  package func evaluate(_ batch: inout EvaluationBatch) {
    switch self {
    case .plugin(let evaluator): evaluator.evaluate(&batch)
    case .closure(let evaluator): evaluator.evaluate(&batch)
    }
  }

  package func tearDown() {
    switch self {
    case .plugin(let evaluator): evaluator.tearDown()
    case .closure(let evaluator): evaluator.tearDown()
    }
  }
}
