/// An array of plain elements that is asked once per change, rather than at each write, whether
/// somebody else shares its memory: ``own()`` comes before the first write of a change.
///
/// For inner loops that write a few elements at places which their own data structure made: an
/// index outside of 0..<count is a programming error that only debug builds notice.
@safe
struct OwnedArray<Element: BitwiseCopyable> {
  @safe
  private final class Memory {
    let base: UnsafeMutablePointer<Element>

    init(capacity: Int) { unsafe base = .allocate(capacity: capacity) }

    deinit { unsafe base.deallocate() }
  }

  private var memory: Memory
  private var base: UnsafeMutablePointer<Element>
  private var capacity: Int
  private(set) var count: Int

  init() { self.init(capacity: 4) }

  private init(capacity: Int) {
    memory = Memory(capacity: capacity)
    unsafe base = memory.base
    self.capacity = capacity
    count = 0
  }

  init(repeating element: Element, count: Int) {
    self.init(capacity: max(1, count))
    unsafe base.initialize(repeating: element, count: count)
    self.count = count
  }

  /// Makes sure that nobody else sees what is written from now on. O(1) unless somebody would.
  @inline(__always)
  mutating func own() {
    if !isKnownUniquelyReferenced(&memory) { move(capacity: capacity) }
  }

  subscript(index: Int) -> Element {
    @inline(__always) get {
      assert(index >= 0 && index < count)
      return unsafe base[index]
    }
    @inline(__always) _modify {
      assert(index >= 0 && index < count)
      yield &(unsafe base[index])
    }
  }

  /// Adds an element to an array that is owned.
  @inline(__always)
  mutating func append(_ element: Element) {
    if count == capacity { move(capacity: 2 * capacity) }
    unsafe (base + count).initialize(to: element)
    count += 1
  }

  /// The first `prefix` elements, then as many others as make `count`.
  mutating func grow(keeping prefix: Int, fill: Element, count newCount: Int) {
    assert(prefix <= count && count <= newCount)
    count = prefix
    if newCount > capacity { move(capacity: newCount) } else { own() }
    unsafe (base + prefix).initialize(repeating: fill, count: newCount - prefix)
    count = newCount
  }

  private mutating func move(capacity newCapacity: Int) {
    let moved = Memory(capacity: newCapacity)
    unsafe moved.base.initialize(from: base, count: count)
    memory = moved
    unsafe base = moved.base
    capacity = newCapacity
  }
}

extension OwnedArray: @unchecked Sendable where Element: Sendable {}
