/// What a one-dimensional learner samples: an interval, by a loss.
package struct Learner1DSettings: Sendable, Equatable {
  package let lower: Double
  package let upper: Double
  package let loss: Loss1D
  /// Whether values are complex numbers, two doubles each.
  package let isComplex: Bool
  /// The loss where that is ``Loss1D/user(neighborCount:)``.
  package var userLoss: UserLoss?

  /// - Throws: ``LearnerError`` for bounds that are not finite or not in ascending order.
  package init(
    lower: Double, upper: Double, loss: Loss1D = .distance, isComplex: Bool = false,
    userLoss: UserLoss? = nil
  ) throws(LearnerError) {
    guard lower.isFinite, upper.isFinite, lower < upper, (upper - lower).isFinite else {
      throw LearnerError(
        .badSettings,
        "bounds [\(lower), \(upper)]: two numbers with a finite difference are needed, "
          + "the first below the second")
    }
    self.lower = lower
    self.upper = upper
    self.loss = loss
    self.isComplex = isComplex
    self.userLoss = userLoss
  }
}

extension Learner1DSettings: LearnerSettings {
  package var dimension: Int { 1 }

  package var fields: SettingFields {
    var fields = SettingFields([
      .init("bounds", .doubles([lower, upper])),
      .init("loss", .text(loss.name)),
      .init("loss_parameters", .doubles(loss.parameters)),
    ])
    ComplexValues.append(isComplex, to: &fields)
    UserLoss.append(userLoss, to: &fields)
    return fields
  }

  package init(_ fields: SettingFields) throws(LearnerError) {
    let bounds = try fields.doubles("bounds", count: 2)
    let loss = try Loss1D(name: fields.text("loss"), fields.doubles("loss_parameters"))
    try self.init(
      lower: bounds[0], upper: bounds[1], loss: loss, isComplex: ComplexValues.isComplex(fields),
      userLoss: UserLoss(fields))
  }

  package func makeLearner(valueCount: Int, seed: UInt64) throws(LearnerError) -> any Learner {
    try ComplexValues.check(isComplex, valueCount: valueCount)
    return Learner1D(self, valueCount: valueCount)
  }

  package func restoreLearner(
    _ record: LearnerRecord, valueCount: Int, seed: UInt64
  ) throws(LearnerError) -> any Learner {
    try ComplexValues.check(isComplex, valueCount: valueCount)
    return try Learner1D(
      restoring: self, valueCount: valueCount, results: record.results, failed: record.failed,
      pending: record.pending, snapshot: record.snapshot)
  }
}
