import AdaptiveCore
import MPI
import MPITransport
import NodeRuntime

/// A frame goes around the ranks of the node, each of which sleeps until it is rung.
func checkDoorbells(
  _ world: borrowing Communicator, _ this: inout Report.Case
) throws(TransportError) {
  let bells = try sharedBells(world)
  let everybody = (0..<world.size).map { Rank($0) }
  this.expect(bells.reaches(everybody), "a rank of this node has no bell here")
  this.expect(!bells.reaches([Rank(world.size)]))
  guard world.size > 1 else { return }
  var transport = try MPITransport(over: world, doorbells: bells)
  let next = Rank((world.rank + 1) % world.size)
  let rounds = 30
  let pause = Doorbell()
  for round in 0..<rounds {
    if world.rank != 0 || round > 0 {
      var frame = try transport.receive()
      while frame == nil {
        this.expect(bells.own.wait(upTo: TimeSpan(seconds: 1)), "nobody rang in round \(round)")
        // Rung, a rank sees the frame soon, if not at the first look: MPICH takes one packet a
        // look, and those of a barrier that other ranks are in may come before it.
        for _ in 0..<100 where frame == nil {
          frame = try transport.receive()
          if frame == nil { pause.wait(upTo: Limits.idlePauseMin) }
        }
      }
    }
    guard let frame = try transport.lendFrame() else {
      this.expect(false, "no frame in round \(round)")
      continue
    }
    if world.rank != world.size - 1 || round < rounds - 1 {
      try transport.send(frame, byteCount: 8, to: next)
    }
  }
  this.expect(try transport.close() == 0)
}

private func sharedBells(_ world: borrowing Communicator) throws(TransportError) -> NodeDoorbells {
  do throws(MPIError) {
    let node = try world.splitByNode()
    let bells = try NodeDoorbells.shared(by: Rank(world.rank), on: node)
    try node.free()
    return bells
  } catch {
    throw TransportError(code: Int(error.code), operation: error.operation, detail: error.message)
  }
}
