import AdaptiveCore
import MPI
import MPITransport
import NodeRuntime

/// Frames of many sizes go around the ring unaltered.
func checkTransportSizes(
  _ world: borrowing Communicator, _ this: inout Report.Case
) throws(TransportError) {
  let next = (world.rank + 1) % world.size
  let previous = (world.rank + world.size - 1) % world.size
  let own = ByteBlock(count: Limits.frameBytesMax, seed: UInt64(world.rank))
  let expected = ByteBlock(count: Limits.frameBytesMax, seed: UInt64(previous))
  var transport = try MPITransport(over: world)
  this.expect(transport.rank == Rank(world.rank))
  let sizes = Array(0...64) + Array(stride(from: 65, to: Limits.frameBytesMax, by: 1009))
  for size in sizes + [Limits.frameBytesMax - 1, Limits.frameBytesMax] {
    unsafe try sendWhenLent(own.slice(0..<size), to: Rank(next), &transport)
    while true {
      if let frame = try transport.receive() {
        this.expect(frame.source == Rank(previous), "from \(frame.source)")
        this.expect(
          unsafe areEqual(frame.bytes, expected.slice(0..<size)), "wrong frame of \(size) bytes")
        break
      }
    }
  }
  this.expect(try transport.close() == 0)
}

/// Without anybody receiving, a rank runs out of frames and is told so; nothing is lost by that.
func checkBackPressure(
  _ world: borrowing Communicator, _ this: inout Report.Case
) throws(TransportError) {
  // MPI keeps no copy of a long message from a rank to itself, so that its frames surely run out.
  let ownRefusals = try sendUntilRefused(world, to: world.rank, &this)
  this.expect(ownRefusals == 1, "\(ownRefusals) refusals")
  // Between ranks MPI may take all frames: over TCP the receiver's end keeps what comes early.
  let refusals = try sendUntilRefused(world, to: (world.rank + 1) % world.size, &this)
  this.expect(refusals <= 1, "\(refusals) refusals")
}

/// Sends without receiving while frames are lent, but no more than a bound, and then receives all
/// that was sent to this rank. Returns how often a frame was refused before that.
private func sendUntilRefused(
  _ world: borrowing Communicator, to next: Int, _ this: inout Report.Case
) throws(TransportError) -> UInt64 {
  let triesMax = 500
  var transport = try MPITransport(over: world, frameCount: 4, receiveCount: 2)
  var sentCount = 0
  while sentCount < triesMax, let frame = try transport.lendFrame() {
    unsafe frame.bytes.storeBytes(of: sentCount, as: Int.self)
    try transport.send(frame, byteCount: Limits.frameBytesMax, to: Rank(next))
    sentCount += 1
  }
  let refusals = transport.counters.refusals
  this.expect(transport.counters.framesSent == UInt64(sentCount))

  // Everything that was sent arrives in order; the last frame of each rank is empty.
  var isEndSent = false
  var isEndReceived = false
  var expected = 0
  while !isEndSent || !isEndReceived {
    if !isEndSent, let frame = try transport.lendFrame() {
      try transport.send(frame, byteCount: 0, to: Rank(next))
      isEndSent = true
    }
    if let frame = try transport.receive() {
      if unsafe frame.bytes.isEmpty {
        isEndReceived = true
      } else {
        let number = unsafe frame.bytes.load(as: Int.self)
        this.expect(number == expected && !isEndReceived, "\(number) instead of \(expected)")
        expected += 1
      }
    }
  }
  this.expect(transport.counters.framesReceived == UInt64(expected + 1))
  this.expect(try transport.close() == 0)
  return refusals
}

/// Every rank sends frames of random sizes to random ranks, itself included. Each receiver draws
/// the senders' random numbers again, and so knows what must come from whom, in which order.
func checkStorm(
  _ world: borrowing Communicator, _ this: inout Report.Case
) throws(TransportError) {
  let seed: UInt64 = 0x5707_2026
  let frameCount = 3000
  let content = ByteBlock(count: 2 * Limits.frameBytesMax, seed: seed)
  var transport = try MPITransport(over: world, frameCount: 16, receiveCount: 4)
  var own = StormSchedule(seed: seed, source: world.rank, ranks: world.size, count: frameCount)
  var expected = (0..<world.size).map {
    StormSchedule(seed: seed, source: $0, ranks: world.size, count: frameCount)
  }
  var missingCount = 0
  for source in 0..<world.size {
    var schedule = expected[source]
    while schedule.next(to: world.rank) != nil { missingCount += 1 }
  }
  var unsent = own.next()
  while unsent != nil || missingCount > 0 {
    if let step = unsent, let frame = try transport.lendFrame() {
      unsafe frame.bytes.copyMemory(from: content.slice(step.content))
      try transport.send(frame, byteCount: step.content.count, to: Rank(step.destination))
      unsent = own.next()
    }
    if let frame = try transport.receive() {
      missingCount -= 1
      let step = expected[frame.source.number].next(to: world.rank)
      this.expect(
        step.map { unsafe areEqual(frame.bytes, content.slice($0.content)) } ?? false,
        "seed \(seed): a wrong frame from \(frame.source)")
    }
  }
  this.expect(try transport.close() == 0)
  this.expect(transport.counters.framesSent == UInt64(frameCount))
}

/// What one rank sends in a storm, drawn from a seed.
private struct StormSchedule {
  struct Step {
    let destination: Int
    let content: Range<Int>
  }

  private var random: RandomSource
  private var leftCount: Int
  private let ranks: Int

  init(seed: UInt64, source: Int, ranks: Int, count: Int) {
    random = RandomSource(seed: seed, stream: UInt64(source))
    leftCount = count
    self.ranks = ranks
  }

  /// Half of the frames are small, half of any size.
  mutating func next() -> Step? {
    guard leftCount > 0 else { return nil }
    leftCount -= 1
    let destination = Int.random(in: 0..<ranks, using: &random)
    let sizeMax = Bool.random(using: &random) ? 200 : Limits.frameBytesMax
    let size = Int.random(in: 0...sizeMax, using: &random)
    let start = Int.random(in: 0..<Limits.frameBytesMax, using: &random)
    return Step(destination: destination, content: start..<start + size)
  }

  mutating func next(to rank: Int) -> Step? {
    while let step = next() {
      if step.destination == rank { return step }
    }
    return nil
  }
}

/// Frames that nobody received are counted when the transport is closed.
func checkUnreceived(
  _ world: borrowing Communicator, _ this: inout Report.Case
) throws(TransportError) {
  var transport = try MPITransport(over: world)
  let block = ByteBlock(count: 16)
  for _ in 0..<3 { unsafe try sendWhenLent(block.bytes, to: transport.rank, &transport) }
  while try transport.receive() == nil {}
  this.expect(try transport.close() == 2)
}

/// An unknown rank is an error with MPI's words in it.
func checkTransportError(
  _ world: borrowing Communicator, _ this: inout Report.Case
) throws(TransportError) {
  var transport = try MPITransport(over: world)
  guard let frame = try transport.lendFrame() else {
    this.expect(false, "no frame in a new transport")
    return
  }
  do throws(TransportError) {
    try transport.send(frame, byteCount: 1, to: Rank(world.size))
    this.expect(false, "rank \(world.size) exists")
  } catch {
    this.expect(error.operation == "MPI_Isend" && error.code != 0, "\(error)")
    this.expect(!error.detail.isEmpty)
  }
  this.expect(try transport.close() == 0)
}

private func sendWhenLent(
  _ bytes: UnsafeRawBufferPointer, to destination: Rank, _ transport: inout MPITransport
) throws(TransportError) {
  while true {
    if let frame = try transport.lendFrame() {
      unsafe frame.bytes.copyMemory(from: bytes)
      return try transport.send(frame, byteCount: bytes.count, to: destination)
    }
  }
}
