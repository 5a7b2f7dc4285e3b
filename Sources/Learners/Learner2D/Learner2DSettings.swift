/// What a learner of two variables samples, and by what rules.
package struct Learner2DSettings: Sendable, Equatable {
  /// Lower and upper bound of each coordinate, one after another.
  package let bounds: [Double]
  package let loss: Loss2D

  /// How many times as wide as high triangles come out, on average, as shares of the domain.
  package let aspectRatio: Double

  /// How many triangles are chosen at once: the points in them are handed out one by one before
  /// others are looked for.
  package let stackCount: Int

  /// Whether Python adaptive 1.5.2's own rules hold even where they are at fault: see
  /// docs/parity.md.
  package let isCompatible: Bool

  /// All losses are computed anew when the range of values has grown by more than this factor.
  package let rangeGrowthMax: Double

  /// Whether values are complex numbers, two doubles each.
  package let isComplex: Bool

  /// Aspect ratios beyond these leave the lattice too few steps along the shorter side.
  package static let aspectRatios = 0x1p-10...0x1p10

  /// What a stack may hold.
  package static let stackCounts = 1...1_000_000

  /// - Parameter stackCount: nil for 1, or for 10 by adaptive's own rules.
  /// - Throws: ``LearnerError`` for a domain that is no rectangle, numbers beyond their bounds, or
  ///   complex values by adaptive's own rules, which have none.
  package init(
    bounds: [Double], loss: Loss2D = .deviation, aspectRatio: Double = 1, stackCount: Int? = nil,
    isCompatible: Bool = false, rangeGrowthMax: Double = 1.1, isComplex: Bool = false
  ) throws(LearnerError) {
    let isOrdered = stride(from: 0, to: bounds.count - 1, by: 2).allSatisfy { index in
      let (lower, upper) = (bounds[index], bounds[index + 1])
      return lower.isFinite && upper.isFinite && lower < upper && (upper - lower).isFinite
    }
    guard bounds.count == 4, isOrdered else {
      throw LearnerError(
        .badSettings,
        "bounds \(bounds): two pairs of finite numbers are needed, the first of each below the "
          + "second")
    }
    guard Self.aspectRatios.contains(aspectRatio) else {
      throw LearnerError(
        .badSettings,
        "aspect ratio \(aspectRatio): a number from \(Self.aspectRatios.lowerBound) to "
          + "\(Self.aspectRatios.upperBound) is needed")
    }
    let stackCount = stackCount ?? (isCompatible ? 10 : 1)
    guard Self.stackCounts.contains(stackCount) else {
      throw LearnerError(
        .badSettings,
        "a stack of \(stackCount): a whole number from \(Self.stackCounts.lowerBound) to "
          + "\(Self.stackCounts.upperBound) is needed")
    }
    guard !isComplex || !isCompatible else {
      throw LearnerError(
        .badSettings,
        "compatible with complex values: Python adaptive's Learner2D takes none; leave one of the "
          + "two out")
    }
    self.bounds = bounds
    self.loss = loss
    self.aspectRatio = aspectRatio
    self.stackCount = stackCount
    self.isCompatible = isCompatible
    self.rangeGrowthMax = rangeGrowthMax
    self.isComplex = isComplex
  }
}

extension Learner2DSettings: LearnerSettings {
  package var dimension: Int { 2 }

  package var fields: SettingFields {
    var fields = SettingFields()
    fields.append("bounds", .doubles(bounds))
    fields.append("loss", .text(loss.name))
    fields.append("loss_parameters", .doubles(loss.parameters))
    fields.append("aspect_ratio", .doubles([aspectRatio]))
    fields.append("stack", .integers([Int64(stackCount)]))
    fields.append("compatible", .integers([isCompatible ? 1 : 0]))
    fields.append("range_growth", .doubles([rangeGrowthMax]))
    ComplexValues.append(isComplex, to: &fields)
    return fields
  }

  package init(_ fields: SettingFields) throws(LearnerError) {
    try self.init(
      bounds: try fields.doubles("bounds"),
      loss: try Loss2D(name: fields.text("loss"), fields.doubles("loss_parameters")),
      aspectRatio: try fields.double("aspect_ratio"),
      stackCount: try fields.integer("stack"),
      isCompatible: try fields.integer("compatible") != 0,
      rangeGrowthMax: try fields.double("range_growth"),
      isComplex: ComplexValues.isComplex(fields))
  }

  package func makeLearner(
    valueCount: Int, seed: UInt64
  ) throws(LearnerError) -> any Learner {
    try Learner2D(self, valueCount: valueCount)
  }

  package func restoreLearner(
    _ record: LearnerRecord, valueCount: Int, seed: UInt64
  ) throws(LearnerError) -> any Learner {
    try Learner2D(restoring: self, record, valueCount: valueCount)
  }
}
