import Evaluators
import MPI
import NodeRuntime

/// Threads that the functions of a node's leaves want, and the processors that they may use.
struct ThreadDemand {
  /// Of the node where they are scarcest.
  let threads: Int
  let processors: Int

  /// Nil where every node has a processor for each thread. *Collective*, over the node and then
  /// over the world.
  ///
  /// - Parameter threads: what this rank's function will use; 0 if it evaluates nothing.
  static func excess(
    _ threads: Int, on world: borrowing Communicator, node: borrowing Communicator
  ) throws(MPIError) -> ThreadDemand? {
    let wanted = Int(try node.allReduce(Int64(threads), .sum))
    let flags = try node.allReduce(AllowedProcessors.flags(), .maximum)
    let processors = flags.count { $0 != 0 }
    let excess = processors == 0 ? 0 : Int32(clamping: wanted - processors)
    let worst = try world.allReduceMaximum(excess)
    guard worst.value > 0 else { return nil }
    let numbers = try world.broadcast(
      bytes(of: wanted) + bytes(of: processors), from: Int(worst.rank))
    return ThreadDemand(threads: number(numbers[..<8]), processors: number(numbers[8...]))
  }

  private static func bytes(of number: Int) -> [UInt8] {
    (0..<8).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
  }

  private static func number(_ bytes: ArraySlice<UInt8>) -> Int {
    bytes.reversed().reduce(0) { $0 << 8 | Int($1) }
  }

  var warning: String {
    "adaptive-mpi: the function's threads want \(threads) cores on a node that has \(processors): "
      + "start fewer ranks on a node, or lower 'threads' (OMP_NUM_THREADS)"
  }
}

extension FunctionConduct {
  /// Threads of one leaf's function, where the campaign or the environment asks for several; 1
  /// otherwise.
  var threadsAskedFor: Int {
    if let threads { return threads }
    let inherited = ChildEnvironment.current()
    let text = inherited.first { $0.hasPrefix("OMP_NUM_THREADS=") }?.dropFirst(16)
    return max(1, text.flatMap { Int($0) } ?? 1)
  }
}
