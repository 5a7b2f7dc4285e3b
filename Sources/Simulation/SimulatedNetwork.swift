package import AdaptiveCore
import Delegation
package import NodeRuntime

/// Moves frames between the ranks of a simulated world: late by a random latency, in order from one
/// rank to another as MPI promises (MPI 4.0, section 3.5), and limited in number, so that a rank
/// that sends faster than others take is held back.
@safe
package final class SimulatedNetwork {
  package struct Plan: Sendable {
    /// Median of a frame's latency, which is log-normal.
    package var latency: TimeSpan
    /// Standard deviation of the latency's logarithm.
    package var latencySigma: Double
    /// Frames that a rank may have under way at once.
    package var framesPerRank: Int
    package var completion: Completion

    package init(
      latency: TimeSpan = .microseconds(20), latencySigma: Double = 0.2,
      framesPerRank: Int = Limits.framesInFlightMax, completion: Completion = .sent
    ) {
      self.latency = latency
      self.latencySigma = latencySigma
      self.framesPerRank = framesPerRank
      self.completion = completion
    }
  }

  /// When a send is complete, so that its frame may be lent again.
  package enum Completion: Sendable, CaseIterable {
    /// At once: the library has a copy, as with MPI's eager protocol.
    case sent
    /// When the frame has arrived.
    case arrived
    /// When the frame was received: a rendezvous.
    case received
  }

  @safe
  private struct Frame {
    var source = Rank(0)
    var destination = Rank(0)
    var memory = unsafe UnsafeMutableRawBufferPointer(start: nil, count: 0)
    /// The next frame in the same inbox; -1 for none.
    var next: Int32 = -1
    /// The same frame came before.
    var isRepeated = false
  }

  private struct Inbox {
    var first: Int32 = -1
    var last: Int32 = -1
    /// What was received last, and stays valid until the next receive.
    var received: Int32 = -1
    /// Frames sent from here and not complete yet.
    var underWayCount: Int32 = 0
    /// Waits for a send to complete.
    var isHeldBack = false
    /// The rank has ended: nothing reaches it.
    var isDead = false
  }

  private let plan: Plan
  private let faults: FaultPlan
  private let clock: SimulatedClock
  private let events: EventQueue
  private let checker: ClusterChecker?
  private var random: RandomSource
  private var frames: [Frame] = []
  private var freeFrames: [Int32] = []
  private var inboxes: [Inbox]
  /// When the latest frame from one rank to another arrives, so that none overtakes.
  private var latestArrival: [UInt64: Instant] = [:]
  private let scratch = UnsafeMutableRawBufferPointer.allocate(
    byteCount: Limits.frameBytesMax, alignment: 16)

  init(
    _ plan: Plan, faults: FaultPlan, rankCount: Int, seed: UInt64, clock: SimulatedClock,
    events: EventQueue,
    checker: ClusterChecker?
  ) {
    self.plan = plan
    self.faults = faults
    self.clock = clock
    self.events = events
    self.checker = checker
    random = RandomSource(seed: seed, stream: 1)
    inboxes = Array(repeating: Inbox(), count: rankCount)
  }

  deinit {
    for frame in frames { unsafe frame.memory.deallocate() }
    unsafe scratch.deallocate()
  }

  package func transport(of rank: Rank) -> SimulatedTransport {
    SimulatedTransport(rank: rank, network: self)
  }
}

// MARK: - Sending

extension SimulatedNetwork {
  fileprivate func lendFrame(to rank: Rank) -> LentFrame? {
    guard Int(inboxes[rank.number].underWayCount) < plan.framesPerRank else {
      inboxes[rank.number].isHeldBack = true
      return nil
    }
    if faults.refusalShare > 0, random.nextUnit() < faults.refusalShare {
      events.wake(rank, at: clock.instant + .microseconds(1))
      return nil
    }
    return unsafe LentFrame(slot: 0, bytes: scratch)
  }

  fileprivate func send(byteCount: Int, from source: Rank, to destination: Rank) {
    send(byteCount: byteCount, from: source, to: destination, isRepeated: false)
    if faults.duplicateShare > 0, unsafe isResults(scratch),
      random.nextUnit() < faults.duplicateShare
    {
      send(byteCount: byteCount, from: source, to: destination, isRepeated: true)
    }
  }

  /// Results that travel whole; pieces of one are counted by their receiver and cannot come twice.
  private func isResults(_ frame: UnsafeMutableRawBufferPointer) -> Bool {
    unsafe frame[0] == MessageCodec.Kind.results.rawValue
  }

  private func send(
    byteCount: Int, from source: Rank, to destination: Rank, isRepeated: Bool
  ) {
    let index = freeFrames.popLast() ?? newFrame()
    let memory = UnsafeMutableRawBufferPointer.allocate(
      byteCount: max(1, byteCount), alignment: 16)
    unsafe memory.copyMemory(from: UnsafeRawBufferPointer(rebasing: scratch[..<byteCount]))
    unsafe frames[Int(index)] = Frame(source: source, destination: destination, memory: memory)
    frames[Int(index)].isRepeated = isRepeated
    unsafe checker?.sent(UnsafeRawBufferPointer(memory), from: source, to: destination)
    if plan.completion != .sent { inboxes[source.number].underWayCount += 1 }

    var latency = random.nextLogNormal(median: plan.latency.seconds, sigma: plan.latencySigma)
    if faults.stallShare > 0, random.nextUnit() < faults.stallShare {
      latency *= faults.stallFactor
    }
    let edge = Self.edge(source, destination)
    var arrival = clock.instant + TimeSpan(seconds: latency)
    if let latest = latestArrival[edge] {
      arrival = max(arrival, latest + TimeSpan(nanoseconds: 1))
    }
    latestArrival[edge] = arrival
    events.schedule(.arrival(frame: index), at: arrival)
  }

  fileprivate func sendsUnderWay(from rank: Rank) -> Int {
    let count = Int(inboxes[rank.number].underWayCount)
    if count > 0 { inboxes[rank.number].isHeldBack = true }
    return count
  }

  private func newFrame() -> Int32 {
    frames.append(Frame())
    return Int32(frames.count - 1)
  }

  private func complete(_ index: Int32) {
    let source = frames[Int(index)].source
    inboxes[source.number].underWayCount -= 1
    guard inboxes[source.number].isHeldBack else { return }
    inboxes[source.number].isHeldBack = false
    events.wake(source, at: clock.instant)
  }
}

// MARK: - Receiving

extension SimulatedNetwork {
  /// A frame has arrived; its receiver is woken.
  func arrive(_ index: Int32) {
    let destination = frames[Int(index)].destination
    guard !inboxes[destination.number].isDead else {
      if plan.completion != .sent { complete(index) }
      release(index)
      return
    }
    let last = inboxes[destination.number].last
    if last >= 0 {
      frames[Int(last)].next = index
    } else {
      inboxes[destination.number].first = index
    }
    inboxes[destination.number].last = index
    if plan.completion == .arrived { complete(index) }
    events.wake(destination, at: clock.instant)
  }

  fileprivate func receive(at rank: Rank, isSeen: Bool = true) -> ArrivedFrame? {
    release(inboxes[rank.number].received)
    inboxes[rank.number].received = -1
    let index = inboxes[rank.number].first
    guard index >= 0 else { return nil }
    let frame = frames[Int(index)]
    inboxes[rank.number].first = frame.next
    if frame.next < 0 { inboxes[rank.number].last = -1 }
    inboxes[rank.number].received = index
    if plan.completion == .received { complete(index) }
    let bytes = unsafe UnsafeRawBufferPointer(frame.memory)
    let source = frame.source
    if isSeen, !frame.isRepeated { unsafe checker?.received(bytes, from: source, at: rank) }
    return unsafe ArrivedFrame(source: source, bytes: bytes)
  }

  /// A rank ends: what it was sent is lost, what it has sent still arrives.
  func end(_ rank: Rank) {
    inboxes[rank.number].isDead = true
    while receive(at: rank, isSeen: false) != nil {}
  }

  /// When the last frame that was sent from one rank to another arrives, if any was.
  func lastArrival(from source: Rank, to destination: Rank) -> Instant? {
    latestArrival[Self.edge(source, destination)]
  }

  private static func edge(_ source: Rank, _ destination: Rank) -> UInt64 {
    UInt64(UInt32(source.rawValue)) << 32 | UInt64(UInt32(destination.rawValue))
  }

  private func release(_ index: Int32) {
    guard index >= 0 else { return }
    unsafe frames[Int(index)].memory.deallocate()
    frames[Int(index)] = Frame()
    freeFrames.append(index)
  }

  /// True if a frame waits for `rank`.
  func hasArrivals(at rank: Rank) -> Bool { inboxes[rank.number].first >= 0 }

  /// True if `rank` waits for a send to complete.
  func isHeldBack(_ rank: Rank) -> Bool { inboxes[rank.number].isHeldBack }

  /// Frames that somebody has sent and nobody has received, but for those from and to the dead.
  var unreceivedCount: Int {
    let received = Set(inboxes.map(\.received))
    let free = Set(freeFrames)
    return frames.indices.count { index in
      let frame = frames[index]
      return !received.contains(Int32(index)) && !free.contains(Int32(index))
        && !inboxes[frame.source.number].isDead && !inboxes[frame.destination.number].isDead
    }
  }
}

/// One rank's end of a ``SimulatedNetwork``.
package struct SimulatedTransport: Transport {
  package let rank: Rank
  fileprivate let network: SimulatedNetwork

  package mutating func lendFrame() -> LentFrame? { network.lendFrame(to: rank) }

  package mutating func send(_ frame: LentFrame, byteCount: Int, to destination: Rank) {
    network.send(byteCount: byteCount, from: rank, to: destination)
  }

  package mutating func receive() -> ArrivedFrame? { network.receive(at: rank) }

  package mutating func progressSends() -> Int { network.sendsUnderWay(from: rank) }

  package mutating func close() -> Int {
    var count = 0
    while network.receive(at: rank) != nil { count += 1 }
    return count
  }
}
