/// Decides between items of equal rank.
protocol RankTies {
  /// Whether one item comes before another one.
  func precedes(_ a: Int32, _ b: Int32) -> Bool
}

/// Numbered items by rank: the largest first. A rank can be changed or withdrawn in O(log n).
///
/// Ranks are compared by 36 of their bits, so that rounding noise makes no order; or by 8 decimals,
/// as in Python adaptive. A heap of four children a node; 16 bytes an item and 4 a number.
struct SimplexQueue: Sendable {
  struct Entry {
    var key: Double
    var item: Int32
  }

  private var heap: [Entry] = []
  /// Index into `heap` by item; -1 for one that is not queued.
  private var positions: [Int32] = []
  private let isDecimal: Bool

  init(isDecimal: Bool) { self.isDecimal = isDecimal }

  var count: Int { heap.count }

  var top: Entry? { heap.first }

  func contains(_ item: Int32) -> Bool {
    Int(item) < positions.count && positions[Int(item)] >= 0
  }

  /// What ranks are compared by.
  @inline(__always)
  func key(_ rank: Double) -> Double {
    if isDecimal {
      let shifted = rank * 1e8
      return shifted < 0x1p52 ? shifted.rounded(.toNearestOrEven) : shifted
    }
    return Double(bitPattern: (rank.bitPattern &+ 0x8000) & ~0xFFFF)
  }

  /// Queues an item, or changes the rank of a queued one. O(log n).
  @inline(__always)
  mutating func set<Ties: RankTies>(_ item: Int32, _ rank: Double, _ ties: Ties) {
    while positions.count <= Int(item) { positions.append(-1) }
    let entry = Entry(key: key(rank), item: item)
    let position = Int(positions[Int(item)])
    if position < 0 {
      heap.append(entry)
      settle(entry, at: heap.count - 1, ties)
    } else {
      settle(entry, at: position, ties)
    }
  }

  /// Withdraws an item; nothing happens if it is not queued. O(log n).
  @inline(__always)
  mutating func remove<Ties: RankTies>(_ item: Int32, _ ties: Ties) {
    guard contains(item) else { return }
    let position = Int(positions[Int(item)])
    positions[Int(item)] = -1
    let last = heap.removeLast()
    if position < heap.count { settle(last, at: position, ties) }
  }

  mutating func removeAll() {
    for entry in heap { positions[Int(entry.item)] = -1 }
    heap.removeAll(keepingCapacity: true)
  }

  /// Queues items, of which none is queued, all at once. O(n)
  mutating func fill<Ties: RankTies>(
    _ items: [(item: Int32, rank: Double)], _ ties: Ties
  ) {
    for (item, rank) in items {
      while positions.count <= Int(item) { positions.append(-1) }
      positions[Int(item)] = Int32(heap.count)
      heap.append(Entry(key: key(rank), item: item))
    }
    for position in stride(from: heap.count / 4, through: 0, by: -1) where position < heap.count {
      settle(heap[position], at: position, mayRise: false, ties)
    }
  }

  /// Calls `body` with the first item and all that are equal to it but for ties.
  func forEachFirst(_ body: (Int32) -> Void) {
    guard let key = heap.first?.key else { return }
    func visit(_ position: Int) {
      guard position < heap.count, heap[position].key == key else { return }
      body(heap[position].item)
      for child in 4 * position + 1...4 * position + 4 { visit(child) }
    }
    visit(0)
  }

  private mutating func settle<Ties: RankTies>(
    _ entry: Entry, at start: Int, mayRise: Bool = true, _ ties: Ties
  ) {
    let count = heap.count
    unsafe heap.withUnsafeMutableBufferPointer { heap in
      unsafe positions.withUnsafeMutableBufferPointer { positions in
        let heap = heap.baseAddress!
        let positions = positions.baseAddress!
        @inline(__always)
        func precedes(_ a: Entry, _ b: Entry) -> Bool {
          a.key != b.key ? a.key > b.key : ties.precedes(a.item, b.item)
        }
        @inline(__always)
        func place(_ entry: Entry, _ position: Int) {
          unsafe heap[position] = entry
          unsafe positions[Int(entry.item)] = Int32(truncatingIfNeeded: position)
        }
        var position = start
        while mayRise, position > 0 {
          let parent = (position - 1) >> 2
          let above = unsafe heap[parent]
          guard precedes(entry, above) else { break }
          place(above, position)
          position = parent
        }
        guard position == start else { return place(entry, position) }
        while true {
          let firstChild = 4 &* position &+ 1
          guard firstChild < count else { break }
          var best = firstChild
          var below = unsafe heap[firstChild]
          var child = firstChild &+ 1
          let end = min(firstChild &+ 4, count)
          while child < end {
            let candidate = unsafe heap[child]
            if precedes(candidate, below) {
              best = child
              below = candidate
            }
            child &+= 1
          }
          guard precedes(below, entry) else { break }
          place(below, position)
          position = best
        }
        place(entry, position)
      }
    }
  }
}
