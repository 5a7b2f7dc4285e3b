/// What one kind of learner can be told by a campaign file, and the learners that follow from it.
///
/// A new kind is a learner, its settings, a case of ``LearnerKind``, and a reader in the campaign
/// file; checkpoint, broadcast and the comparison of a campaign with its checkpoint go by
/// ``fields``.
package protocol LearnerSettings: Sendable, Equatable {
  /// Doubles in a point.
  var dimension: Int { get }

  /// Everything that shapes the points, whole: settings with equal fields are equal.
  var fields: SettingFields { get }

  /// - Throws: ``LearnerError`` with code `badSettings` for fields that ``fields`` never gives.
  init(_ fields: SettingFields) throws(LearnerError)

  /// A learner that knows nothing yet.
  ///
  /// - Parameters:
  ///   - valueCount: doubles in the value it is told, at least 1.
  ///   - seed: of whatever it draws at random.
  /// - Throws: ``LearnerError`` with code `badSettings` for values it cannot learn from.
  func makeLearner(valueCount: Int, seed: UInt64) throws(LearnerError) -> any Learner

  /// The learner that was saved: it asks what that one would have asked, for ever.
  ///
  /// - Throws: ``LearnerError`` with code `badSnapshot` if the parts do not fit together.
  func restoreLearner(
    _ record: LearnerRecord, valueCount: Int, seed: UInt64
  ) throws(LearnerError) -> any Learner
}
