package import AdaptiveCore

/// Asks for 0, 1, 2, … and learns nothing: what is left of a campaign is the cost of delegation.
///
/// The loss is infinite until a value is known and 0 from then on. A byte a point.
package struct CountingLearner: Learner, Sendable {
  /// What became of a point; it only rises.
  private enum State: UInt8 { case untouched, pending, failed, known }

  package let valueCount: Int
  package private(set) var pointCount = 0
  package private(set) var pendingCount = 0

  /// Of 0, 1, 2, …; the next to be asked is the first that is not here.
  private var states: [State] = []

  /// As many from the first on are not pending.
  private var settledCount = 0

  /// All other points, in the order in which they were told without having been asked.
  private var strays: [(x: Double, state: State)] = []

  /// Their places, by their bits.
  private var strayPlaces: [UInt64: Int] = [:]

  package init(valueCount: Int) {
    precondition(valueCount > 0)
    self.valueCount = valueCount
  }

  package var dimension: Int { 1 }

  package mutating func ask(
    _ count: Int, appendingTo points: inout PointBuffer, improvements: inout [Double]
  ) {
    var remaining = count
    while remaining > 0 {
      let x = Double(states.count)
      if !strayPlaces.isEmpty, let stray = strayPlaces.removeValue(forKey: x.bitPattern) {
        states.append(strays[stray].state)
        strays[stray].state = .untouched
        continue
      }
      states.append(.pending)
      points.append(x)
      improvements.append(0)
      remaining -= 1
    }
    pendingCount += count
  }

  package mutating func tell(_ point: Span<Double>, value: Span<Double>) {
    precondition(point.count == 1 && value.count == valueCount)
    raise(point[0] + 0, to: .known)
  }

  package mutating func tellPending(_ point: Span<Double>) {
    precondition(point.count == 1)
    raise(point[0] + 0, to: .pending)
  }

  package mutating func tellFailed(_ point: Span<Double>) {
    precondition(point.count == 1)
    raise(point[0] + 0, to: .failed)
  }

  private mutating func raise(_ x: Double, to new: State) {
    if let place = place(of: x) {
      guard count(states[place], new) else { return }
      states[place] = new
      while settledCount < states.count, states[settledCount].rawValue > State.pending.rawValue {
        settledCount += 1
      }
    } else {
      let stray = strayPlaces[x.bitPattern] ?? insertStray(x)
      guard count(strays[stray].state, new) else { return }
      strays[stray].state = new
    }
  }

  /// Where the state of a point is; nil for a stray. The next to be asked gets its place here.
  private mutating func place(of x: Double) -> Int? {
    guard let place = Int(exactly: x), place >= 0, place <= states.count else { return nil }
    guard place == states.count else { return place }
    guard strayPlaces[x.bitPattern] == nil else { return nil }
    states.append(.untouched)
    return place
  }

  private mutating func insertStray(_ x: Double) -> Int {
    strayPlaces[x.bitPattern] = strays.count
    strays.append((x, .untouched))
    return strays.count - 1
  }

  /// Counts a change of state; false if there is none.
  private mutating func count(_ old: State, _ new: State) -> Bool {
    guard new.rawValue > old.rawValue else { return false }
    if old == .pending { pendingCount -= 1 }
    if new == .pending { pendingCount += 1 }
    if new == .known { pointCount += 1 }
    return true
  }

  package func loss(includingPending: Bool) -> Double { pointCount == 0 ? .infinity : 0 }

  package var nextImprovement: Double { 0 }

  package func pendingPoints() -> PointBuffer {
    let asked = (settledCount..<states.count).filter { states[$0] == .pending }.map { Double($0) }
    let others = strays.filter { $0.state == .pending }.map(\.x)
    return PointBuffer(dimension: 1, doubles: asked + others)
  }

  package func snapshot() -> LearnerSnapshot {
    LearnerSnapshot(fields: [.init("next", .integers([Int64(states.count)]))])
  }

  /// The learner whose snapshot was taken.
  ///
  /// - Throws: ``LearnerError`` with code `badSnapshot` if the parts do not fit together.
  package init(
    restoring valueCount: Int, results: ResultLog, failed: PointBuffer,
    pending pendingPoints: PointBuffer, snapshot: LearnerSnapshot
  ) throws(LearnerError) {
    let counter = try snapshot.integers("next")
    let touchedMax = results.count + failed.count + pendingPoints.count
    guard counter.count == 1, (0...Int64(touchedMax)).contains(counter[0]), valueCount > 0,
      results.dimension == 1, failed.dimension == 1, pendingPoints.dimension == 1
    else {
      throw LearnerError(
        .badSnapshot,
        "a counter of at most \(touchedMax) points with one number each is needed, not \(counter)")
    }
    self.init(valueCount: valueCount)
    states = Array(repeating: .untouched, count: Int(counter[0]))
    results.forEachSegment { segment in
      for x in segment.points { raise(x + 0, to: .known) }
    }
    for x in failed.doubles { raise(x + 0, to: .failed) }
    for x in pendingPoints.doubles {
      let before = pendingCount
      raise(x + 0, to: .pending)
      guard pendingCount > before else {
        throw LearnerError(
          .badSnapshot, "the pending point \(x) is known, failed or pending already")
      }
    }
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
