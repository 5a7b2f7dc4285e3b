import AdaptiveCore
import NodeRuntime

/// Carries frames between ranks of one process through queues, so that no polling of an MPI
/// library is counted.
struct MemoryTransport: Transport {
  let rank: Rank
  private let network: MemoryNetwork
  private var received: Int?

  init(rank: Rank, over network: MemoryNetwork) {
    self.rank = rank
    self.network = network
  }

  mutating func lendFrame() -> LentFrame? {
    guard let slot = network.freeSlots.popLast() else { return nil }
    return unsafe LentFrame(slot: slot, bytes: network.memory(of: slot))
  }

  mutating func send(_ frame: LentFrame, byteCount: Int, to destination: Rank) {
    network.inboxes[Int(destination.number)].append(
      MemoryNetwork.Arrival(slot: frame.slot, byteCount: byteCount, source: rank))
  }

  mutating func receive() -> ArrivedFrame? {
    if let received { network.freeSlots.append(received) }
    received = nil
    guard let arrival = network.inboxes[Int(rank.number)].popFirst() else { return nil }
    received = arrival.slot
    let memory = unsafe UnsafeRawBufferPointer(network.memory(of: arrival.slot))
    return unsafe ArrivedFrame(
      source: arrival.source, bytes: UnsafeRawBufferPointer(rebasing: memory[..<arrival.byteCount]))
  }

  mutating func progressSends() -> Int { 0 }

  mutating func close() -> Int { 0 }
}

/// The frames of all ranks and who waits for which.
@safe
final class MemoryNetwork {
  struct Arrival {
    let slot: Int
    let byteCount: Int
    let source: Rank
  }

  /// Arrived frames in order; emptied ones leave their memory to the next.
  struct Inbox {
    private var arrivals: [Arrival] = []
    private var first = 0

    mutating func append(_ arrival: Arrival) { arrivals.append(arrival) }

    mutating func popFirst() -> Arrival? {
      guard first < arrivals.count else { return nil }
      defer { first += 1 }
      let arrival = arrivals[first]
      if first + 1 == arrivals.count {
        arrivals.removeAll(keepingCapacity: true)
        first = -1
      }
      return arrival
    }
  }

  private static let frameCount = 1024
  private let storage = UnsafeMutableRawBufferPointer.allocate(
    byteCount: MemoryNetwork.frameCount * Limits.frameBytesMax, alignment: 16)
  var freeSlots = Array((0..<MemoryNetwork.frameCount).reversed())
  var inboxes: [Inbox]

  init(rankCount: Int) { inboxes = Array(repeating: Inbox(), count: rankCount) }

  deinit { unsafe storage.deallocate() }

  func memory(of slot: Int) -> UnsafeMutableRawBufferPointer {
    let start = slot * Limits.frameBytesMax
    return unsafe UnsafeMutableRawBufferPointer(
      rebasing: storage[start..<start + Limits.frameBytesMax])
  }
}
