import AdaptiveCore
import NodeRuntime

/// What holds for the values of every function, wherever it was evaluated.
enum BatchCheck {
  /// Makes a failure of every value that is infinite or not a number.
  static func refuseNotFinite(_ batch: inout EvaluationBatch, valueCount: Int) {
    var checked: [EvaluationBatch.PointFailure] = []
    var nextFailure = 0
    for index in 0..<batch.count {
      if nextFailure < batch.failures.count, batch.failures[nextFailure].index == index {
        checked.append(batch.failures[nextFailure])
        nextFailure += 1
        continue
      }
      let values = batch.values[index * valueCount..<(index + 1) * valueCount]
      guard let component = values.firstIndex(where: { !$0.isFinite }) else { continue }
      let text =
        "value \(component - index * valueCount + 1) of \(valueCount) is \(batch.values[component])"
      checked.append(.init(index: index, failure: Failure(.notFinite, text)))
    }
    batch.failures = checked
  }
}
