/// Finds a pending point by the bits of its coordinate: open addressing with linear probing,
/// deletion without tombstones (Knuth, The Art of Computer Programming 3, section 6.4, algorithm
/// R).
///
/// O(1); 24 to 48 bytes a point. The hash is the same in every process, unlike a `Dictionary`'s.
struct PendingTable {
  private struct Entry {
    var key: UInt64
    /// -1 marks a free place.
    var slot: Int32

    static let free = Entry(key: 0, slot: -1)
  }

  private var entries = OwnedArray(repeating: Entry.free, count: 16)
  private(set) var count = 0

  private var mask: Int { entries.count - 1 }

  func slot(of x: Double) -> Int32? {
    let slot = entries[find(x.bitPattern)].slot
    return slot >= 0 ? slot : nil
  }

  /// Adds a point that is not in the table.
  mutating func insert(_ x: Double, slot: Int32) {
    if 3 * (count + 1) > 2 * entries.count { grow() }
    entries.own()
    entries[find(x.bitPattern)] = Entry(key: x.bitPattern, slot: slot)
    count += 1
  }

  /// Takes a point out and returns its slot; nil if it is not in the table.
  mutating func remove(_ x: Double) -> Int32? {
    var hole = find(x.bitPattern)
    let found = entries[hole].slot
    guard found >= 0 else { return nil }
    entries.own()
    var place = hole
    while true {
      place = (place &+ 1) & mask
      let entry = entries[place]
      guard entry.slot >= 0 else { break }
      let distance = (place &- home(entry.key)) & mask
      if distance >= (place &- hole) & mask {
        entries[hole] = entry
        hole = place
      }
    }
    entries[hole].slot = -1
    count -= 1
    return found
  }

  /// All points in ascending order of their slots. O(n log n).
  func sortedPoints() -> [Double] {
    (0..<entries.count).map { entries[$0] }.filter { $0.slot >= 0 }
      .sorted { $0.slot < $1.slot }
      .map { Double(bitPattern: $0.key) }
  }

  @inline(__always)
  private func home(_ key: UInt64) -> Int {
    let mixed = (key ^ (key >> 32)) &* 0x9E37_79B9_7F4A_7C15
    return Int(truncatingIfNeeded: mixed >> 32) & mask
  }

  /// The place of a key, or the free one where it would go.
  @inline(__always)
  private func find(_ key: UInt64) -> Int {
    var place = home(key)
    while entries[place].slot >= 0 && entries[place].key != key { place = (place &+ 1) & mask }
    return place
  }

  private mutating func grow() {
    let old = entries
    entries = OwnedArray(repeating: Entry.free, count: 2 * old.count)
    for place in 0..<old.count where old[place].slot >= 0 {
      entries[find(old[place].key)] = old[place]
    }
  }
}
