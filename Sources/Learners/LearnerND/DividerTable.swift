/// The points that divide simplices without being vertices, by slots that are used again.
struct DividerTable: Sendable {
  let dimension: Int
  /// By slot: the point's number in the register; negative for a free slot.
  private var numbers: [Int32] = []
  /// By slot: the point in the unit box.
  private var coordinates: [Double] = []
  /// By slot: the simplices that the point divides.
  private var simplices: [[Int32]] = []
  private var freed: [Int32] = []

  init(dimension: Int) { self.dimension = dimension }

  mutating func add(_ number: Int32, at point: InlineArray<8, Double>) -> Int32 {
    if let slot = freed.popLast() {
      numbers[Int(slot)] = number
      for axis in 0..<dimension { coordinates[Int(slot) * dimension + axis] = point[axis] }
      return slot
    }
    numbers.append(number)
    for axis in 0..<dimension { coordinates.append(point[axis]) }
    simplices.append([])
    return Int32(numbers.count - 1)
  }

  mutating func remove(_ slot: Int32) {
    numbers[Int(slot)] = -1
    simplices[Int(slot)].removeAll(keepingCapacity: true)
    freed.append(slot)
  }

  func number(_ slot: Int32) -> Int32 { numbers[Int(slot)] }

  func point(_ slot: Int32) -> InlineArray<8, Double> {
    var point = InlineArray<8, Double>(repeating: 0)
    for axis in 0..<dimension { point[axis] = coordinates[Int(slot) * dimension + axis] }
    return point
  }

  /// A simplex that the point divides; -1 if it divides none.
  func home(_ slot: Int32) -> Int32 { simplices[Int(slot)].last ?? -1 }

  func simplices(_ slot: Int32) -> [Int32] { simplices[Int(slot)] }

  func divides(_ slot: Int32, _ simplex: Int32) -> Bool { simplices[Int(slot)].contains(simplex) }

  mutating func addSimplex(_ simplex: Int32, to slot: Int32) {
    simplices[Int(slot)].append(simplex)
  }

  mutating func removeSimplex(_ simplex: Int32, from slot: Int32) {
    guard let index = simplices[Int(slot)].lastIndex(of: simplex) else { return }
    simplices[Int(slot)].remove(at: index)
  }

  /// All slots in use, in the order in which their points were registered. O(n log n)
  func slotsInOrder() -> [Int32] {
    (0..<Int32(numbers.count)).filter { numbers[Int($0)] >= 0 }
      .sorted { numbers[Int($0)] < numbers[Int($1)] }
  }

  /// Whether one divider comes before another: by coordinates, so that no history counts.
  func precedes(_ a: Int32, _ b: Int32) -> Bool {
    for axis in 0..<dimension {
      let first = coordinates[Int(a) * dimension + axis]
      let second = coordinates[Int(b) * dimension + axis]
      if first != second { return first < second }
    }
    return numbers[Int(a)] < numbers[Int(b)]
  }
}

/// The divided simplices, each with its dividers, by numbers that are used again.
struct GroupTable: Sendable {
  private struct Group {
    var simplex: Int32 = -1
    /// Slots of dividers.
    var members: [Int32] = []
    /// No part's share of the volume is larger, but for rounding.
    var shareMax = 1.0
    /// Vertices of the triangulation of the parts; empty while there is none.
    var vertices: [Int32] = []
    /// One of the parts; negative while there is none.
    var part: Int32 = -1
    /// The volume of all parts.
    var volume = 0.0
    /// Whether the parts are queued.
    var isQueued = false
  }

  private var groups: [Group] = []
  private var freed: [Int32] = []

  mutating func add(_ simplex: Int32) -> Int32 {
    let group = freed.popLast() ?? Int32(groups.count)
    if Int(group) == groups.count { groups.append(Group()) }
    groups[Int(group)].simplex = simplex
    groups[Int(group)].shareMax = 1
    return group
  }

  mutating func remove(_ group: Int32) {
    groups[Int(group)].members.removeAll(keepingCapacity: true)
    groups[Int(group)].simplex = -1
    freed.append(group)
  }

  func simplex(_ group: Int32) -> Int32 { groups[Int(group)].simplex }

  func members(_ group: Int32) -> [Int32] { groups[Int(group)].members }

  func shareMax(_ group: Int32) -> Double { groups[Int(group)].shareMax }

  func isParted(_ group: Int32) -> Bool { groups[Int(group)].part >= 0 }

  func isQueued(_ group: Int32) -> Bool { groups[Int(group)].isQueued }

  func part(_ group: Int32) -> Int32 { groups[Int(group)].part }

  func vertices(_ group: Int32) -> [Int32] { groups[Int(group)].vertices }

  func volume(_ group: Int32) -> Double { groups[Int(group)].volume }

  /// - Parameter largestShare: of the simplex's parts around this member alone.
  mutating func addMember(_ slot: Int32, to group: Int32, largestShare: Double) {
    groups[Int(group)].members.append(slot)
    // What several members do is known once it is done.
    guard !isParted(group) else { return }
    groups[Int(group)].shareMax = groups[Int(group)].members.count == 1 ? largestShare : 1
  }

  mutating func removeMember(_ slot: Int32, from group: Int32) {
    groups[Int(group)].members.removeAll { $0 == slot }
    groups[Int(group)].shareMax = 1
  }

  mutating func setShareMax(_ share: Double, of group: Int32) {
    groups[Int(group)].shareMax = share
  }

  mutating func setQueued(_ group: Int32, _ isQueued: Bool) {
    groups[Int(group)].isQueued = isQueued
  }

  mutating func setPart(_ part: Int32, of group: Int32) { groups[Int(group)].part = part }

  mutating func addVertex(_ vertex: Int32, to group: Int32) {
    groups[Int(group)].vertices.append(vertex)
  }

  mutating func begin(_ group: Int32, part: Int32, volume: Double) {
    groups[Int(group)].part = part
    groups[Int(group)].volume = volume
  }

  mutating func endParts(of group: Int32) {
    groups[Int(group)].part = -1
    groups[Int(group)].isQueued = false
    groups[Int(group)].vertices.removeAll(keepingCapacity: true)
  }
}
