/// Finds a pending point by the bits of its coordinate: open addressing with linear probing,
/// deletion without tombstones (Knuth, The Art of Computer Programming 3, section 6.4, algorithm
/// R).
///
/// O(1); 12 to 24 bytes a point. The hash is the same in every process, unlike a `Dictionary`'s.
struct PendingTable {
  private var keys: [UInt64]
  /// The slot stored beside a key; -1 marks a free place.
  private var slots: [Int32]
  private var mask: Int
  private(set) var count = 0

  init() {
    keys = Array(repeating: 0, count: 16)
    slots = Array(repeating: -1, count: 16)
    mask = 15
  }

  func slot(of x: Double) -> Int32? {
    let place = find(x.bitPattern)
    return slots[place] >= 0 ? slots[place] : nil
  }

  /// Adds a point that is not in the table.
  mutating func insert(_ x: Double, slot: Int32) {
    if 3 * (count + 1) > 2 * slots.count { grow() }
    let place = find(x.bitPattern)
    keys[place] = x.bitPattern
    slots[place] = slot
    count += 1
  }

  /// Takes a point out and returns its slot; nil if it is not in the table.
  mutating func remove(_ x: Double) -> Int32? {
    var hole = find(x.bitPattern)
    let found = slots[hole]
    guard found >= 0 else { return nil }
    var place = hole
    while true {
      place = (place + 1) & mask
      guard slots[place] >= 0 else { break }
      let distance = (place - home(keys[place])) & mask
      if distance >= (place - hole) & mask {
        keys[hole] = keys[place]
        slots[hole] = slots[place]
        hole = place
      }
    }
    slots[hole] = -1
    count -= 1
    return found
  }

  /// All points in ascending order of their slots. O(n log n).
  func sortedPoints() -> [Double] {
    slots.indices.filter { slots[$0] >= 0 }
      .sorted { slots[$0] < slots[$1] }
      .map { Double(bitPattern: keys[$0]) }
  }

  private func home(_ key: UInt64) -> Int {
    let mixed = (key ^ (key >> 32)) &* 0x9E37_79B9_7F4A_7C15
    return Int(truncatingIfNeeded: mixed >> 32) & mask
  }

  /// The place of a key, or the free one where it would go.
  private func find(_ key: UInt64) -> Int {
    var place = home(key)
    while slots[place] >= 0 && keys[place] != key { place = (place + 1) & mask }
    return place
  }

  private mutating func grow() {
    let oldKeys = keys
    let oldSlots = slots
    mask = 2 * slots.count - 1
    keys = Array(repeating: 0, count: mask + 1)
    slots = Array(repeating: -1, count: mask + 1)
    for place in oldSlots.indices where oldSlots[place] >= 0 {
      let new = find(oldKeys[place])
      keys[new] = oldKeys[place]
      slots[new] = oldSlots[place]
    }
  }
}
