import AdaptiveCore

/// Finds where a function takes a value: the boundary between phases, a contour, a surface. Divides
/// only simplices that the level crosses, the largest first; the first component of the values
/// counts.
///
/// The loss is the side, volume^(1/d) in the unit box, of the largest simplex that the level
/// crosses. Points on one contour of one dimension less: n points make simplices of side
/// n^(-1/(d-1)), against n^(-1/d) for a learner that samples the whole domain.
package struct LevelSetSettings: Sendable, Equatable {
  package let domain: LearnerNDSettings.Domain
  package let level: Double

  /// Simplices that the level does not cross count with this share of their side: what is found
  /// that no sampled point gave away. At 0 they are divided only while the level crosses none.
  package let exploration: Double

  private let settings: LearnerNDSettings

  /// - Throws: ``LearnerError`` for a domain that is none, a level that is no number, or a share
  ///   that is not from 0 to 1.
  package init(
    domain: LearnerNDSettings.Domain, level: Double, exploration: Double = 0
  ) throws(LearnerError) {
    guard level.isFinite, (0...1).contains(exploration) else {
      throw LearnerError(
        .badSettings,
        "level \(level) and exploration \(exploration): a finite number, and one from 0 to 1, are "
          + "needed")
    }
    self.domain = domain
    self.level = level
    self.exploration = exploration
    settings = try LearnerNDSettings(
      domain: domain, loss: .level(level, exploration: exploration))
  }
}

extension LevelSetSettings: LearnerSettings {
  package var dimension: Int { settings.dimension }

  package var fields: SettingFields {
    var fields = SettingFields()
    fields.append(domain)
    fields.append("level", .doubles([level]))
    fields.append("exploration", .doubles([exploration]))
    return fields
  }

  package init(_ fields: SettingFields) throws(LearnerError) {
    try self.init(
      domain: try fields.domain(), level: try fields.double("level"),
      exploration: try fields.double("exploration"))
  }

  package func makeLearner(
    valueCount: Int, seed: UInt64
  ) throws(LearnerError) -> any Learner {
    try LearnerND(settings, valueCount: valueCount)
  }

  package func restoreLearner(
    _ record: LearnerRecord, valueCount: Int, seed: UInt64
  ) throws(LearnerError) -> any Learner {
    try LearnerND(restoring: settings, record, valueCount: valueCount)
  }
}

extension SettingFields {
  /// Appends a domain of several dimensions.
  mutating func append(_ domain: LearnerNDSettings.Domain) {
    switch domain {
    case .box(let bounds): append("bounds", .doubles(bounds))
    case .hull(let points): append("hull", .rows(points))
    }
  }

  func domain() throws(LearnerError) -> LearnerNDSettings.Domain {
    let isBox = fields.contains { $0.name == "bounds" }
    return isBox ? .box(try doubles("bounds")) : .hull(try rows("hull"))
  }
}
