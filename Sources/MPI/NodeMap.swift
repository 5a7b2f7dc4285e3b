/// Which rank runs on which node, the same on every rank.
///
/// Nodes are numbered by their lowest rank.
public struct NodeMap: Sendable, Equatable {
  /// The node of each rank, indexed by rank.
  public let nodeOfRank: [Int]

  /// How many nodes there are.
  public let nodeCount: Int

  /// The ranks of a node, ascending.
  public func ranks(ofNode node: Int) -> [Int] {
    nodeOfRank.indices.filter { nodeOfRank[$0] == node }
  }

  /// Numbers the nodes, given the lowest rank of each rank's node.
  init(lowestRankOfNode lowestRanks: [Int]) {
    var nodeOfLowestRank = [Int](repeating: 0, count: lowestRanks.count)
    var nodes = 0
    for rank in lowestRanks.indices where lowestRanks[rank] == rank {
      nodeOfLowestRank[rank] = nodes
      nodes += 1
    }
    nodeOfRank = lowestRanks.map { nodeOfLowestRank[$0] }
    nodeCount = nodes
  }
}

extension Communicator {
  /// Finds out which ranks share a node (``splitByNode()`` and one all-gather). *Collective*.
  public func nodeMap() throws(MPIError) -> NodeMap {
    let node = try splitByNode()
    let map = try nodeMap(node)
    try node.free()
    return map
  }

  /// The same, given what ``splitByNode()`` returned. *Collective*.
  public func nodeMap(_ node: borrowing Communicator) throws(MPIError) -> NodeMap {
    let lowestRank = try node.allReduce(Int64(rank), .minimum)
    let lowestRanks = try allGather(lowestRank)
    return NodeMap(lowestRankOfNode: lowestRanks.map(Int.init))
  }
}
