package import AdaptiveCore

/// Asks for 0, 1, 2, … and learns nothing: what is left of a campaign is the cost of delegation.
///
/// The loss is infinite until a value is known and 0 from then on. At most 2³¹ points.
package struct CountingLearner: Learner, Sendable {
  package let valueCount: Int

  private var next = 0
  private var pending = PendingTable()
  private var pendingEver: Int32 = 0
  private var known: Set<UInt64> = []
  private var failed: Set<UInt64> = []

  package init(valueCount: Int) {
    precondition(valueCount > 0)
    self.valueCount = valueCount
  }

  package var dimension: Int { 1 }
  package var pointCount: Int { known.count }
  package var pendingCount: Int { pending.count }

  package mutating func ask(
    _ count: Int, appendingTo points: inout PointBuffer, improvements: inout [Double]
  ) {
    var remaining = count
    while remaining > 0 {
      let x = Double(next)
      next += 1
      guard !isTaken(x) else { continue }
      markPending(x)
      points.append(x)
      improvements.append(0)
      remaining -= 1
    }
  }

  package mutating func tell(_ point: Span<Double>, value: Span<Double>) {
    precondition(point.count == 1 && value.count == valueCount)
    let x = point[0] + 0
    _ = pending.remove(x)
    known.insert(x.bitPattern)
  }

  package mutating func tellPending(_ point: Span<Double>) {
    precondition(point.count == 1)
    let x = point[0] + 0
    if !isTaken(x) { markPending(x) }
  }

  package mutating func tellFailed(_ point: Span<Double>) {
    precondition(point.count == 1)
    let x = point[0] + 0
    _ = pending.remove(x)
    if !known.contains(x.bitPattern) { failed.insert(x.bitPattern) }
  }

  package func loss(includingPending: Bool) -> Double { known.isEmpty ? .infinity : 0 }

  package var nextImprovement: Double { 0 }

  package func pendingPoints() -> PointBuffer {
    PointBuffer(dimension: 1, doubles: pending.sortedPoints())
  }

  package func snapshot() -> LearnerSnapshot {
    LearnerSnapshot(fields: [.init("next", .integers([Int64(next)]))])
  }

  /// The learner whose snapshot was taken.
  ///
  /// - Throws: ``LearnerError`` with code `badSnapshot` if the parts do not fit together.
  package init(
    restoring valueCount: Int, results: ResultLog, failed: PointBuffer,
    pending pendingPoints: PointBuffer, snapshot: LearnerSnapshot
  ) throws(LearnerError) {
    let counter = try snapshot.integers("next")
    guard counter.count == 1, (0...Int64(Int32.max)).contains(counter[0]), valueCount > 0,
      results.dimension == 1, failed.dimension == 1, pendingPoints.dimension == 1
    else {
      throw LearnerError(
        .badSnapshot, "a counter of points with one number each is needed, not \(counter)")
    }
    self.init(valueCount: valueCount)
    next = Int(counter[0])
    results.forEachSegment { segment in
      for x in segment.points { known.insert((x + 0).bitPattern) }
    }
    for x in failed.doubles { self.failed.insert((x + 0).bitPattern) }
    for x in pendingPoints.doubles {
      guard !isTaken(x + 0) else {
        throw LearnerError(
          .badSnapshot, "the pending point \(x) is known, failed or pending already")
      }
      markPending(x + 0)
    }
  }

  private func isTaken(_ x: Double) -> Bool {
    pending.slot(of: x) != nil || known.contains(x.bitPattern) || failed.contains(x.bitPattern)
  }

  private mutating func markPending(_ x: Double) {
    pending.insert(x, slot: pendingEver)
    pendingEver += 1
  }
}

/// A counting learner has nothing to be told.
package struct CountingSettings: LearnerSettings {
  package init() {}

  package init(_ fields: SettingFields) { self.init() }

  package var dimension: Int { 1 }

  package var fields: SettingFields { SettingFields() }

  package func makeLearner(valueCount: Int, seed: UInt64) -> any Learner {
    CountingLearner(valueCount: valueCount)
  }

  package func restoreLearner(
    _ record: LearnerRecord, valueCount: Int, seed: UInt64
  ) throws(LearnerError) -> any Learner {
    try CountingLearner(
      restoring: valueCount, results: record.results, failed: record.failed,
      pending: record.pending, snapshot: record.snapshot)
  }
}
