import AdaptiveCore

/// Frames under way in a simulated world, in memory that is used again: none is allocated once as
/// many of a size were under way at once.
@safe
final class FramePool {
  @safe
  struct Frame {
    var source = Rank(0)
    var destination = Rank(0)
    var byteCount: Int32 = 0
    /// The next frame in the same inbox or in the same list of free frames; -1 for none.
    var next: Int32 = -1
    /// The same frame came before.
    var isRepeated = false
    var isFree = false
    fileprivate var size: UInt8 = 0
    fileprivate var memory: UnsafeMutableRawPointer

    var bytes: UnsafeRawBufferPointer {
      unsafe UnsafeRawBufferPointer(start: memory, count: Int(byteCount))
    }
  }

  private static let sizes = [64, 256, 1024, 4096, Limits.frameBytesMax]
  /// Frames of the smaller sizes come from slabs of this many bytes.
  private static let slabBytes = 1 << 20

  private(set) var count = 0
  private var capacity = 0
  private var frames = UnsafeMutablePointer<Frame>.allocate(capacity: 0)
  /// By size: the first frame that is free; -1 for none.
  private let free = UnsafeMutablePointer<Int32>.allocate(capacity: sizes.count)
  private var slabs: [UnsafeMutableRawPointer] = unsafe []

  init() { unsafe free.initialize(repeating: -1, count: Self.sizes.count) }

  deinit {
    unsafe free.deallocate()
    for index in unsafe slabs.indices { unsafe slabs[index].deallocate() }
    unsafe frames.deallocate()
  }

  subscript(index: Int32) -> Frame {
    _read { yield unsafe frames[Int(index)] }
    _modify { yield unsafe &frames[Int(index)] }
  }

  /// A frame with a copy of these bytes.
  func take(
    _ bytes: UnsafeRawBufferPointer, from source: Rank, to destination: Rank
  ) -> Int32 {
    let size = Self.sizes.firstIndex { $0 >= bytes.count }!
    if unsafe free[size] < 0 { addSlab(size) }
    let index = unsafe free[size]
    unsafe free[size] = self[index].next
    self[index].source = source
    self[index].destination = destination
    self[index].byteCount = Int32(bytes.count)
    self[index].next = -1
    self[index].isRepeated = false
    self[index].isFree = false
    if let base = bytes.baseAddress {
      unsafe self[index].memory.copyMemory(from: base, byteCount: bytes.count)
    }
    return index
  }

  func release(_ index: Int32) {
    let size = Int(self[index].size)
    self[index].isFree = true
    self[index].next = unsafe free[size]
    unsafe free[size] = index
  }

  private func addSlab(_ size: Int) {
    let bytes = Self.sizes[size]
    let count = max(8, Self.slabBytes / bytes / 8)
    let slab = UnsafeMutableRawPointer.allocate(byteCount: count * bytes, alignment: 64)
    unsafe slabs.append(slab)
    reserve(self.count + count)
    for place in (0..<count).reversed() {
      var frame = unsafe Frame(memory: slab + place * bytes)
      frame.size = UInt8(size)
      frame.isFree = true
      frame.next = unsafe free[size]
      unsafe free[size] = Int32(self.count)
      unsafe (frames + self.count).initialize(to: frame)
      self.count += 1
    }
  }

  private func reserve(_ wanted: Int) {
    guard wanted > capacity else { return }
    capacity = max(wanted, 2 * capacity)
    let larger = UnsafeMutablePointer<Frame>.allocate(capacity: capacity)
    unsafe larger.moveInitialize(from: frames, count: count)
    unsafe frames.deallocate()
    unsafe frames = larger
  }
}
