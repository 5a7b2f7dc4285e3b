/// What a one-dimensional learner samples: an interval, by a loss.
package struct Learner1DSettings: Sendable, Equatable {
  package let lower: Double
  package let upper: Double
  package let loss: Loss1D

  /// - Throws: ``LearnerError`` for bounds that are not finite or not in ascending order.
  package init(lower: Double, upper: Double, loss: Loss1D = .distance) throws(LearnerError) {
    guard lower.isFinite, upper.isFinite, lower < upper, (upper - lower).isFinite else {
      throw LearnerError(
        .badSettings,
        "bounds [\(lower), \(upper)]: two numbers with a finite difference are needed, "
          + "the first below the second")
    }
    self.lower = lower
    self.upper = upper
    self.loss = loss
  }
}
