package import AdaptiveCore

/// What a checkpoint holds of a learner beside its definition.
package struct LearnerRecord: Sendable {
  /// What was told, in that order.
  package var results: ResultLog
  /// The points given up, in that order; those with a result all the same are known.
  package var failed: PointBuffer
  /// In the order in which they were asked.
  package var pending: PointBuffer
  package var snapshot: LearnerSnapshot

  package init(
    results: ResultLog, failed: PointBuffer, pending: PointBuffer, snapshot: LearnerSnapshot
  ) {
    self.results = results
    self.failed = failed
    self.pending = pending
    self.snapshot = snapshot
  }

  /// - Throws: ``LearnerError`` with code `badSnapshot` unless points and values have these sizes.
  func check(dimension: Int, valueCount: Int) throws(LearnerError) {
    guard results.valueCount == valueCount, results.dimension == dimension,
      failed.dimension == dimension, pending.dimension == dimension
    else {
      throw LearnerError(
        .badSnapshot,
        "points of \(dimension) and values of \(valueCount) numbers are needed; results have "
          + "\(results.dimension) and \(results.valueCount), failed points \(failed.dimension), "
          + "pending points \(pending.dimension)")
    }
  }
}
