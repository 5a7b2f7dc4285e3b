package import AdaptiveCore

/// Any learner that a campaign can ask for.
///
/// Exactly one of the stored learners exists. They are optionals, not the cases of an enum, since
/// an optional is changed in place: a case's payload would have to be copied out and back.
package struct CampaignLearner: Learner, Sendable {
  private var oneDimensional: Learner1D?
  private var counting: CountingLearner?

  /// A learner that knows nothing yet.
  ///
  /// - Throws: ``LearnerError`` for values without numbers.
  package init(_ definition: LearnerDefinition) throws(LearnerError) {
    guard definition.valueCount > 0 else {
      throw LearnerError(
        .badSettings, "a value of \(definition.valueCount) numbers: at least 1 is needed")
    }
    switch definition.kind {
    case .oneDimensional(let settings):
      oneDimensional = Learner1D(settings, valueCount: definition.valueCount)
    case .counting:
      counting = CountingLearner(valueCount: definition.valueCount)
    }
  }

  /// The learner whose snapshot was taken: it asks what that one would have asked, for ever.
  ///
  /// - Parameters:
  ///   - results: what was told, in that order.
  ///   - failed: the points given up.
  ///   - pending: pending points in the order in which they were asked.
  /// - Throws: ``LearnerError`` with code `badSnapshot` if the parts do not fit together.
  package init(
    _ definition: LearnerDefinition, results: ResultLog, failed: PointBuffer,
    pending: PointBuffer, snapshot: LearnerSnapshot
  ) throws(LearnerError) {
    switch definition.kind {
    case .oneDimensional(let settings):
      oneDimensional = try Learner1D(
        restoring: settings, valueCount: definition.valueCount, results: results, failed: failed,
        pending: pending, snapshot: snapshot)
    case .counting:
      counting = try CountingLearner(
        restoring: definition.valueCount, results: results, failed: failed, pending: pending,
        snapshot: snapshot)
    }
  }

  package var dimension: Int { oneDimensional?.dimension ?? counting!.dimension }
  package var valueCount: Int { oneDimensional?.valueCount ?? counting!.valueCount }
  package var pointCount: Int { oneDimensional?.pointCount ?? counting!.pointCount }
  package var pendingCount: Int { oneDimensional?.pendingCount ?? counting!.pendingCount }

  package mutating func ask(
    _ count: Int, appendingTo points: inout PointBuffer, improvements: inout [Double]
  ) {
    oneDimensional?.ask(count, appendingTo: &points, improvements: &improvements)
    counting?.ask(count, appendingTo: &points, improvements: &improvements)
  }

  package mutating func tell(_ point: Span<Double>, value: Span<Double>) {
    oneDimensional?.tell(point, value: value)
    counting?.tell(point, value: value)
  }

  package mutating func tellPending(_ point: Span<Double>) {
    oneDimensional?.tellPending(point)
    counting?.tellPending(point)
  }

  package mutating func tellFailed(_ point: Span<Double>) {
    oneDimensional?.tellFailed(point)
    counting?.tellFailed(point)
  }

  package func loss(includingPending: Bool) -> Double {
    oneDimensional?.loss(includingPending: includingPending)
      ?? counting!.loss(includingPending: includingPending)
  }

  package func pendingPoints() -> PointBuffer {
    oneDimensional?.pendingPoints() ?? counting!.pendingPoints()
  }

  package func snapshot() -> LearnerSnapshot {
    oneDimensional?.snapshot() ?? counting!.snapshot()
  }
}
