import AdaptiveCore
import MPI

/// Receives that wait for frames from any rank, taken in the order in which they were started.
///
/// MPI matches messages to receives in that order too (MPI-4.0 §3.5), so looking at the oldest
/// alone keeps the order of each sender. A receive that waits takes a frame straight into its
/// memory; probing for it first costs a copy and two more calls. Measured with 8 bytes between two
/// ranks of one host, Open MPI 4.1: 0.20 µs one way against 0.35 µs, 7.9 million frames/s against
/// 6.3.
@safe
struct ReceiveRing: ~Copyable {
  private let capacity: Int
  private let memory: UnsafeMutableRawPointer
  private let requests: UnsafeMutablePointer<Request>
  private var oldest = 0
  private var isOldestBorrowed = false

  /// Starts `capacity` receives. Not collective.
  init(capacity: Int, on communicator: borrowing Communicator) throws(MPIError) {
    self.capacity = capacity
    unsafe memory = .allocate(byteCount: capacity * Limits.frameBytesMax, alignment: 64)
    unsafe requests = .allocate(capacity: capacity)
    for slot in 0..<capacity {
      unsafe (requests + slot).initialize(
        to: try communicator.receive(into: Self.bytes(of: slot, in: memory)))
    }
  }

  /// The oldest receive's frame if it has arrived. Its bytes are borrowed until the next call.
  mutating func next(
    on communicator: borrowing Communicator
  ) throws(MPIError) -> (status: Status, bytes: UnsafeRawBufferPointer)? {
    if isOldestBorrowed {
      unsafe requests[oldest] = unsafe try communicator.receive(
        into: Self.bytes(of: oldest, in: memory))
      oldest = oldest + 1 == capacity ? 0 : oldest + 1
      isOldestBorrowed = false
    }
    guard let status = unsafe try requests[oldest].test() else { return nil }
    isOldestBorrowed = true
    let bytes = unsafe Self.bytes(of: oldest, in: memory)
    return unsafe (status, UnsafeRawBufferPointer(rebasing: bytes[..<status.byteCount]))
  }

  /// Takes all receives back; returns how many frames had arrived and were never looked at. Not
  /// collective.
  func cancel() throws(MPIError) -> Int {
    var unseenCount = 0
    for slot in 0..<capacity where unsafe !requests[slot].isComplete {
      if unsafe try requests[slot].cancelReceive() != nil { unseenCount += 1 }
    }
    return unseenCount
  }

  /// Gives the memory back, after ``cancel()``; nothing else may be called after that.
  func deallocate() {
    unsafe requests.deinitialize(count: capacity)
    unsafe requests.deallocate()
    unsafe memory.deallocate()
  }

  private static func bytes(
    of slot: Int, in memory: UnsafeMutableRawPointer
  ) -> UnsafeMutableRawBufferPointer {
    unsafe UnsafeMutableRawBufferPointer(
      start: memory + slot * Limits.frameBytesMax, count: Limits.frameBytesMax)
  }
}
