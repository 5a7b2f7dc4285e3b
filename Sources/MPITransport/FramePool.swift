import AdaptiveCore
import MPI

/// Memory for a fixed number of frames to send, each bound with its request until that is complete.
///
/// The frame that became free last is lent first, so that light traffic stays in few pages. Nothing
/// is given back unless ``deallocate()`` is called: while a send is under way, MPI uses the memory.
@safe
struct FramePool: ~Copyable {
  private let capacity: Int
  private let memory: UnsafeMutableRawPointer
  private let freeSlots: UnsafeMutablePointer<Int>
  private let requests: UnsafeMutablePointer<RequestPool>
  private var freeCount: Int

  init(capacity: Int) {
    self.capacity = capacity
    unsafe memory = .allocate(byteCount: capacity * Limits.frameBytesMax, alignment: 64)
    unsafe freeSlots = .allocate(capacity: capacity)
    unsafe requests = .allocate(capacity: 1)
    for slot in 0..<capacity { unsafe freeSlots[slot] = capacity - 1 - slot }
    freeCount = capacity
    unsafe requests.initialize(to: RequestPool(capacity: capacity))
  }

  /// The slot to lend next; nil if every frame is being sent. It stays the same until it is held.
  var next: Int? { freeCount > 0 ? unsafe freeSlots[freeCount - 1] : nil }

  /// The memory of a slot.
  func bytes(of slot: Int) -> UnsafeMutableRawBufferPointer {
    invariant(0..<capacity ~= slot, "slot \(slot) of a pool of \(capacity) frames")
    return unsafe UnsafeMutableRawBufferPointer(
      start: memory + slot * Limits.frameBytesMax, count: Limits.frameBytesMax)
  }

  /// Keeps the slot ``next`` until the request, which must be under way, is complete.
  mutating func holdNext(until request: consuming Request) {
    invariant(freeCount > 0, "a frame of an empty pool was held")
    freeCount -= 1
    unsafe requests.pointee.insert(request, token: freeSlots[freeCount])
  }

  /// Frees the slots whose requests are complete; returns how many are still held.
  mutating func reclaim() throws(MPIError) -> Int {
    for index in 0..<(unsafe try requests.pointee.testSome()) {
      unsafe freeSlots[freeCount] = requests.pointee.completion(index).token
      freeCount += 1
    }
    return capacity - freeCount
  }

  /// Gives the memory back once no slot is held; nothing else may be called after that.
  func deallocate() {
    invariant(freeCount == capacity, "\(capacity - freeCount) frames are still being sent")
    unsafe requests.deinitialize(count: 1)
    unsafe requests.deallocate()
    unsafe freeSlots.deallocate()
    unsafe memory.deallocate()
  }
}
