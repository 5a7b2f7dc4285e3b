package import AdaptiveCore
import Geometry

/// What a learner of several dimensions samples, and by what rules.
package struct LearnerNDSettings: Sendable, Equatable {
  package enum Domain: Sendable, Equatable {
    /// Lower and upper bound of each coordinate, one after another.
    case box([Double])
    /// The convex hull of points.
    case hull(PointBuffer)
  }

  package let domain: Domain
  package let loss: LossND

  /// Whether edges are measured on the function's graph when a simplex is divided.
  package let isAnisotropic: Bool

  /// Whether Python adaptive 1.5.2's own rules hold even where they are at fault: see
  /// docs/parity.md.
  package let isCompatible: Bool

  /// All losses are computed anew when the range of values has grown by more than this factor.
  package let rangeGrowthMax: Double

  /// Whether values are complex numbers, two doubles each.
  package let isComplex: Bool
  /// The loss where that is ``LossND/user``.
  package var userLoss: UserLoss?

  /// - Throws: ``LearnerError`` for a domain that is none in 2 to 6 dimensions.
  package init(
    domain: Domain, loss: LossND = .volume, isAnisotropic: Bool = false,
    isCompatible: Bool = false, rangeGrowthMax: Double = 1.1, isComplex: Bool = false,
    userLoss: UserLoss? = nil
  ) throws(LearnerError) {
    switch domain {
    case .box(let bounds): try Self.check(bounds)
    case .hull(let points): _ = try DomainND(hull: points)
    }
    self.domain = domain
    self.loss = loss
    self.isAnisotropic = isAnisotropic
    self.isCompatible = isCompatible
    self.rangeGrowthMax = rangeGrowthMax
    self.isComplex = isComplex
    self.userLoss = userLoss
  }

  private static func check(_ bounds: [Double]) throws(LearnerError) {
    let dimension = bounds.count / 2
    let isOrdered = (0..<dimension).allSatisfy { axis in
      let (lower, upper) = (bounds[2 * axis], bounds[2 * axis + 1])
      return lower.isFinite && upper.isFinite && lower < upper && (upper - lower).isFinite
    }
    guard bounds.count.isMultiple(of: 2), Lattice.dimensions.contains(dimension), isOrdered else {
      throw LearnerError(
        .badSettings,
        "bounds \(bounds): \(Lattice.dimensions.lowerBound) to \(Lattice.dimensions.upperBound) "
          + "pairs of finite numbers are needed, the first of each below the second")
    }
  }
}

extension LearnerNDSettings: LearnerSettings {
  package var dimension: Int {
    switch domain {
    case .box(let bounds): bounds.count / 2
    case .hull(let points): points.dimension
    }
  }

  package var fields: SettingFields {
    var fields = SettingFields()
    fields.append(domain)
    fields.append("loss", .text(loss.name))
    fields.append("loss_parameters", .doubles(loss.parameters))
    fields.append("anisotropic", .integers([isAnisotropic ? 1 : 0]))
    fields.append("compatible", .integers([isCompatible ? 1 : 0]))
    fields.append("range_growth", .doubles([rangeGrowthMax]))
    ComplexValues.append(isComplex, to: &fields)
    UserLoss.append(userLoss, to: &fields)
    return fields
  }

  package init(_ fields: SettingFields) throws(LearnerError) {
    try self.init(
      domain: try fields.domain(),
      loss: try LossND(name: fields.text("loss"), fields.doubles("loss_parameters")),
      isAnisotropic: try fields.integer("anisotropic") != 0,
      isCompatible: try fields.integer("compatible") != 0,
      rangeGrowthMax: try fields.double("range_growth"),
      isComplex: ComplexValues.isComplex(fields), userLoss: UserLoss(fields))
  }

  package func makeLearner(
    valueCount: Int, seed: UInt64
  ) throws(LearnerError) -> any Learner {
    try LearnerND(self, valueCount: valueCount)
  }

  package func restoreLearner(
    _ record: LearnerRecord, valueCount: Int, seed: UInt64
  ) throws(LearnerError) -> any Learner {
    try LearnerND(restoring: self, record, valueCount: valueCount)
  }
}
