import MPI

func checkBroadcast(_ world: borrowing Communicator, _ this: inout Report.Case) throws(MPIError) {
  let count = 9_000_013
  for (root, pieceBytesMax) in [(0, 1 << 30), (world.size - 1, 1_000_003)] {
    let expected = ByteBlock(count: count, seed: UInt64(root))
    let block = ByteBlock(count: count, seed: UInt64(world.rank))
    unsafe try world.broadcast(block.mutableBytes, from: root, pieceBytesMax: pieceBytesMax)
    this.expect(unsafe areEqual(block.bytes, expected.bytes), "wrong bytes from \(root)")
  }
  for root in 0..<world.size {
    let text = Array("from \(root)".utf8)
    let own = world.rank == root ? text : []
    this.expect(try world.broadcast(own, from: root) == text)
    this.expect(try world.broadcast([], from: root) == [])
    this.expect(try world.broadcast(Double(world.rank), from: root) == Double(root))
  }
}

func checkReductions(
  _ world: borrowing Communicator, _ this: inout Report.Case
) throws(MPIError) {
  let rank = Int64(world.rank)
  let last = Int64(world.size - 1)
  let total = last * (last + 1) / 2
  let large = Int64(1) << 60
  let mixed = [rank, -rank, large - rank]
  this.expect(try world.allReduce(mixed, .minimum) == [0, -last, large - last])
  this.expect(try world.allReduce(mixed, .maximum) == [last, 0, large])
  this.expect(try world.allReduce([rank, -rank], .sum) == [total, -total])
  this.expect(try world.allReduce([Int64](), .sum) == [])
  this.expect(try world.allReduce(rank, .maximum) == last)
  let halves = [Double(rank) / 2, -Double(rank)]
  this.expect(try world.allReduce(halves, .minimum) == [0, -Double(last)])
  this.expect(try world.allReduce(halves, .maximum) == [Double(last) / 2, 0])
  this.expect(try world.allReduce(Double(rank) / 2, .sum) == Double(total) / 2)
}

/// Of equal values, the lowest rank's is found.
func checkLocations(_ world: borrowing Communicator, _ this: inout Report.Case) throws(MPIError) {
  let last = Int32(world.size - 1)
  let failing = world.size / 2
  let code: Int32 = world.rank >= failing ? 78 : 0
  let highest = try world.allReduceMaximum(code)
  this.expect(highest.value == 78 && highest.rank == Int32(failing), "\(highest)")
  let lowest = try world.allReduceMinimum(-code)
  this.expect(lowest.value == -78 && lowest.rank == Int32(failing), "\(lowest)")
  let descending = try world.allReduceMinimum(-Int32(world.rank))
  this.expect(descending.value == -last && descending.rank == last, "\(descending)")
  let equal = try world.allReduceMinimum(5)
  this.expect(equal.value == 5 && equal.rank == 0, "\(equal)")
}

func checkGathers(_ world: borrowing Communicator, _ this: inout Report.Case) throws(MPIError) {
  struct Entry: BitwiseCopyable, Equatable {
    var rank: Int32
    var square: Double
  }
  func entry(_ rank: Int) -> Entry { Entry(rank: Int32(rank), square: Double(rank * rank)) }
  let expected = (0..<world.size).map(entry)
  this.expect(try world.allGather(entry(world.rank)) == expected)
  for root in 0..<world.size {
    let gathered = try world.gather(entry(world.rank), to: root)
    this.expect(gathered == (world.rank == root ? expected : nil))
  }
}

/// The barrier is not complete while rank 0, which waits for all others to say so, stays out.
func checkStartedBarrier(
  _ world: borrowing Communicator, _ this: inout Report.Case
) throws(MPIError) {
  let block = ByteBlock(count: 8)
  if world.rank == 0 {
    for _ in 1..<max(1, world.size) {
      var receive = unsafe try world.receive(into: block.mutableBytes, tag: .exactly(10))
      _ = try receive.wait()
    }
  }
  var barrier = try world.startBarrier()
  if world.rank > 0 {
    for _ in 0..<100 { this.expect(try barrier.test() == nil, "rank 0 is not there yet") }
    var send = unsafe try world.send(block.bytes, to: 0, tag: 10)
    _ = try send.wait()
  }
  _ = try barrier.wait()
  this.expect(barrier.isComplete)
}

func checkSplit(_ world: borrowing Communicator, _ this: inout Report.Case) throws(MPIError) {
  let isEven = world.rank % 2 == 0
  if let part = try world.split(color: world.rank % 2, key: -world.rank) {
    let count = isEven ? (world.size + 1) / 2 : world.size / 2
    this.expect(part.size == count)
    this.expect(part.rank == count - 1 - world.rank / 2, "the highest rank has the lowest key")
    let sum = try part.allReduce(Int64(world.rank), .sum)
    let members = (0..<world.size).filter { $0 % 2 == world.rank % 2 }
    this.expect(sum == Int64(members.reduce(0, +)))
    this.expect(part.fortranHandle != world.fortranHandle)
    this.expect(try part.duplicate().fortranHandle != part.fortranHandle)
    try part.endWorldOnErrors()
    try part.free()
  } else {
    this.expect(false, "a rank with a color has no communicator")
  }
  if let first = try world.split(color: world.rank == 0 ? 0 : nil, key: 0) {
    this.expect(world.rank == 0 && first.size == 1)
    try first.free()
  } else {
    this.expect(world.rank != 0)
  }
}

func checkDuplicate(_ world: borrowing Communicator, _ this: inout Report.Case) throws(MPIError) {
  let copy = try world.duplicate()
  this.expect(copy.rank == world.rank && copy.size == world.size)
  let block = ByteBlock(count: 16)
  let next = (world.rank + 1) % world.size
  var send = unsafe try copy.send(block.slice(0..<8), to: next, tag: 11)
  while try copy.probe() == nil {}
  this.expect(try world.probe() == nil, "a message crossed to another communicator")
  var receive = unsafe try copy.receive(into: block.mutableSlice(8..<16))
  _ = try receive.wait()
  _ = try send.wait()
  do throws(MPIError) {
    _ = unsafe try copy.send(block.bytes, to: copy.size, tag: 0)
    this.expect(false, "rank \(copy.size) exists")
  } catch {
    this.expect(error.errorClass == .rank, "\(error)")
  }
  try copy.free()
}
