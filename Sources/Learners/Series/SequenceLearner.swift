package import AdaptiveCore

/// Has every point of a list evaluated once, in the order of the list: Python adaptive's
/// SequenceLearner. A point that stands in the list twice is evaluated once.
///
/// The loss is the share of the list that has neither a value nor failed. O(d) a point.
package struct SequenceLearner: Learner {
  package let valueCount: Int
  private let listCount: Int
  private var register: PointRegister
  /// No point of the list before this one is waiting.
  private var next = 0

  package init(_ settings: SequenceSettings, valueCount: Int) {
    self.valueCount = valueCount
    var register = PointRegister(dimension: settings.points.dimension)
    for index in 0..<settings.points.count {
      settings.points.withPoint(index) { _ = register.add($0) }
    }
    self.register = register
    listCount = register.count
  }

  package var dimension: Int { register.dimension }
  package var pointCount: Int { register.knownCount }
  package var pendingCount: Int { register.pendingCount }

  package mutating func ask(
    _ count: Int, appendingTo points: inout PointBuffer, improvements: inout [Double]
  ) {
    var remaining = count
    while remaining > 0, let index = firstWaiting() {
      register.set(index, .pending)
      register.append(index, to: &points)
      improvements.append(1 / Double(listCount))
      next = index + 1
      remaining -= 1
    }
  }

  package mutating func tell(_ point: Span<Double>, value: Span<Double>) {
    precondition(value.count == valueCount)
    _ = register.tell(point)
  }

  package mutating func tellPending(_ point: Span<Double>) { register.tellPending(point) }

  package mutating func tellFailed(_ point: Span<Double>) { register.tellFailed(point) }

  package func loss(includingPending: Bool) -> Double {
    // Foreign points, which are not in the list, come after it in the register.
    let foreign = register.count - listCount
    let pending = includingPending ? register.pendingCount : 0
    let finished = register.knownCount + register.failedCount + pending - foreign
    return Double(max(0, listCount - finished)) / Double(listCount)
  }

  package var nextImprovement: Double {
    firstWaiting() == nil ? -.infinity : 1 / Double(listCount)
  }

  /// O(n)
  package var supply: Int? {
    (next..<listCount).count { register.state($0) == .waiting }
  }

  package func pendingPoints() -> PointBuffer { register.pendingPoints() }

  package func snapshot() -> LearnerSnapshot { LearnerSnapshot(fields: []) }

  private func firstWaiting() -> Int? {
    var index = next
    while index < listCount, register.state(index) != .waiting { index += 1 }
    return index < listCount ? index : nil
  }

  /// The learner that was saved.
  init(
    restoring settings: SequenceSettings, _ record: LearnerRecord, valueCount: Int
  ) throws(LearnerError) {
    try record.check(dimension: settings.points.dimension, valueCount: valueCount)
    self.init(settings, valueCount: valueCount)
    try register.restore(record)
  }
}

/// The list of a sequence learner.
package struct SequenceSettings: LearnerSettings {
  /// At least one point, of finite coordinates.
  package let points: PointBuffer

  /// - Throws: ``LearnerError`` for an empty list or coordinates that are not finite.
  package init(points: PointBuffer) throws(LearnerError) {
    guard !points.isEmpty, points.doubles.allSatisfy(\.isFinite),
      points.count <= Limits.sequencePointsMax
    else {
      throw LearnerError(
        .badSettings,
        "1 to \(Limits.sequencePointsMax) points of finite numbers are needed, not \(points.count)")
    }
    self.points = points
  }

  package init(_ fields: SettingFields) throws(LearnerError) {
    try self.init(points: try fields.rows("points"))
  }

  package var dimension: Int { points.dimension }

  package var fields: SettingFields { SettingFields([.init("points", .rows(points))]) }

  package func makeLearner(valueCount: Int, seed: UInt64) -> any Learner {
    SequenceLearner(self, valueCount: valueCount)
  }

  package func restoreLearner(
    _ record: LearnerRecord, valueCount: Int, seed: UInt64
  ) throws(LearnerError) -> any Learner {
    try SequenceLearner(restoring: self, record, valueCount: valueCount)
  }
}

extension Limits {
  /// Points in the list of a sequence learner, which every rank gets at start.
  package static let sequencePointsMax = 1 << 24
}
