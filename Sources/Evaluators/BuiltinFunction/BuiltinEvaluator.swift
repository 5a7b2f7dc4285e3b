import AdaptiveCore
package import Learners
package import NodeRuntime

/// Evaluates a built-in function.
package struct BuiltinEvaluator: Evaluator {
  package let function: BuiltinFunction
  private var learners: [Learner] = []

  private struct Learner {
    var dimension: Int
    var valueCount: Int
    var arguments: BuiltinFunction.Arguments
  }

  package init(_ function: BuiltinFunction) { self.function = function }

  package mutating func setUp(_ definitions: [LearnerDefinition]) throws(EvaluatorError) {
    learners.removeAll()
    for definition in definitions {
      do {
        learners.append(
          Learner(
            dimension: definition.kind.dimension, valueCount: definition.valueCount,
            arguments: try function.arguments(for: definition.parameters)))
      } catch {
        throw EvaluatorError("learner '\(definition.name)': \(error)")
      }
    }
  }

  package mutating func evaluate(_ batch: inout EvaluationBatch) {
    let learner = learners[batch.learner.position]
    let points = batch.points
    batch.values.removeAll(keepingCapacity: true)
    batch.values.reserveCapacity(batch.count * learner.valueCount)
    batch.failures.removeAll(keepingCapacity: true)
    for index in 0..<batch.count {
      let start = index * learner.dimension
      let point = points.span.extracting(start..<start + learner.dimension)
      var value = 0.0
      switch function.evaluate(point, learner.arguments) {
      case .value(let returned): value = returned
      case .failure(let failure): batch.failures.append(.init(index: index, failure: failure))
      }
      for component in 0..<learner.valueCount {
        batch.values.append(value * Double(1 + component))
      }
    }
  }

  package mutating func tearDown() {}
}
