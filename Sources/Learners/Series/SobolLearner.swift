package import AdaptiveCore
internal import RealModule

/// Asks for the points of a Sobol sequence over a box in their order and learns nothing: the
/// baseline that adaptive sampling must beat. Its own state is one integer.
///
/// The loss is the side of the cube that each known point has to itself in the unit box, n^(-1/d).
/// O(d) a point.
package struct SobolLearner: Learner {
  package let valueCount: Int
  private let settings: SobolSettings
  private let sequence: SobolSequence
  private var register: PointRegister
  /// The number of the next point of the sequence.
  private var next: UInt64 = 0

  package init(_ settings: SobolSettings, valueCount: Int, seed: UInt64) {
    self.valueCount = valueCount
    self.settings = settings
    sequence = SobolSequence(
      dimension: settings.dimension,
      scrambling: settings.isScrambled ? RandomSource(seed: seed) : nil)
    register = PointRegister(dimension: settings.dimension)
  }

  package var dimension: Int { settings.dimension }
  package var pointCount: Int { register.knownCount }
  package var pendingCount: Int { register.pendingCount }

  package mutating func ask(
    _ count: Int, appendingTo points: inout PointBuffer, improvements: inout [Double]
  ) {
    var remaining = count
    var point = [Double](repeating: 0, count: dimension)
    while remaining > 0, next < 1 << 32 {
      place(&point)
      next += 1
      let index = register.add(point.span)
      // Somebody else's point may be the same, or two of ours once they are rounded.
      guard register.state(index) == .waiting else { continue }
      improvements.append(side(register.knownCount + register.pendingCount + 1))
      register.set(index, .pending)
      points.append(point.span)
      remaining -= 1
    }
  }

  package mutating func tell(_ point: Span<Double>, value: Span<Double>) {
    precondition(value.count == valueCount)
    _ = register.tell(point)
  }

  package mutating func tellPending(_ point: Span<Double>) {
    register.tellPending(point)
    skipTaken()
  }

  package mutating func tellFailed(_ point: Span<Double>) { register.tellFailed(point) }

  package func loss(includingPending: Bool) -> Double {
    side(register.knownCount + (includingPending ? register.pendingCount : 0))
  }

  package var nextImprovement: Double {
    next < 1 << 32 ? side(register.knownCount + register.pendingCount + 1) : -.infinity
  }

  package func pendingPoints() -> PointBuffer { register.pendingPoints() }

  package func snapshot() -> LearnerSnapshot {
    LearnerSnapshot(fields: [.init("next", .integers([Int64(next)]))])
  }

  /// Goes past points of the sequence that are taken: those that a journal says were asked.
  private mutating func skipTaken() {
    var point = [Double](repeating: 0, count: dimension)
    while next < 1 << 32 {
      place(&point)
      guard let index = register.find(point.span), register.state(index) != .waiting else { return }
      next += 1
    }
  }

  /// Sets the coordinates of the next point of the sequence.
  private func place(_ point: inout [Double]) {
    for axis in 0..<dimension {
      let (lower, upper) = (settings.box[2 * axis], settings.box[2 * axis + 1])
      point[axis] = lower + (upper - lower) * sequence.coordinate(axis, of: UInt32(next))
    }
  }

  private func side(_ count: Int) -> Double {
    count == 0 ? .infinity : Double.pow(Double(count), -1 / Double(dimension))
  }

  /// The learner that was saved.
  init(
    restoring settings: SobolSettings, _ record: LearnerRecord, valueCount: Int, seed: UInt64
  ) throws(LearnerError) {
    try record.check(dimension: settings.dimension, valueCount: valueCount)
    self.init(settings, valueCount: valueCount, seed: seed)
    let saved = try record.snapshot.integers("next")
    guard saved.count == 1, (0...Int64(1) << 32).contains(saved[0]) else {
      throw LearnerError(.badSnapshot, "the number of the next point is one from 0, not \(saved)")
    }
    try register.restore(record)
    next = UInt64(saved[0])
  }
}

/// The box of a Sobol learner.
package struct SobolSettings: LearnerSettings {
  /// Lower and upper bound of each coordinate, one after another.
  package let box: [Double]
  package let isScrambled: Bool

  /// - Throws: ``LearnerError`` for bounds that are not finite or not in ascending order, or of
  ///   more dimensions than there are direction numbers for.
  package init(box: [Double], isScrambled: Bool) throws(LearnerError) {
    let dimension = box.count / 2
    let isOrdered = (0..<dimension).allSatisfy { axis in
      let (lower, upper) = (box[2 * axis], box[2 * axis + 1])
      return lower.isFinite && upper.isFinite && lower < upper && (upper - lower).isFinite
    }
    guard box.count.isMultiple(of: 2), (1...SobolSequence.dimensionMax).contains(dimension),
      isOrdered
    else {
      throw LearnerError(
        .badSettings,
        "bounds \(box): 1 to \(SobolSequence.dimensionMax) pairs of finite numbers are needed, the "
          + "first of each below the second")
    }
    self.box = box
    self.isScrambled = isScrambled
  }

  package init(_ fields: SettingFields) throws(LearnerError) {
    try self.init(
      box: try fields.doubles("bounds"), isScrambled: try fields.integer("scrambled") != 0)
  }

  package var dimension: Int { box.count / 2 }

  package var fields: SettingFields {
    SettingFields([
      .init("bounds", .doubles(box)), .init("scrambled", .integers([isScrambled ? 1 : 0])),
    ])
  }

  package func makeLearner(valueCount: Int, seed: UInt64) -> any Learner {
    SobolLearner(self, valueCount: valueCount, seed: seed)
  }

  package func restoreLearner(
    _ record: LearnerRecord, valueCount: Int, seed: UInt64
  ) throws(LearnerError) -> any Learner {
    try SobolLearner(restoring: self, record, valueCount: valueCount, seed: seed)
  }
}
