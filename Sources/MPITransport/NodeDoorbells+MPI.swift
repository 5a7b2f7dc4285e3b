package import AdaptiveCore
package import MPI
package import NodeRuntime

extension NodeDoorbells {
  /// Bells that all ranks of a node share. *Collective* over the node.
  ///
  /// Where memory cannot be shared (no `/dev/shm`, or a full one) each rank gets a bell for itself,
  /// and finds its messages by looking.
  ///
  /// - Parameters:
  ///   - rank: this process's number in the world.
  ///   - node: the ranks of this node, in the order of their numbers in the world.
  package static func shared(
    by rank: Rank, on node: borrowing Communicator
  ) throws(MPIError) -> NodeDoorbells {
    let ranks = try node.allGather(rank.rawValue).map { Rank($0) }
    // Bound to a core each or free on all of them: together they may use this many.
    let processors = try node.allReduce(AllowedProcessors.flags(), .maximum).count { $0 != 0 }
    let spin = ranks.count <= processors ? Limits.spinMax : .zero
    guard ranks.count > 1 else { return NodeDoorbells(alone: rank, spin: spin) }
    var made = node.rank == 0 ? newMemory(for: ranks.count) : nil
    let bytes = try node.broadcast(Array((made?.name ?? "").utf8), from: 0)
    let name = String(decoding: bytes, as: UTF8.self)
    if node.rank != 0 { made = memory(named: name, for: ranks.count) }
    let havingCount: Int64 = try node.allReduce(made == nil ? 0 : 1, .sum)
    if node.rank == 0, !name.isEmpty { NodeMemory.unlink(name) }
    guard let made, havingCount == ranks.count else {
      return NodeDoorbells(alone: rank, spin: spin)
    }
    return NodeDoorbells(of: rank, among: ranks, in: made.memory, spin: spin)
  }

  /// Memory with bells in it, and its name; nil if there is no room for it.
  private static func newMemory(for count: Int) -> (name: String, memory: NodeMemory)? {
    let name = NodeMemory.newName()
    do throws(NodeMemoryError) {
      let memory = try NodeMemory(creating: name, byteCount: byteCount(of: count))
      prepare(count, in: memory)
      return (name, memory)
    } catch {
      return nil
    }
  }

  /// The memory of another rank; nil if it made none, or none that can be seen from here.
  private static func memory(
    named name: String, for count: Int
  ) -> (name: String, memory: NodeMemory)? {
    guard !name.isEmpty else { return nil }
    do throws(NodeMemoryError) {
      return (name, try NodeMemory(opening: name, byteCount: byteCount(of: count)))
    } catch {
      return nil
    }
  }
}
