/// The points of an interval in ascending order, known and others, as a linked list in one array; a
/// point keeps its slot for ever.
///
/// Two orders share the list: each point's neighbours of any state, and the *ends* among them,
/// which are the points that a real interval can begin or end at. 32 bytes a point.
struct PointChain {
  /// What became of a point.
  enum State {
    case known
    case pending
    /// Given up inside the domain: it only divides the interval around it.
    case failed
    /// Given up at a bound of the domain: intervals end there, although it has no value.
    case failedBound
  }

  struct Node {
    var x: Double
    /// The loss of the interval to the next point, whatever the states; infinite where a known
    /// point is lacking on a side.
    var loss = Double.infinity
    var previous: Int32
    var next: Int32
    /// The index of a known point in the order of telling; negative for other states.
    var told: Int32
    /// For an end: the next end to the right, or -1. For any other point: the left end of the real
    /// interval around it, or -1 if there is none.
    var span: Int32 = -1

    var isEnd: Bool { told >= 0 || told == Node.failedBound }

    static let pending: Int32 = -1
    static let failed: Int32 = -2
    static let failedBound: Int32 = -3
  }

  private var nodes = OwnedArray<Node>()

  /// The leftmost and rightmost point, and the same of the ends; -1 if there is none.
  var first: Int32 = -1
  var last: Int32 = -1
  var firstEnd: Int32 = -1
  var lastEnd: Int32 = -1

  var count: Int { nodes.count }

  subscript(slot: Int32) -> Node {
    @inline(__always) get { nodes[Int(slot)] }
    @inline(__always) _modify { yield &nodes[Int(slot)] }
  }

  /// Comes before changes, as ``OwnedArray/own()`` does.
  @inline(__always)
  mutating func own() { nodes.own() }

  @inline(__always)
  func isLeft(_ a: Int64, of b: Int64) -> Bool { nodes[Int(a)].x < nodes[Int(b)].x }

  /// Adds a pending point that has no place in the order (yet).
  mutating func append(_ x: Double) -> Int32 {
    let slot = Int32(nodes.count)
    nodes.append(Node(x: x, previous: -1, next: -1, told: Node.pending))
    return slot
  }

  /// Adds a pending point behind `previous`, or as the first one if that is -1.
  mutating func insert(_ x: Double, after previous: Int32) -> Int32 {
    let slot = append(x)
    let next = previous >= 0 ? self[previous].next : first
    self[slot].previous = previous
    self[slot].next = next
    self[slot].span = realLeft(between: previous, next)
    if previous >= 0 { self[previous].next = slot } else { first = slot }
    if next >= 0 { self[next].previous = slot } else { last = slot }
    return slot
  }

  /// Makes a point an end of real intervals.
  ///
  /// - Returns: the ends to its left and right, -1 where there is none.
  mutating func makeEnd(_ slot: Int32) -> (left: Int32, right: Int32) {
    let x = self[slot].x
    var left: Int32 = -1
    var right: Int32 = firstEnd
    if self[slot].span >= 0 {
      left = self[slot].span
      right = self[left].span
    } else if firstEnd >= 0, self[firstEnd].x < x {
      // No interval surrounds the point: it lies right of all ends, or between two failed bounds.
      left = self[lastEnd].x < x ? lastEnd : firstEnd
      right = self[left].span
    }
    if left >= 0 { self[left].span = slot } else { firstEnd = slot }
    self[slot].span = right
    if right < 0 { lastEnd = slot }
    return (left, right)
  }

  /// The end to the left of an end, or -1.
  func end(before slot: Int32) -> Int32 {
    let previous = self[slot].previous
    guard previous >= 0 else { return -1 }
    return self[previous].isEnd ? previous : self[previous].span
  }

  /// Whether the stretch from one end to the next is a real interval: one of them must be known.
  func isInterval(_ left: Int32, _ right: Int32) -> Bool {
    left >= 0 && right >= 0 && (self[left].told >= 0 || self[right].told >= 0)
  }

  /// The left end of the real interval that holds the gap between two neighbours, or -1.
  private func realLeft(between left: Int32, _ right: Int32) -> Int32 {
    if right >= 0, !self[right].isEnd { return self[right].span }
    if left >= 0, !self[left].isEnd { return self[left].span }
    return isInterval(left, right) ? left : -1
  }

  /// Links all given points, which must be in ascending order and not linked yet, as the whole
  /// order.
  mutating func link(_ slots: [Int32]) {
    var previous: Int32 = -1
    var end: Int32 = -1
    first = slots.first ?? -1
    firstEnd = -1
    for slot in slots {
      self[slot].previous = previous
      self[slot].next = -1
      self[slot].span = -1
      if previous >= 0 { self[previous].next = slot }
      previous = slot
      guard self[slot].isEnd else { continue }
      if end >= 0 { self[end].span = slot } else { firstEnd = slot }
      end = slot
    }
    last = previous
    lastEnd = end
  }
}
