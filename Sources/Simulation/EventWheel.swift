/// What happens when, least time first; of one time, in the order in which it was put in.
///
/// What is due now stands in an ``EventHeap``. All that is later lies unordered in slots of time,
/// the further off the wider, and moves on to narrower ones when its time comes: hierarchical
/// timing wheels (Varghese and Lauck, SOSP 1987). What an entry costs does not grow with how many
/// there are: it moves at most once a level, and the heap is as small as a narrowest slot.
@safe
final class EventWheel {
  /// A slot of the first level is 2^16 ns wide, one of the next 2^6 of those.
  private static let slotBits = 16
  private static let levelBits = 6
  private static let slotsPerLevel = 1 << levelBits
  /// As many as 64 bits of nanoseconds need.
  private static let levelCount = (64 - slotBits) / levelBits

  private let now = EventHeap()
  /// Level after level, behind pointers as an event is put in with every turn: no access has to be
  /// recorded to enforce exclusivity.
  private let slots = UnsafeMutablePointer<[EventHeap.Entry]>.allocate(
    capacity: levelCount * slotsPerLevel)
  /// A bit for each slot of a level that holds something.
  private let occupied = UnsafeMutablePointer<UInt64>.allocate(capacity: levelCount)
  /// The narrowest slot, counted from the origin of time, whose entries and all before them are in
  /// the heap.
  private var current: UInt64 = 0

  init() {
    unsafe slots.initialize(repeating: [], count: Self.levelCount * Self.slotsPerLevel)
    unsafe occupied.initialize(repeating: 0, count: Self.levelCount)
  }

  deinit {
    unsafe slots.deinitialize(count: Self.levelCount * Self.slotsPerLevel)
    unsafe slots.deallocate()
    unsafe occupied.deallocate()
  }

  func push(_ entry: EventHeap.Entry) {
    let slot = UInt64(max(0, entry.at)) >> Self.slotBits
    guard slot > current else {
      now.push(entry)
      return
    }
    // The level of the first digit in which it differs from the present.
    let level = (63 - (slot ^ current).leadingZeroBitCount) / Self.levelBits
    let digit = Int(slot >> UInt64(level * Self.levelBits)) & (Self.slotsPerLevel - 1)
    unsafe slots[level * Self.slotsPerLevel + digit].append(entry)
    unsafe occupied[level] |= 1 << digit
  }

  /// The first entry; nil if there is none.
  var first: EventHeap.Entry? {
    while now.count == 0 {
      guard advance() else { return nil }
    }
    return now.first
  }

  /// Takes out what ``first`` has shown.
  func pop() -> EventHeap.Entry { now.pop() }

  /// Goes on to the next slot that holds something; false if none does.
  private func advance() -> Bool {
    guard let level = (0..<Self.levelCount).first(where: { unsafe occupied[$0] != 0 }) else {
      return false
    }
    let digit = unsafe occupied[level].trailingZeroBitCount
    unsafe occupied[level] ^= 1 << digit
    let place = level * Self.slotsPerLevel + digit
    let shift = UInt64(level * Self.levelBits)
    let above = current >> shift & ~UInt64(Self.slotsPerLevel - 1)
    current = (above | UInt64(digit)) << shift
    if level == 0 {
      for entry in unsafe slots[place] { now.push(entry) }
      unsafe slots[place].removeAll(keepingCapacity: true)
    } else {
      // Wide slots can be large, and are used once in a long time.
      let entries = unsafe slots[place]
      unsafe slots[place] = []
      for entry in entries { push(entry) }
    }
    return true
  }
}
