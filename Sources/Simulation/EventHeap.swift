/// What happens when, least time first; of one time, in the order in which it was put in.
///
/// An implicit heap of four children a node (Johnson, Inf. Proc. Letters 4(3), 1975): half as deep
/// as one of two, and the children lie side by side. O(log n).
@safe
final class EventHeap {
  struct Entry {
    var at: Int64
    /// Unique; grows with every entry.
    var sequence: UInt64
    var subject: Int32
    var kind: UInt8

    static func < (a: Entry, b: Entry) -> Bool {
      a.at != b.at ? a.at < b.at : a.sequence < b.sequence
    }
  }

  private var entries = UnsafeMutablePointer<Entry>.allocate(capacity: 64)
  private var capacity = 64
  private(set) var count = 0

  deinit { unsafe entries.deallocate() }

  var first: Entry? { count > 0 ? unsafe entries[0] : nil }

  func push(_ entry: Entry) {
    if count == capacity { grow() }
    var place = count
    count += 1
    while place > 0 {
      let parent = (place - 1) >> 2
      guard unsafe entry < entries[parent] else { break }
      unsafe entries[place] = entries[parent]
      place = parent
    }
    unsafe entries[place] = entry
  }

  /// Takes out the first of at least one entry.
  func pop() -> Entry {
    precondition(count > 0)
    let first = unsafe entries[0]
    count -= 1
    let last = unsafe entries[count]
    var place = 0
    while true {
      let child = 4 * place + 1
      guard child < count else { break }
      var least = child
      var other = child + 1
      let end = min(child + 4, count)
      while other < end {
        if unsafe entries[other] < entries[least] { least = other }
        other += 1
      }
      guard unsafe entries[least] < last else { break }
      unsafe entries[place] = entries[least]
      place = least
    }
    unsafe entries[place] = last
    return first
  }

  private func grow() {
    let larger = UnsafeMutablePointer<Entry>.allocate(capacity: 2 * capacity)
    unsafe larger.moveInitialize(from: entries, count: count)
    unsafe entries.deallocate()
    unsafe entries = larger
    capacity *= 2
  }
}
