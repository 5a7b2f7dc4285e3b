package import AdaptiveCore

/// Any learner that a campaign can ask for.
///
/// The learner lies in an existential, not in the case of an enum or in one of many optionals: it
/// is changed in place whatever its kind, in memory of its own, so that a list of thousands stays
/// small. Calls come once a point at most; an ask and a tell of ``Learner1D`` take as many
/// instructions through it as without (4,000, callgrind).
package struct CampaignLearner: Learner {
  private var learner: any Learner

  /// Doubles in a value.
  package let valueCount: Int

  /// Which of them the learner is told; nil for all.
  private let learned: Range<Int>?

  /// A learner that knows nothing yet.
  ///
  /// - Throws: ``LearnerError`` for values that it cannot learn from.
  package init(_ definition: LearnerDefinition) throws(LearnerError) {
    guard definition.valueCount > 0 else {
      throw LearnerError(
        .badSettings, "a value of \(definition.valueCount) numbers: at least 1 is needed")
    }
    learner = try definition.kind.settings.makeLearner(
      valueCount: definition.learned.count, seed: definition.seed)
    valueCount = definition.valueCount
    learned = definition.outputs?.learned
  }

  /// The learner that was saved: it asks what that one would have asked, for ever.
  ///
  /// - Throws: ``LearnerError`` with code `badSnapshot` if the parts do not fit together.
  package init(_ definition: LearnerDefinition, _ record: LearnerRecord) throws(LearnerError) {
    valueCount = definition.valueCount
    learned = definition.outputs?.learned
    var record = record
    if record.results.valueCount == valueCount { record.results.keepOnly(definition.learned) }
    learner = try definition.kind.settings.restoreLearner(
      record, valueCount: definition.learned.count, seed: definition.seed)
  }

  package var dimension: Int { learner.dimension }
  package var pointCount: Int { learner.pointCount }
  package var pendingCount: Int { learner.pendingCount }
  package var nextImprovement: Double { learner.nextImprovement }
  package var estimate: LearnerEstimate? { learner.estimate }
  package var supply: Int? { learner.supply }

  package mutating func ask(
    _ count: Int, appendingTo points: inout PointBuffer, improvements: inout [Double]
  ) {
    learner.ask(count, appendingTo: &points, improvements: &improvements)
  }

  package mutating func tell(_ point: Span<Double>, value: Span<Double>) {
    if let learned {
      learner.tell(point, value: value.extracting(learned))
    } else {
      learner.tell(point, value: value)
    }
  }

  package mutating func tellPending(_ point: Span<Double>) { learner.tellPending(point) }

  package mutating func tellFailed(_ point: Span<Double>) { learner.tellFailed(point) }

  package mutating func beginReplay() { learner.beginReplay() }

  package mutating func endReplay() { learner.endReplay() }

  package func loss(includingPending: Bool) -> Double {
    learner.loss(includingPending: includingPending)
  }

  package func pendingPoints() -> PointBuffer { learner.pendingPoints() }

  package func snapshot() -> LearnerSnapshot { learner.snapshot() }
}
