import AdaptiveCore
import MPI
import MPITransport
import NodeRuntime

/// Prints one-way times of a ping-pong and message rates between ranks 0 and 1, for the transport
/// and for the other way to receive: a matched probe, then the receive.
func measure(
  _ environment: borrowing MPIEnvironment, _ world: borrowing Communicator
) throws(MPIError) {
  guard world.size == 2 else {
    print("measure needs 2 ranks")
    return
  }
  do throws(TransportError) {
    for size in [8, 256, 4096, 32 * 1024] {
      var ring = try MPITransport(over: world)
      try report("transport", environment, size, world.rank, &ring)
      _ = try ring.close()
      var probing = try ProbingTransport(over: world)
      try report("probe + receive", environment, size, world.rank, &probing)
      _ = try probing.close()
    }
  } catch {
    print("rank \(world.rank): \(error)")
    environment.abort(1)
  }
}

private func report<T: Transport & ~Copyable>(
  _ name: String, _ environment: borrowing MPIEnvironment, _ size: Int, _ rank: Int,
  _ transport: inout T
) throws(TransportError) {
  let microseconds = try pingPong(environment, size, rank, &transport)
  var rates: [Double] = []
  for _ in 0..<11 { rates.append(try messageRate(environment, size, rank, &transport)) }
  rates.sort()
  if rank == 0 {
    print(
      "\(name), \(size) bytes: one way \(microseconds) us, \(Int(rates[5])) frames/s (median), "
        + "\(Int(rates[10])) (best)")
  }
}

/// The median of one-way times in microseconds.
private func pingPong<T: Transport & ~Copyable>(
  _ environment: borrowing MPIEnvironment, _ size: Int, _ rank: Int, _ transport: inout T
) throws(TransportError) -> Double {
  var times: [Double] = []
  for _ in 0..<20_000 {
    let start = environment.wallTime
    if rank == 0 {
      try send(size, to: 1, &transport)
      try awaitFrame(&transport)
    } else {
      try awaitFrame(&transport)
      try send(size, to: 0, &transport)
    }
    times.append((environment.wallTime - start) / 2)
  }
  times.sort()
  return (times[times.count / 2] * 1e9).rounded() / 1e3
}

/// Frames per second from rank 0 to rank 1, in windows of 64 with an answer to each.
private func messageRate<T: Transport & ~Copyable>(
  _ environment: borrowing MPIEnvironment, _ size: Int, _ rank: Int, _ transport: inout T
) throws(TransportError) -> Double {
  let windows = 1000
  let start = environment.wallTime
  for _ in 0..<windows {
    if rank == 0 {
      for _ in 0..<64 { try send(size, to: 1, &transport) }
      try awaitFrame(&transport)
    } else {
      for _ in 0..<64 { try awaitFrame(&transport) }
      try send(1, to: 0, &transport)
    }
  }
  return Double(windows * 64) / (environment.wallTime - start)
}

private func send<T: Transport & ~Copyable>(
  _ size: Int, to destination: Int, _ transport: inout T
) throws(TransportError) {
  while true {
    if let frame = try transport.lendFrame() {
      return try transport.send(frame, byteCount: size, to: Rank(destination))
    }
  }
}

private func awaitFrame<T: Transport & ~Copyable>(_ transport: inout T) throws(TransportError) {
  while true {
    if try transport.receive() != nil { return }
    _ = try transport.progressSends()
  }
}

/// Looks for a message and then receives it.
private struct ProbingTransport: ~Copyable, Transport {
  let rank: Rank
  private let communicator: Communicator
  private var sends = RequestPool(capacity: 256)
  private let sent = ByteBlock(count: Limits.frameBytesMax)
  private let received = ByteBlock(count: Limits.frameBytesMax)

  init(over communicator: borrowing Communicator) throws(TransportError) {
    do throws(MPIError) {
      self.communicator = try communicator.duplicate()
    } catch {
      throw TransportError(operation: error.operation, detail: error.message)
    }
    rank = Rank(communicator.rank)
  }

  /// All frames are the same memory, which nobody changes.
  mutating func lendFrame() throws(TransportError) -> LentFrame? {
    if sends.isFull { _ = try progressSends() }
    return sends.isFull ? nil : unsafe LentFrame(slot: 0, bytes: sent.mutableBytes)
  }

  mutating func send(
    _ frame: LentFrame, byteCount: Int, to destination: Rank
  ) throws(TransportError) {
    do throws(MPIError) {
      var request = unsafe try communicator.send(
        sent.slice(0..<byteCount), to: destination.number, tag: 0)
      if try request.test() == nil { sends.insert(request, token: 0) }
    } catch {
      throw TransportError(operation: error.operation, detail: error.message)
    }
  }

  mutating func receive() throws(TransportError) -> ArrivedFrame? {
    do throws(MPIError) {
      guard let message = try communicator.matchedProbe() else { return nil }
      let status = message.status
      unsafe try message.receive(into: received.mutableBytes)
      return unsafe ArrivedFrame(
        source: Rank(status.source), bytes: received.slice(0..<status.byteCount))
    } catch {
      throw TransportError(operation: error.operation, detail: error.message)
    }
  }

  mutating func progressSends() throws(TransportError) -> Int {
    do throws(MPIError) {
      _ = try sends.testSome()
    } catch {
      throw TransportError(operation: error.operation, detail: error.message)
    }
    return sends.count
  }

  mutating func close() throws(TransportError) -> Int {
    while try progressSends() > 0 {}
    return 0
  }
}
