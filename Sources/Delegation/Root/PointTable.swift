package import AdaptiveCore

/// The root's points in flight: their coordinates, learner and attempt, by id.
///
/// An id holds the slot of its record in the lower half and how often that slot was used in the
/// upper half, so that it is found without a search, and is not seen again before a slot was used
/// 2³² times: hours after the last answer to its earlier owner. Memory grows with the
/// points in flight at once, not with those ever sent.
package struct PointTable: Sendable {
  /// A record's place while its point is in flight.
  package struct Slot: Hashable, Sendable {
    var position: UInt32
  }

  private struct Record {
    var useCount: UInt32 = 0
    var attempt = Attempt.first
    var learner = LearnerIndex(0)
    var dimension: Int32 = 0
    /// How many of the attempts before this one were lost with the ranks that held them.
    var lossCount: UInt32 = 0
    /// The child that holds the point, by its place among the children; -1 for none.
    var holder: Int32 = -1
    var isLive = false
  }

  private var records: [Record] = []
  private var freePositions: [UInt32] = []

  /// Coordinates of slot s at `s * stride`.
  private var coordinates: [Double] = []
  private let stride: Int

  /// Points in flight.
  package private(set) var count = 0

  /// - Parameter dimensionMax: doubles of the largest point.
  package init(dimensionMax: Int) { stride = dimensionMax }

  /// Takes a point in, under attempt 1.
  package mutating func insert(
    _ point: ArraySlice<Double>, learner: LearnerIndex
  ) -> Slot {
    invariant(point.count <= stride, "a point of dimension \(point.count)")
    let position: UInt32
    if let free = freePositions.popLast() {
      position = free
    } else {
      position = UInt32(records.count)
      records.append(Record())
      coordinates.append(contentsOf: repeatElement(0, count: stride))
    }
    let slot = Slot(position: position)
    records[Int(position)].useCount &+= 1
    records[Int(position)].attempt = .first
    records[Int(position)].learner = learner
    records[Int(position)].dimension = Int32(point.count)
    records[Int(position)].lossCount = 0
    records[Int(position)].holder = -1
    records[Int(position)].isLive = true
    let start = Int(position) * stride
    for offset in 0..<point.count { coordinates[start + offset] = point[point.startIndex + offset] }
    count += 1
    return slot
  }

  /// The record an answer belongs to; nil for an answer that is unknown, a repetition, or from an
  /// attempt that was given up.
  package func slot(of id: PointID, attempt: Attempt) -> Slot? {
    let position = Int(id.rawValue & 0xFFFF_FFFF)
    guard position < records.count else { return nil }
    let record = records[position]
    guard record.isLive, record.useCount == UInt32(id.rawValue >> 32), record.attempt == attempt
    else { return nil }
    return Slot(position: UInt32(position))
  }

  /// What goes down for this record.
  package func entry(_ slot: Slot) -> PointBatch.Entry {
    let record = records[Int(slot.position)]
    return PointBatch.Entry(
      id: PointID(UInt64(record.useCount) << 32 | UInt64(slot.position)), attempt: record.attempt,
      learner: record.learner, dimension: record.dimension)
  }

  package func coordinates(_ slot: Slot) -> ArraySlice<Double> {
    let start = Int(slot.position) * stride
    return coordinates[start..<start + Int(records[Int(slot.position)].dimension)]
  }

  /// From now on only answers to the next attempt count.
  ///
  /// - Parameter wasLost: the attempt before was lost with the rank that held it, and says nothing
  ///   against the point.
  package mutating func beginNextAttempt(_ slot: Slot, wasLost: Bool = false) {
    records[Int(slot.position)].attempt = records[Int(slot.position)].attempt.next
    records[Int(slot.position)].holder = -1
    if wasLost { records[Int(slot.position)].lossCount += 1 }
  }

  /// Attempts that were lost with the ranks that held them.
  package func lossCount(_ slot: Slot) -> Int { Int(records[Int(slot.position)].lossCount) }

  /// Attempts so far, this one included, but for those that were lost.
  package func tryCount(_ slot: Slot) -> Int {
    let record = records[Int(slot.position)]
    return Int(record.attempt.rawValue) - Int(record.lossCount)
  }

  package func isHeld(_ slot: Slot, by child: ChildTable.Index) -> Bool {
    records[Int(slot.position)].holder == child.position
  }

  package mutating func setHolder(_ slot: Slot, _ child: ChildTable.Index) {
    records[Int(slot.position)].holder = child.position
  }

  /// All points that a child holds. Takes time in proportion to the most points that were in flight
  /// at once.
  package func slots(heldBy child: ChildTable.Index) -> [Slot] {
    records.indices.filter { records[$0].isLive && records[$0].holder == child.position }
      .map { Slot(position: UInt32($0)) }
  }

  package mutating func remove(_ slot: Slot) {
    invariant(records[Int(slot.position)].isLive, "a point was removed twice")
    records[Int(slot.position)].isLive = false
    freePositions.append(slot.position)
    count -= 1
  }
}
