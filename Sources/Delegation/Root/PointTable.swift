package import AdaptiveCore

/// The root's points in flight: their coordinates, learner and attempt, by id.
///
/// An id holds the slot of its record and how often that slot was used, so that it is found without
/// a search, and is not seen again before a slot was used 2³² times: hours after the last answer to
/// its earlier owner. Memory grows with the points in flight at once, not with those ever sent.
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
    /// The child and the leaf at which the attempt before failed; -1 for none.
    var avoidedChild: Int32 = -1
    var avoidedLeaf = Rank(-1)
    /// It may be what ended earlier worlds.
    var isSuspect = false
    /// When it was sent to its holder.
    var sentAt = Instant.origin
    /// The record of the same point that is with another child; -1 for none.
    var twin: Int32 = -1
    /// The twin was answered first: the answer is only awaited.
    var isUnneeded = false
    var isLive = false

    mutating func send(to child: ChildTable.Index, at now: Instant) {
      holder = child.position
      sentAt = now
    }
  }

  private var records: [Record] = []
  private var freePositions: [UInt32] = []

  /// Coordinates of slot s at `s * stride`.
  private var coordinates: [Double] = []
  private let stride: Int

  /// The root's number in its ids.
  private let root: Int

  /// Points in flight.
  package private(set) var count = 0

  /// Points in flight of which a twin was answered already.
  package private(set) var unneededCount = 0

  /// - Parameter dimensionMax: doubles of the largest point.
  package init(dimensionMax: Int, root: Int = 0) {
    stride = dimensionMax
    self.root = root
  }

  /// Takes a point in, under attempt 1.
  package mutating func insert(
    _ point: Span<Double>, learner: LearnerIndex, isSuspect: Bool = false
  ) -> Slot {
    invariant(point.count <= stride, "a point of dimension \(point.count)")
    let position: UInt32
    if let free = freePositions.popLast() {
      position = free
    } else {
      invariant(records.count < PointID.slotsMax, "more points in flight than ids can tell apart")
      position = UInt32(records.count)
      records.append(Record())
      coordinates.append(contentsOf: repeatElement(0, count: stride))
    }
    let slot = Slot(position: position)
    var record = Record()
    record.useCount = records[Int(position)].useCount &+ 1
    record.learner = learner
    record.dimension = Int32(point.count)
    record.isSuspect = isSuspect
    record.isLive = true
    records[Int(position)] = record
    let start = Int(position) * stride
    for offset in point.indices { coordinates[start + offset] = point[offset] }
    count += 1
    return slot
  }

  /// The record an answer belongs to; nil for an answer that is unknown, a repetition, or from an
  /// attempt that was given up.
  package func slot(of id: PointID, attempt: Attempt) -> Slot? {
    guard id.root == root, id.slot < records.count else { return nil }
    let record = records[Int(id.slot)]
    guard record.isLive, record.useCount == id.use, record.attempt == attempt else { return nil }
    return Slot(position: id.slot)
  }

  /// What goes down for this record.
  package func entry(_ slot: Slot) -> PointBatch.Entry {
    let record = records[Int(slot.position)]
    return PointBatch.Entry(
      id: PointID(slot: slot.position, root: root, use: record.useCount), attempt: record.attempt,
      learner: record.learner, dimension: record.dimension, avoided: record.avoidedLeaf,
      isSuspect: record.isSuspect)
  }

  package func learner(_ slot: Slot) -> LearnerIndex { records[Int(slot.position)].learner }

  package func appendCoordinates(of slot: Slot, to destination: inout [Double]) {
    let start = Int(slot.position) * stride
    for index in start..<start + Int(records[Int(slot.position)].dimension) {
      destination.append(coordinates[index])
    }
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

  /// The next attempt is to be made elsewhere, if there is another place.
  package mutating func avoid(_ slot: Slot, child: ChildTable.Index, leaf: Rank) {
    records[Int(slot.position)].avoidedChild = child.position
    records[Int(slot.position)].avoidedLeaf = leaf
  }

  /// The child at which the attempt before failed.
  package func avoidedChild(_ slot: Slot) -> ChildTable.Index? {
    let position = records[Int(slot.position)].avoidedChild
    return position < 0 ? nil : ChildTable.Index(position: position)
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

  package mutating func setHolder(_ slot: Slot, _ child: ChildTable.Index, at now: Instant) {
    records[Int(slot.position)].send(to: child, at: now)
  }

  /// The child that holds the point; nil if it waits to be sent.
  package func holder(_ slot: Slot) -> ChildTable.Index? {
    let position = records[Int(slot.position)].holder
    return position < 0 ? nil : ChildTable.Index(position: position)
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
    if unneededCount > 0, records[Int(slot.position)].isUnneeded { unneededCount -= 1 }
    freePositions.append(slot.position)
    count -= 1
  }
}

// MARK: - Twins

extension PointTable {
  /// Takes a point in once more, to be evaluated by another child as well.
  package mutating func insertTwin(of slot: Slot) -> Slot {
    let entry = entry(slot)
    let point = Array(coordinates(slot))
    let twin = insert(point.span, learner: entry.learner, isSuspect: entry.isSuspect)
    records[Int(slot.position)].twin = Int32(twin.position)
    records[Int(twin.position)].twin = Int32(slot.position)
    return twin
  }

  package func twin(_ slot: Slot) -> Slot? {
    let position = records[Int(slot.position)].twin
    return position < 0 ? nil : Slot(position: UInt32(position))
  }

  /// Its twin was answered, or will not be: from now on this is the only record of its point.
  package mutating func forgetTwin(_ slot: Slot) { records[Int(slot.position)].twin = -1 }

  /// Its twin was answered first.
  package mutating func setUnneeded(_ slot: Slot) {
    forgetTwin(slot)
    records[Int(slot.position)].isUnneeded = true
    unneededCount += 1
  }

  package func isUnneeded(_ slot: Slot) -> Bool { records[Int(slot.position)].isUnneeded }

  /// Points that children have held for longer than `span`, and no twin of them, longest first.
  /// Takes time in proportion to the most points that were in flight at once.
  package func stragglers(at now: Instant, heldFor span: TimeSpan) -> [Slot] {
    records.indices.filter { position in
      let record = records[position]
      return record.isLive && record.holder >= 0 && record.twin < 0 && !record.isUnneeded
        && now - record.sentAt > span
    }
    .sorted { (records[$0].sentAt, $0) < (records[$1].sentAt, $1) }
    .map { Slot(position: UInt32($0)) }
  }
}
