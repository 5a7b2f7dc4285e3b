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
    let byteCount = NodeDoorbells.byteCount(of: ranks.count)
    var memory: NodeMemory?
    var name = ""
    if node.rank == 0 {
      name = NodeMemory.newName()
      do throws(NodeMemoryError) {
        let made = try NodeMemory(creating: name, byteCount: byteCount)
        prepare(ranks.count, in: made)
        memory = made
      } catch {
        name = ""
      }
    }
    name = String(decoding: try node.broadcast(Array(name.utf8), from: 0), as: UTF8.self)
    if node.rank != 0, !name.isEmpty {
      memory = try? NodeMemory(opening: name, byteCount: byteCount)
    }
    let isShared = try node.allReduce(memory == nil ? 0 : 1, .minimum) as Int64 == 1
    if node.rank == 0, !name.isEmpty { NodeMemory.unlink(name) }
    guard isShared, let memory else {
      return NodeDoorbells(alone: rank, spin: spin)
    }
    return NodeDoorbells(of: rank, among: ranks, in: memory, spin: spin)
  }
}
