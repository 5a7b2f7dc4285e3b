import MPI

/// Each request completes once, with its own token, and the pool says when it is full.
func checkRequestPool(
  _ world: borrowing Communicator, _ this: inout Report.Case
) throws(MPIError) {
  let capacity = 8
  let next = (world.rank + 1) % world.size
  let block = ByteBlock(count: 8 * capacity, seed: 9)
  let received = ByteBlock(count: 8 * capacity)
  var receives = RequestPool(capacity: capacity)
  for token in 0..<capacity {
    this.expect(!receives.isFull && receives.count == token)
    let request = unsafe try world.receive(
      into: received.mutableSlice(token * 8..<token * 8 + 8), tag: .exactly(100 + token))
    receives.insert(request, token: token)
  }
  this.expect(receives.isFull)
  this.expect(try receives.testSome() == 0, "a receive completed before anything was sent")
  try world.barrier()

  // Half of the messages are sent, the later ones first; the other receives stay.
  var sends = RequestPool(capacity: capacity)
  for token in (capacity / 2..<capacity).reversed() {
    let request = unsafe try world.send(
      block.slice(token * 8..<token * 8 + 8), to: next, tag: 100 + token)
    sends.insert(request, token: token)
  }
  var seen = [Int](repeating: 0, count: capacity)
  while sends.count > 0 || receives.count > capacity / 2 {
    for index in 0..<(try receives.testSome()) {
      let completion = receives.completion(index)
      seen[completion.token] += 1
      this.expect(completion.status.tag == 100 + completion.token, "\(completion)")
    }
    _ = try sends.testSome()
  }
  for token in 0..<capacity {
    this.expect(seen[token] == (token < capacity / 2 ? 0 : 1), "\(seen)")
  }
  let half = capacity / 2 * 8..<capacity * 8
  this.expect(unsafe areEqual(received.slice(half), block.slice(half)))
  this.expect(try receives.cancelReceives() == 0)
  this.expect(receives.count == 0)
}
