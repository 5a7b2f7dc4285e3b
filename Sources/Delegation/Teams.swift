package import AdaptiveCore

/// Which leaves of a tree evaluate points together, by MPI: teams of one size under each root, as
/// arithmetic over the tree and its nodes.
///
/// For the tree a team is one leaf: its *leader*, the lowest of its ranks. The other *members* hear
/// from their leader alone. Leaves under one parent form teams in the order of their ranks, each on
/// one node unless teams may span nodes. Those that are too few for another team are *idle*: the
/// last leader under the same parent tells them when the world ends.
package struct Teams: Sendable, Equatable {
  package struct Team: Sendable, Equatable {
    /// All that evaluate together, ascending; the first is the leader.
    package var members: [Rank]

    /// Ranks without a team that this leader looks after.
    package var idle: [Rank] = []

    package init(members: [Rank]) { self.members = members }

    package var leader: Rank { members[0] }
  }

  /// Ranks in a team, under each of the roots.
  private let sizes: [Int]
  package let spansNodes: Bool
  private let topology: Topology
  private let nodeOfRank: [Int]

  /// - Parameters:
  ///   - sizes: ranks in a team, at least 1: one number for each root, or one for all of them.
  ///   - nodeOfRank: the number of each rank's node.
  package init(_ topology: Topology, nodeOfRank: [Int], sizes: [Int], spansNodes: Bool) {
    invariant(sizes.allSatisfy { $0 >= 1 }, "teams of \(sizes) ranks")
    invariant(
      sizes.count == 1 || sizes.count == topology.rootCount,
      "\(sizes.count) sizes for \(topology.rootCount) roots")
    invariant(nodeOfRank.count == topology.rankCount, "a node for each rank")
    self.topology = topology
    self.nodeOfRank = nodeOfRank
    self.sizes = sizes
    self.spansNodes = spansNodes
  }

  /// Ranks in a team under that rank's root.
  package func size(at rank: Rank) -> Int {
    sizes.count == 1 ? sizes[0] : sizes[topology.rootIndex(of: rank)]
  }

  /// The teams of the leaves under `parent`; none where its children are no leaves, or too few.
  package func teams(under parent: Rank) -> [Team] {
    var teams: [Team] = []
    var idle: [Rank] = []
    let size = size(at: parent)
    for leaves in neighbors(under: parent) {
      let count = leaves.count / size
      for index in 0..<count {
        teams.append(Team(members: Array(leaves[index * size..<(index + 1) * size])))
      }
      idle += leaves[(count * size)...]
    }
    teams.sort { $0.leader < $1.leader }
    if !teams.isEmpty { teams[teams.count - 1].idle = idle.sorted() }
    return teams
  }

  /// The team in which a leaf is, or whose leader looks after it; nil where its parent has none.
  package func team(of leaf: Rank) -> Team? {
    let parent = topology.parent(of: leaf) ?? leaf
    return teams(under: parent).first { $0.members.contains(leaf) || $0.idle.contains(leaf) }
  }

  /// The rank's children in the tree, of leaves the leaders alone; ascending.
  package func children(of rank: Rank) -> [Rank] {
    let children = topology.children(of: rank)
    guard let first = children.first, topology.role(of: first) == .leaf else { return children }
    return teams(under: rank).map(\.leader)
  }

  /// Teams in the subtree of a root or sub-master.
  package func teamCount(under rank: Rank) -> Int {
    let children = topology.children(of: rank)
    guard let first = children.first, topology.role(of: first) == .submaster else {
      return teams(under: rank).count
    }
    return children.reduce(0) { $0 + teamCount(under: $1) }
  }

  /// Leaves under one parent that may be of one team: all of them, or those of each node.
  private func neighbors(under parent: Rank) -> [[Rank]] {
    if topology.isSingle { return [[parent]] }
    let leaves = topology.children(of: parent).filter { topology.role(of: $0) == .leaf }
    guard !spansNodes else { return [leaves] }
    var nodes: [Int] = []
    var leavesOfNode: [[Rank]] = []
    for leaf in leaves {
      let node = nodeOfRank[leaf.number]
      if let place = nodes.lastIndex(of: node) {
        leavesOfNode[place].append(leaf)
      } else {
        nodes.append(node)
        leavesOfNode.append([leaf])
      }
    }
    return leavesOfNode
  }
}

// MARK: - What does not fit

extension Teams {
  /// Why these ranks cannot form such teams; nil if every parent of leaves has one.
  package var refusal: String? {
    var poorest: (parent: Rank, sizeMax: Int)?
    for parent in leafParents {
      let sizeMax = neighbors(under: parent).map(\.count).max() ?? 0
      guard sizeMax < size(at: parent), sizeMax < poorest?.sizeMax ?? .max else { continue }
      poorest = (parent, sizeMax)
    }
    guard let (parent, sizeMax) = poorest else { return nil }
    let place = spansNodes ? "" : " on one node"
    return """
      team: found \(size(at: parent)); allowed with these ranks is 1 to \(sizeMax), for rank \
      \(parent.number) has no more leaves\(place). Start more ranks\(place), or lower 'team'\
      \(spansNodes ? "" : ", or let teams span nodes with 'span_nodes: true'")
      """
  }

  /// Leaves that are in no team.
  package var idleCount: Int {
    leafParents.reduce(0) { sum, parent in
      teams(under: parent).reduce(sum) { $0 + $1.idle.count }
    }
  }

  /// Ranks whose children are leaves, ascending.
  private var leafParents: [Rank] {
    var parents: [Rank] = []
    var open = Array(topology.roots.reversed())
    while let rank = open.popLast() {
      let children = topology.children(of: rank)
      if let first = children.first, topology.role(of: first) == .submaster {
        open += children.reversed()
      } else {
        parents.append(rank)
      }
    }
    return parents
  }
}
