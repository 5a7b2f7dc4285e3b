import AdaptiveCore
import MPI

/// Every length from 0 to 32 KiB goes once around the ring, many at a time.
func checkAllSizes(
  _ world: borrowing Communicator, _ this: inout Report.Case
) throws(MPIError) {
  let window = 256
  let bytesMax = 32 * 1024
  let next = (world.rank + 1) % world.size
  let previous = (world.rank + world.size - 1) % world.size
  let sent = ByteBlock(count: 2 * bytesMax, seed: UInt64(world.rank))
  let expected = ByteBlock(count: 2 * bytesMax, seed: UInt64(previous))
  let received = ByteBlock(count: window * bytesMax)
  var pool = RequestPool(capacity: 2 * window)
  for start in stride(from: 0, through: bytesMax, by: window) {
    let sizes = start..<min(start + window, bytesMax + 1)
    for size in sizes {
      let place = (size - start) * bytesMax
      let request = unsafe try world.receive(
        into: received.mutableSlice(place..<place + size), from: .rank(previous), tag: .exactly(1))
      pool.insert(request, token: size)
    }
    for size in sizes {
      let request = unsafe try world.send(sent.slice(size..<2 * size), to: next, tag: 1)
      pool.insert(request, token: -1)
    }
    while pool.count > 0 {
      for index in 0..<(try pool.testSome()) where pool.completion(index).token >= 0 {
        let size = pool.completion(index).token
        let place = (size - start) * bytesMax
        this.expect(
          pool.completion(index).status == Status(source: previous, tag: 1, byteCount: size),
          "\(pool.completion(index)) for \(size) bytes")
        this.expect(
          unsafe areEqual(
            received.slice(place..<place + size), expected.slice(size..<2 * size)),
          "wrong bytes in a message of \(size)")
      }
    }
  }
}

func checkLargeMessages(
  _ world: borrowing Communicator, _ this: inout Report.Case
) throws(MPIError) {
  let next = (world.rank + 1) % world.size
  let previous = (world.rank + world.size - 1) % world.size
  for count in [65_536, 65_537, 1 << 20, 5_000_011] {
    let sent = ByteBlock(count: count, seed: UInt64(world.rank))
    let expected = ByteBlock(count: count, seed: UInt64(previous))
    let received = ByteBlock(count: count)
    var receive = unsafe try world.receive(into: received.mutableBytes)
    var send = unsafe try world.send(sent.bytes, to: next, tag: 2)
    let status = try receive.wait()
    _ = try send.wait()
    this.expect(status == Status(source: previous, tag: 2, byteCount: count), "\(status)")
    this.expect(unsafe areEqual(received.bytes, expected.bytes), "wrong bytes of \(count)")
  }
}

/// Every rank sends numbered messages to every rank, itself included.
func checkOrder(_ world: borrowing Communicator, _ this: inout Report.Case) throws(MPIError) {
  let count = 200
  let numbers = ByteBlock(count: count * 8)
  for number in 0..<count {
    unsafe numbers.mutableBytes.storeBytes(of: number, toByteOffset: number * 8, as: Int.self)
  }
  var sends = RequestPool(capacity: count * world.size)
  for number in 0..<count {
    for destination in 0..<world.size {
      let request = unsafe try world.send(
        numbers.slice(number * 8..<number * 8 + 8), to: destination, tag: 3)
      sends.insert(request, token: 0)
    }
  }
  let received = ByteBlock(count: 8)
  var expected = [Int](repeating: 0, count: world.size)
  for _ in 0..<count * world.size {
    var receive = unsafe try world.receive(into: received.mutableBytes, tag: .exactly(3))
    let source = try receive.wait().source
    let number = unsafe received.bytes.load(as: Int.self)
    this.expect(number == expected[source], "\(number) after \(expected[source]) from \(source)")
    expected[source] = number + 1
  }
  while sends.count > 0 { _ = try sends.testSome() }
}

func checkProbe(_ world: borrowing Communicator, _ this: inout Report.Case) throws(MPIError) {
  let next = (world.rank + 1) % world.size
  let previous = (world.rank + world.size - 1) % world.size
  let block = ByteBlock(count: 100, seed: 4)
  this.expect(try world.probe(tag: .exactly(4)) == nil, "a message before any was sent")
  try world.barrier()
  var send = unsafe try world.send(block.slice(0..<77), to: next, tag: 4)
  var found: Status?
  while found == nil { found = try world.probe() }
  this.expect(found == Status(source: previous, tag: 4, byteCount: 77), "\(found!)")
  this.expect(try world.probe(from: .rank(previous), tag: .exactly(5)) == nil, "wrong tag")
  this.expect(try world.probe(tag: .exactly(4)) == found, "a probe must not take the message")
  let received = ByteBlock(count: 77)
  var receive = unsafe try world.receive(into: received.mutableBytes)
  _ = try receive.wait()
  _ = try send.wait()
  this.expect(unsafe areEqual(received.bytes, block.slice(0..<77)))
  this.expect(try world.probe() == nil, "a receive must take the message")
}

/// Two matched messages can be received in either order, and no other receive sees them.
func checkMatchedProbe(
  _ world: borrowing Communicator, _ this: inout Report.Case
) throws(MPIError) {
  let next = (world.rank + 1) % world.size
  let block = ByteBlock(count: 64, seed: 5)
  var first = unsafe try world.send(block.slice(0..<10), to: next, tag: 5)
  var second = unsafe try world.send(block.slice(10..<30), to: next, tag: 5)
  let early = try matchNext(world)
  let late = try matchNext(world)
  this.expect(try world.probe() == nil, "matched messages must not be seen again")
  this.expect(early.status.byteCount == 10 && late.status.byteCount == 20, "\(early.status)")
  let received = ByteBlock(count: 64)
  unsafe try late.receive(into: received.mutableSlice(10..<64))
  unsafe try early.receive(into: received.mutableSlice(0..<10))
  this.expect(unsafe areEqual(received.slice(0..<30), block.slice(0..<30)))
  _ = try first.wait()
  _ = try second.wait()
}

private func matchNext(_ world: borrowing Communicator) throws(MPIError) -> MatchedMessage {
  while true {
    if let message = try world.matchedProbe() { return message }
  }
}

/// Not with oneself: Open MPI 4.1 cuts a rank's messages to itself silently.
func checkTruncation(
  _ world: borrowing Communicator, _ this: inout Report.Case
) throws(MPIError) {
  guard world.size > 1 else { return }
  let next = (world.rank + 1) % world.size
  let block = ByteBlock(count: 64)
  var receive = unsafe try world.receive(into: block.mutableSlice(0..<16), tag: .exactly(6))
  var send = unsafe try world.send(block.slice(16..<64), to: next, tag: 6)
  do throws(MPIError) {
    let status = try receive.wait()
    this.expect(false, "48 bytes fitted into 16: \(status)")
  } catch {
    this.expect(error.errorClass == .truncate, "\(error)")
    this.expect(error.operation == "MPI_Wait" && !error.message.isEmpty, "\(error)")
  }
  _ = try send.wait()
}

func checkCancellation(
  _ world: borrowing Communicator, _ this: inout Report.Case
) throws(MPIError) {
  let block = ByteBlock(count: 64)
  var nothing = unsafe try world.receive(into: block.mutableSlice(0..<16), tag: .exactly(7))
  this.expect(try nothing.test() == nil)
  this.expect(try nothing.cancelReceive() == nil, "a receive without a message was completed")
  this.expect(nothing.isComplete)

  var arrived = unsafe try world.receive(into: block.mutableSlice(0..<16), tag: .exactly(8))
  var send = unsafe try world.send(block.slice(16..<24), to: world.rank, tag: 8)
  _ = try send.wait()
  let status = try arrived.cancelReceive()
  this.expect(status == Status(source: world.rank, tag: 8, byteCount: 8), "a message was lost")
}

func checkRefusals(_ world: borrowing Communicator, _ this: inout Report.Case) throws(MPIError) {
  let block = ByteBlock(count: 8)
  func expectError(
    _ errorClass: MPIError.ErrorClass, _ operation: String, _ error: MPIError, line: UInt = #line
  ) {
    this.expect(
      error.errorClass == errorClass && error.operation == operation, "\(error)", line: line)
    this.expect(!error.message.isEmpty, line: line)
  }
  for rank in [world.size, world.size + 7, -77, Int.max] {
    do throws(MPIError) {
      _ = unsafe try world.send(block.bytes, to: rank, tag: 0)
      this.expect(false, "rank \(rank) exists")
    } catch {
      expectError(.rank, "MPI_Isend", error)
    }
    do throws(MPIError) {
      _ = unsafe try world.receive(into: block.mutableBytes, from: .rank(rank))
      this.expect(false, "rank \(rank) exists")
    } catch {
      expectError(.rank, "MPI_Irecv", error)
    }
  }
  do throws(MPIError) {
    _ = unsafe try world.send(block.bytes, to: world.rank, tag: -5)
    this.expect(false, "tags may be negative")
  } catch {
    expectError(.tag, "MPI_Isend", error)
  }
  do throws(MPIError) {
    _ = try world.broadcast(1, from: world.size)
    this.expect(false, "root \(world.size) exists")
  } catch {
    this.expect(error.operation == "MPI_Bcast", "\(error)")
  }
}
