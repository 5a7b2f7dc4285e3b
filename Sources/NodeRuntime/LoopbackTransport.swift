package import AdaptiveCore

/// Both ends of a transport inside one process, for a world of one rank: the root and its only leaf
/// hand frames to each other through two queues.
///
/// Both play on rank 0, so a frame's source is the other end whatever its rank.
package struct LoopbackTransport: Transport {
  package let rank = Rank(0)
  private let outgoing: FrameQueue
  private let incoming: FrameQueue
  private var received: Int?

  /// The root's end and the leaf's end.
  package static func pair() -> (root: LoopbackTransport, leaf: LoopbackTransport) {
    let down = FrameQueue()
    let up = FrameQueue()
    return (
      LoopbackTransport(outgoing: down, incoming: up),
      LoopbackTransport(outgoing: up, incoming: down)
    )
  }

  private init(outgoing: FrameQueue, incoming: FrameQueue) {
    self.outgoing = outgoing
    self.incoming = incoming
  }

  package mutating func lendFrame() -> LentFrame? {
    guard let slot = outgoing.takeFree() else { return nil }
    return unsafe LentFrame(slot: slot, bytes: outgoing.memory(of: slot))
  }

  package mutating func send(_ frame: LentFrame, byteCount: Int, to destination: Rank) {
    outgoing.enqueue(frame.slot, byteCount: byteCount)
  }

  package mutating func receive() -> ArrivedFrame? {
    if let received { incoming.free(received) }
    received = nil
    guard let (slot, byteCount) = incoming.dequeue() else { return nil }
    received = slot
    let memory = unsafe UnsafeRawBufferPointer(incoming.memory(of: slot))
    return unsafe ArrivedFrame(
      source: rank, bytes: UnsafeRawBufferPointer(rebasing: memory[..<byteCount]))
  }

  /// A frame is with the other end as soon as it is sent.
  package mutating func progressSends() -> Int { 0 }

  package mutating func close() -> Int {
    var count = 0
    while receive() != nil { count += 1 }
    return count
  }
}

/// Frames on their way from one end to the other, in memory that is used again.
@safe
private final class FrameQueue {
  private static let frameCount = 64
  private let storage = UnsafeMutableRawBufferPointer.allocate(
    byteCount: FrameQueue.frameCount * Limits.frameBytesMax, alignment: 16)
  private var freeSlots = Array((0..<FrameQueue.frameCount).reversed())
  private var queue: [(slot: Int, byteCount: Int)] = []
  private var first = 0

  deinit { unsafe storage.deallocate() }

  func memory(of slot: Int) -> UnsafeMutableRawBufferPointer {
    let start = slot * Limits.frameBytesMax
    return unsafe UnsafeMutableRawBufferPointer(
      rebasing: storage[start..<start + Limits.frameBytesMax])
  }

  func takeFree() -> Int? { freeSlots.popLast() }

  func free(_ slot: Int) { freeSlots.append(slot) }

  func enqueue(_ slot: Int, byteCount: Int) { queue.append((slot, byteCount)) }

  func dequeue() -> (slot: Int, byteCount: Int)? {
    guard first < queue.count else { return nil }
    let element = queue[first]
    first += 1
    if first == queue.count {
      queue.removeAll(keepingCapacity: true)
      first = 0
    }
    return element
  }
}
