/// What is integrated, and how well.
package struct IntegratorSettings: LearnerSettings {
  package let lower: Double
  package let upper: Double
  /// Of the integral's error, as a share of the integral.
  package let relativeTolerance: Double
  /// The same in units of the integral; the larger of the two counts.
  package let absoluteTolerance: Double
  /// Whether values are complex numbers, two doubles each; errors are moduli.
  package let isComplex: Bool

  /// - Throws: ``LearnerError`` for bounds that are not finite or not in ascending order, and for
  ///   tolerances of which none is above 0.
  package init(
    lower: Double, upper: Double, relativeTolerance: Double, absoluteTolerance: Double = 0,
    isComplex: Bool = false
  ) throws(LearnerError) {
    guard lower.isFinite, upper.isFinite, lower < upper, (upper - lower).isFinite else {
      throw LearnerError(
        .badSettings,
        "bounds [\(lower), \(upper)]: two numbers with a finite difference are needed, "
          + "the first below the second")
    }
    guard relativeTolerance >= 0, absoluteTolerance >= 0, relativeTolerance.isFinite,
      absoluteTolerance.isFinite, max(relativeTolerance, absoluteTolerance) > 0
    else {
      throw LearnerError(
        .badSettings,
        "tolerances \(relativeTolerance) and \(absoluteTolerance): one above 0 is needed")
    }
    self.lower = lower
    self.upper = upper
    self.relativeTolerance = relativeTolerance
    self.absoluteTolerance = absoluteTolerance
    self.isComplex = isComplex
  }

  package init(_ fields: SettingFields) throws(LearnerError) {
    let bounds = try fields.doubles("bounds", count: 2)
    try self.init(
      lower: bounds[0], upper: bounds[1],
      relativeTolerance: try fields.double("relative_tolerance"),
      absoluteTolerance: try fields.double("absolute_tolerance"),
      isComplex: ComplexValues.isComplex(fields))
  }

  package var dimension: Int { 1 }

  package var fields: SettingFields {
    var fields = SettingFields([
      .init("bounds", .doubles([lower, upper])),
      .init("relative_tolerance", .doubles([relativeTolerance])),
      .init("absolute_tolerance", .doubles([absoluteTolerance])),
    ])
    ComplexValues.append(isComplex, to: &fields)
    return fields
  }

  package func makeLearner(valueCount: Int, seed: UInt64) throws(LearnerError) -> any Learner {
    guard valueCount == (isComplex ? 2 : 1) else {
      throw LearnerError(
        .badSettings,
        "1 number is integrated, not \(valueCount); a complex one is two: outputs: 2")
    }
    return IntegratorLearner(self)
  }

  package func restoreLearner(
    _ record: LearnerRecord, valueCount: Int, seed: UInt64
  ) throws(LearnerError) -> any Learner {
    try IntegratorLearner(restoring: self, record)
  }
}
