import MPI
import NodeRuntime

/// Runs cases on all ranks together; one passes if it does on every rank.
struct Report {
  private(set) var passedCount = 0
  private(set) var failedCount = 0

  /// What one case found on this rank.
  struct Case {
    private(set) var failures: [String] = []

    /// Notes a failure, with the line, if the condition does not hold. The case goes on: other
    /// ranks wait for this one.
    mutating func expect(
      _ holds: Bool, _ detail: @autoclosure () -> String = "", line: UInt = #line
    ) {
      if !holds { failures.append("line \(line): \(detail())") }
    }
  }

  /// Runs a case and checks that it left no message behind. *Collective*. An error that the case
  /// does not expect ends the world, because the other ranks cannot know.
  mutating func run(
    _ name: String, on world: borrowing Communicator,
    _ body: (borrowing Communicator, inout Case) throws(MPIError) -> Void
  ) throws(MPIError) {
    var this = Case()
    try body(world, &this)
    try world.barrier()
    if let left = try world.probe() {
      this.expect(false, "a message is left over: \(left)")
    }
    for failure in this.failures.prefix(3) {
      print("FAILED \(name) on rank \(world.rank) of \(world.size), \(failure)")
    }
    let failures = try world.allReduce(Int64(this.failures.count), .sum)
    if failures == 0 {
      passedCount += 1
    } else {
      failedCount += 1
    }
  }

  /// The same for a case of the transport. An error that it does not expect fails the case; ranks
  /// that wait for this one end with the time limit.
  mutating func runTransport(
    _ name: String, on world: borrowing Communicator,
    _ body: (borrowing Communicator, inout Case) throws(TransportError) -> Void
  ) throws(MPIError) {
    try run(name, on: world) { (world, this) throws(MPIError) in
      do throws(TransportError) {
        try body(world, &this)
      } catch {
        this.expect(false, "\(error)")
      }
    }
  }
}
