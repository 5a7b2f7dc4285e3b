/// The intervals of a ``PointChain`` by priority: the largest first, of equals the leftmost.
///
/// An interval is known by the slot of its left point, so a priority can be changed or withdrawn in
/// O(log n). A heap of four children a node, whose entries hold the priority: the children that a
/// comparison reads lie in one or two cache lines. 16 bytes an interval and 4 a slot.
struct LossQueue {
  struct Entry {
    var priority: Double
    var slot: Int32
  }

  private var heap: [Entry] = []

  /// Index into `heap` by slot; -1 for a slot that is not queued.
  private var positions: [Int32] = []

  var count: Int { heap.count }

  /// The first interval of the order.
  var top: Entry? { heap.first }

  func contains(_ slot: Int32) -> Bool { positions[Int(slot)] >= 0 }

  /// Makes room for the slots below `count`.
  mutating func extend(to count: Int) {
    while positions.count < count { positions.append(-1) }
  }

  mutating func removeAll() {
    for entry in heap { positions[Int(entry.slot)] = -1 }
    heap.removeAll(keepingCapacity: true)
  }

  /// Queues an interval, or changes the priority of a queued one. O(log n).
  mutating func set(_ slot: Int32, _ priority: Double, in chain: PointChain) {
    let entry = Entry(priority: priority, slot: slot)
    let position = Int(positions[Int(slot)])
    if position < 0 {
      heap.append(entry)
      settle(entry, at: heap.count - 1, in: chain)
    } else {
      settle(entry, at: position, in: chain)
    }
  }

  /// Withdraws an interval; nothing happens if it is not queued. O(log n).
  mutating func remove(_ slot: Int32, in chain: PointChain) {
    let position = Int(positions[Int(slot)])
    guard position >= 0 else { return }
    positions[Int(slot)] = -1
    let last = heap.removeLast()
    if position < heap.count { settle(last, at: position, in: chain) }
  }

  /// Puts an entry where it belongs, starting at a free position of the heap.
  ///
  /// Positions and slots are indices that this type wrote itself, so the kernel does without
  /// checks: a sixth fewer instructions for an ask and a tell (callgrind, 1,000 points pending).
  private mutating func settle(_ entry: Entry, at start: Int, in chain: PointChain) {
    unsafe heap.withUnsafeMutableBufferPointer { heap in
      unsafe positions.withUnsafeMutableBufferPointer { positions in
        unsafe chain.nodes.withUnsafeBufferPointer { nodes in
          unsafe Kernel(
            heap: heap.baseAddress!, count: heap.count, positions: positions.baseAddress!,
            nodes: nodes.baseAddress!
          ).settle(entry, at: start)
        }
      }
    }
  }
}

extension LossQueue {
  /// The one of two intervals that comes before the other.
  static func first(_ a: Entry?, _ b: Entry?, in chain: PointChain) -> Entry? {
    guard let a else { return b }
    guard let b else { return a }
    if a.priority != b.priority { return a.priority > b.priority ? a : b }
    return chain[a.slot].x < chain[b.slot].x ? a : b
  }
}

/// The inner loops of a ``LossQueue``, on bare memory.
@unsafe
private struct Kernel {
  let heap: UnsafeMutablePointer<LossQueue.Entry>
  let count: Int
  let positions: UnsafeMutablePointer<Int32>
  let nodes: UnsafePointer<PointChain.Node>

  @inline(__always)
  func settle(_ entry: LossQueue.Entry, at start: Int) {
    if start > 0, unsafe precedes(entry, heap[(start - 1) >> 2]) {
      unsafe rise(entry, from: start)
    } else {
      unsafe sink(entry, from: start)
    }
  }

  @inline(__always)
  private func rise(_ entry: LossQueue.Entry, from start: Int) {
    var position = start
    while position > 0 {
      let parent = (position - 1) >> 2
      let above = unsafe heap[parent]
      guard unsafe precedes(entry, above) else { break }
      unsafe place(above, at: position)
      position = parent
    }
    unsafe place(entry, at: position)
  }

  @inline(__always)
  private func sink(_ entry: LossQueue.Entry, from start: Int) {
    var position = start
    while true {
      let firstChild = 4 &* position &+ 1
      guard unsafe firstChild < count else { break }
      var best = firstChild
      var below = unsafe heap[firstChild]
      var child = firstChild &+ 1
      let end = unsafe min(firstChild &+ 4, count)
      while child < end {
        let candidate = unsafe heap[child]
        if unsafe precedes(candidate, below) {
          best = child
          below = candidate
        }
        child &+= 1
      }
      guard unsafe precedes(below, entry) else { break }
      unsafe place(below, at: position)
      position = best
    }
    unsafe place(entry, at: position)
  }

  @inline(__always)
  private func place(_ entry: LossQueue.Entry, at position: Int) {
    unsafe heap[position] = entry
    unsafe positions[Int(entry.slot)] = Int32(truncatingIfNeeded: position)
  }

  /// Whether one interval comes before another.
  @inline(__always)
  private func precedes(_ a: LossQueue.Entry, _ b: LossQueue.Entry) -> Bool {
    if a.priority != b.priority { return a.priority > b.priority }
    return unsafe nodes[Int(a.slot)].x < nodes[Int(b.slot)].x
  }
}
