package import AdaptiveCore
import Delegation
package import NodeRuntime

/// Moves frames between the ranks of a simulated world: late by a random latency, in order from one
/// rank to another as MPI promises (MPI 4.0, section 3.5), and limited in number, so that a rank
/// that sends faster than others take is held back.
@safe
package final class SimulatedNetwork {
  package struct Plan: Sendable {
    /// Frames that a rank may have under way at once.
    package var framesPerRank: Int
    package var completion: Completion

    package init(
      framesPerRank: Int = Limits.framesInFlightMax, completion: Completion = .sent
    ) {
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

  private let plan: Plan
  private let costs: ClusterCosts
  private let ranks: RankTable
  private let faults: FaultPlan
  private let clock: SimulatedClock
  private let events: EventQueue
  private let meter: WorldMeter
  private let checker: ClusterChecker?
  private var random: RandomSource
  private let frames = FramePool()
  /// When the latest frame from one rank to another arrives, where neither is the other's parent.
  private var latestOfOthers: [UInt64: Int64] = [:]
  /// When the latest frame to each rank arrives, where faults reorder.
  private var latestTo: [Int64]
  private let scratch = UnsafeMutableRawBufferPointer.allocate(
    byteCount: Limits.frameBytesMax, alignment: 16)

  init(
    _ plan: Plan, costs: ClusterCosts, ranks: RankTable, faults: FaultPlan, seed: UInt64,
    clock: SimulatedClock, events: EventQueue, meter: WorldMeter, checker: ClusterChecker?
  ) {
    self.plan = plan
    self.costs = costs
    self.ranks = ranks
    self.faults = faults
    self.clock = clock
    self.events = events
    self.meter = meter
    self.checker = checker
    random = RandomSource(seed: seed, stream: 1)
    latestTo = Array(repeating: .min, count: faults.overtakingShare > 0 ? ranks.count : 0)
  }

  deinit {
    unsafe scratch.deallocate()
  }

  package func transport(of rank: Rank) -> SimulatedTransport {
    SimulatedTransport(rank: rank, network: self)
  }
}

// MARK: - Sending

extension SimulatedNetwork {
  fileprivate func lendFrame(to rank: Rank) -> LentFrame? {
    guard Int(ranks[rank].underWayCount) < plan.framesPerRank else {
      ranks[rank].isHeldBack = true
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
    clock.spend(costs.processing.send + costs.processing.byte * Double(byteCount))
    let index = unsafe frames.take(
      UnsafeRawBufferPointer(rebasing: scratch[..<byteCount]), from: source, to: destination)
    frames[index].isRepeated = isRepeated
    if let checker { unsafe checker.sent(frames[index].bytes, from: source, to: destination) }
    if plan.completion != .sent { ranks[source].underWayCount += 1 }
    events.schedule(
      .arrival(frame: index), at: arrival(byteCount, from: source, to: destination))
  }

  /// When a frame that is sent now arrives: no sooner than those before it of the same pair (MPI
  /// 4.0, section 3.5).
  private func arrival(
    _ byteCount: Int, from source: Rank, to destination: Rank
  ) -> Instant {
    let link =
      ranks[source].node == ranks[destination].node
      ? costs.withinNode : costs.betweenNodes
    let transfer = Int64(Double(byteCount) / link.bytesPerSecond * 1e9)
    let departure = max(clock.instant.nanoseconds, ranks[source].linkFreeAt) + transfer
    ranks[source].linkFreeAt = departure
    var latency = link.latency
    if link.spread > 0 { latency = random.nextLogNormal(median: latency, sigma: link.spread) }
    if faults.stallShare > 0, random.nextUnit() < faults.stallShare {
      latency *= faults.stallFactor
    }
    var at = departure + Int64(latency * 1e9)
    if faults.overtakingShare > 0 {
      let latest = latestTo[destination.number]
      if at <= latest, random.nextUnit() < faults.overtakingShare { at = latest + 1 }
      latestTo[destination.number] = max(latest, at)
    }
    at = max(at, latest(from: source, to: destination) + 1)
    setLatest(at, from: source, to: destination)
    return Instant(nanoseconds: at)
  }

  fileprivate func sendsUnderWay(from rank: Rank) -> Int {
    let count = Int(ranks[rank].underWayCount)
    if count > 0 { ranks[rank].isHeldBack = true }
    return count
  }

  private func complete(_ index: Int32) {
    let source = frames[index].source
    ranks[source].underWayCount -= 1
    guard ranks[source].isHeldBack else { return }
    ranks[source].isHeldBack = false
    events.wake(source, at: clock.instant)
  }
}

// MARK: - Receiving

extension SimulatedNetwork {
  /// A frame has arrived. The rank that it came for, if its loop sees it at once.
  func arrive(_ index: Int32) -> Rank? {
    let destination = frames[index].destination
    guard !ranks[destination].isDead else {
      if plan.completion != .sent { complete(index) }
      frames.release(index)
      return nil
    }
    let last = ranks[destination].last
    if last >= 0 {
      frames[last].next = index
    } else {
      ranks[destination].first = index
    }
    ranks[destination].last = index
    ranks[destination].waitingCount += 1
    if ranks[destination].isRoot {
      meter.waitsForRoot(Int(ranks[destination].waitingCount))
    } else if !ranks[destination].isLeaf {
      meter.waitsForSubmaster(Int(ranks[destination].waitingCount))
    }
    if plan.completion == .arrived { complete(index) }
    let isRung = ranks[frames[index].source].node == ranks[destination].node
    return events.announce(destination, at: clock.instant, isRung: isRung) ? destination : nil
  }

  fileprivate func receive(at rank: Rank, isSeen: Bool = true) -> ArrivedFrame? {
    release(ranks[rank].received)
    ranks[rank].received = -1
    let index = ranks[rank].first
    guard index >= 0 else { return nil }
    let frame = frames[index]
    ranks[rank].first = frame.next
    ranks[rank].waitingCount -= 1
    if frame.next < 0 { ranks[rank].last = -1 }
    ranks[rank].received = index
    if plan.completion == .received { complete(index) }
    if isSeen {
      let byteCount = Double(frame.byteCount)
      clock.spend(costs.processing.receive + costs.processing.byte * byteCount)
      if !frame.isRepeated, let checker {
        unsafe checker.received(frame.bytes, from: frame.source, at: rank)
      }
    }
    return unsafe ArrivedFrame(source: frame.source, bytes: frame.bytes)
  }

  /// A rank ends: what it was sent is lost, what it has sent still arrives.
  func end(_ rank: Rank) {
    ranks[rank].isDead = true
    while receive(at: rank, isSeen: false) != nil {}
  }

  /// When the last frame that was sent from one rank to another arrives, if any was.
  func lastArrival(from source: Rank, to destination: Rank) -> Instant? {
    let latest = latest(from: source, to: destination)
    return latest == .min ? nil : Instant(nanoseconds: latest)
  }

  private func latest(from source: Rank, to destination: Rank) -> Int64 {
    if ranks[source].parent == destination { return ranks[source].latestToParent }
    if ranks[destination].parent == source { return ranks[destination].latestFromParent }
    return latestOfOthers[Self.pair(source, destination)] ?? .min
  }

  private func setLatest(_ at: Int64, from source: Rank, to destination: Rank) {
    if ranks[source].parent == destination {
      ranks[source].latestToParent = at
    } else if ranks[destination].parent == source {
      ranks[destination].latestFromParent = at
    } else {
      latestOfOthers[Self.pair(source, destination)] = at
    }
  }

  private static func pair(_ source: Rank, _ destination: Rank) -> UInt64 {
    UInt64(UInt32(source.rawValue)) << 32 | UInt64(UInt32(destination.rawValue))
  }

  private func release(_ index: Int32) {
    if index >= 0 { frames.release(index) }
  }

  /// Frames that somebody has sent and nobody has received, but for those from and to the dead.
  var unreceivedCount: Int {
    let received = Set(ranks.ranks.map { ranks[$0].received })
    return (0..<Int32(frames.count)).count { index in
      !frames[index].isFree && !received.contains(index)
        && !ranks[frames[index].source].isDead && !ranks[frames[index].destination].isDead
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
