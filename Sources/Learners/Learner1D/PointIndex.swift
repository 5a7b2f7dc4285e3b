/// Finds the neighbours of a coordinate that the learner did not choose itself: all points in
/// ascending order, in blocks of bounded size.
///
/// A learner's own points need no search, so the index exists only while foreign points arrive.
/// Searching is O(log n), adding O(log n) plus the moves within one block.
struct PointIndex {
  private struct Entry {
    var x: Double
    var slot: Int32
  }

  private static let blockCountMax = 512

  /// The smallest coordinate of each block.
  private var starts: [Double] = []
  private var blocks: [[Entry]] = []

  /// Indexes the points of a chain. O(n).
  init(_ chain: PointChain) {
    var block: [Entry] = []
    var slot = chain.first
    while slot >= 0 {
      block.append(Entry(x: chain[slot].x, slot: slot))
      slot = chain[slot].next
      if block.count == Self.blockCountMax / 2 || slot < 0 {
        starts.append(block[0].x)
        blocks.append(block)
        block = []
      }
    }
  }

  /// The last point that is not right of `x`, or -1.
  func slot(atOrBefore x: Double) -> Int32 {
    guard let block = block(of: x) else { return -1 }
    let above = Self.firstIndex(blocks[block].count) { blocks[block][$0].x > x }
    return blocks[block][above - 1].slot
  }

  /// Adds a point whose coordinate is not in the index.
  mutating func insert(_ x: Double, slot: Int32) {
    let entry = Entry(x: x, slot: slot)
    guard !blocks.isEmpty else {
      starts = [x]
      blocks = [[entry]]
      return
    }
    let block = block(of: x) ?? 0
    let index = Self.firstIndex(blocks[block].count) { blocks[block][$0].x > x }
    blocks[block].insert(entry, at: index)
    starts[block] = blocks[block][0].x
    if blocks[block].count > Self.blockCountMax { split(block) }
  }

  private mutating func split(_ block: Int) {
    let half = blocks[block].count / 2
    let upper = Array(blocks[block][half...])
    blocks[block].removeSubrange(half...)
    blocks.insert(upper, at: block + 1)
    starts.insert(upper[0].x, at: block + 1)
  }

  /// The last block that does not start right of `x`.
  private func block(of x: Double) -> Int? {
    let above = Self.firstIndex(starts.count) { starts[$0] > x }
    return above == 0 ? nil : above - 1
  }

  /// The first index below `count` where an ascending condition holds, or `count`.
  private static func firstIndex(_ count: Int, where holds: (Int) -> Bool) -> Int {
    var low = 0
    var high = count
    while low < high {
      let middle = (low + high) / 2
      if holds(middle) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
