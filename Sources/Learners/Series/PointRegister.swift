import AdaptiveCore

/// Points by their coordinates, each with what became of it: open addressing with linear probing
/// over a flat table of coordinates (Knuth, The Art of Computer Programming 3, section 6.4).
///
/// O(d) a point; 8 d + 9 to 17 bytes. The hash is the same in every process. -0 and 0 are one
/// coordinate.
struct PointRegister: Sendable {
  enum State: UInt8 {
    /// Neither asked nor told yet.
    case waiting
    case pending
    case known
    case failed
  }

  let dimension: Int
  private(set) var coordinates: [Double] = []
  private var states: [State] = []
  /// Indices of points, -1 where a place is free.
  private var places = [Int32](repeating: -1, count: 16)
  private(set) var knownCount = 0
  private(set) var pendingCount = 0
  private(set) var failedCount = 0

  init(dimension: Int) { self.dimension = dimension }

  var count: Int { states.count }

  func state(_ index: Int) -> State { states[index] }

  func append(_ index: Int, to points: inout PointBuffer) {
    points.append(coordinates.span.extracting(index * dimension..<(index + 1) * dimension))
  }

  func coordinates(of index: Int) -> ArraySlice<Double> {
    coordinates[index * dimension..<(index + 1) * dimension]
  }

  /// The index of a point; nil if it was never added.
  func find(_ point: Span<Double>) -> Int? {
    let index = places[place(of: point)]
    return index < 0 ? nil : Int(index)
  }

  /// The index of a point, which is waiting if it is new.
  mutating func add(_ point: Span<Double>) -> Int {
    precondition(point.count == dimension)
    let free = place(of: point)
    if places[free] >= 0 { return Int(places[free]) }
    let index = states.count
    places[free] = Int32(index)
    for axis in point.indices { coordinates.append(point[axis] + 0) }
    states.append(.waiting)
    if 2 * states.count > places.count { grow() }
    return index
  }

  mutating func set(_ index: Int, _ state: State) {
    count(states[index], -1)
    states[index] = state
    count(state, 1)
  }

  /// Takes a value in; false if the point had one.
  mutating func tell(_ point: Span<Double>) -> Bool {
    let index = add(point)
    guard states[index] != .known else { return false }
    set(index, .known)
    return true
  }

  mutating func tellPending(_ point: Span<Double>) {
    let index = add(point)
    if states[index] == .waiting { set(index, .pending) }
  }

  mutating func tellFailed(_ point: Span<Double>) {
    let index = add(point)
    if states[index] != .known { set(index, .failed) }
  }

  /// All pending points in the order in which they were added. O(n).
  func pendingPoints() -> PointBuffer {
    var points = PointBuffer(dimension: dimension)
    for index in states.indices where states[index] == .pending {
      append(index, to: &points)
    }
    return points
  }

  private mutating func count(_ state: State, _ change: Int) {
    switch state {
    case .waiting: break
    case .pending: pendingCount += change
    case .known: knownCount += change
    case .failed: failedCount += change
    }
  }

  /// Where a point stands, or the free place where it would go.
  private func place(of point: Span<Double>) -> Int {
    var hash: UInt64 = 0
    for axis in point.indices {
      hash = (hash ^ (point[axis] + 0).bitPattern) &* 0x9E37_79B9_7F4A_7C15
      hash ^= hash >> 32
    }
    let mask = places.count - 1
    var place = Int(truncatingIfNeeded: hash) & mask
    while places[place] >= 0, !isEqual(Int(places[place]), point) { place = (place + 1) & mask }
    return place
  }

  private func isEqual(_ index: Int, _ point: Span<Double>) -> Bool {
    for axis in point.indices where coordinates[index * dimension + axis] != point[axis] + 0 {
      return false
    }
    return true
  }

  private mutating func grow() {
    places = [Int32](repeating: -1, count: 2 * places.count)
    for index in states.indices {
      let range = index * dimension..<(index + 1) * dimension
      places[place(of: coordinates.span.extracting(range))] = Int32(index)
    }
  }
}

// MARK: - Restoring

extension PointRegister {
  /// Takes in what a checkpoint holds of a learner.
  mutating func restore(_ record: LearnerRecord) throws(LearnerError) {
    record.results.forEachSegment { segment in
      for index in segment.seconds.indices {
        let range = index * dimension..<(index + 1) * dimension
        _ = tell(segment.points.span.extracting(range))
      }
    }
    for index in 0..<record.failed.count { record.failed.withPoint(index) { tellFailed($0) } }
    for index in 0..<record.pending.count {
      let before = pendingCount
      record.pending.withPoint(index) { tellPending($0) }
      guard pendingCount > before else {
        throw LearnerError(
          .badSnapshot,
          "the pending point \(Array(record.pending[index])) is known, failed or pending already")
      }
    }
  }
}
