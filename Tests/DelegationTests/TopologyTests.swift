import AdaptiveCore
import Delegation
import Testing

@Suite struct TopologyTests {
  /// Ranks a node, leaves a sub-master, levels.
  static let shapes: [[Int?]] = [
    [1, nil, nil], [4, nil, nil], [16, nil, nil], [128, nil, nil], [4, 1, 1], [4, 7, 2],
    [2, 3, 3], [1, 2, 0], [20, nil, 2], [20, nil, 3],
  ]

  @Test("every tree of up to 600 ranks is a tree, and so is each of several", arguments: shapes)
  func isTree(shape: [Int?]) {
    for rankCount in 1...600 {
      let topology = Topology(
        rankCount: rankCount, ranksPerNode: shape[0] ?? 1, leavesPerSubmaster: shape[1],
        levels: shape[2], roots: [1, 1, 2, 3, 7][rankCount % 5])
      if let flaw = flaw(of: topology) {
        Issue.record("\(flaw) of \(topology)")
        return
      }
    }
  }

  /// What is wrong with a tree, found by looking at every rank; nil if nothing.
  private func flaw(of topology: Topology) -> String? {
    let count = topology.rankCount
    var parents = [Rank?](repeating: nil, count: count)
    for number in 0..<count {
      let rank = Rank(number)
      let children = topology.children(of: rank)
      for child in children {
        if parents[child.number] != nil { return "two parents of \(child)" }
        parents[child.number] = rank
      }
      if children != children.sorted() { return "the order of \(rank)'s children" }
      let isRight =
        switch topology.role(of: rank) {
        case .root: topology.roots.contains(rank) && children.isEmpty == topology.isSingle
        case .submaster: number > 0 && !children.isEmpty
        case .leaf: number > 0 && children.isEmpty
        }
      if !isRight { return "the role of \(rank)" }
    }
    // A parent comes before its children, so depths and leaf counts follow in one pass each.
    var depths = [Int](repeating: 0, count: count)
    var leafCounts = [Int](repeating: 0, count: count)
    for number in 0..<count where !topology.roots.contains(Rank(number)) {
      guard let parent = parents[number], parent.number < number else {
        return "no parent, or one that comes later, of rank \(number)"
      }
      if topology.parent(of: Rank(number)) != parent { return "the parent of rank \(number)" }
      depths[number] = depths[parent.number] + 1
      guard topology.role(of: Rank(number)) == .leaf else { continue }
      leafCounts[number] = 1
      if depths[number] != topology.levels + 1 { return "the depth of rank \(number)" }
    }
    for number in (0..<count).reversed() {
      if let parent = parents[number] { leafCounts[parent.number] += leafCounts[number] }
    }
    for root in topology.roots where topology.parent(of: root) != nil { return "a root's parent" }
    if topology.isSingle { return nil }
    for number in stride(from: 0, to: count, by: 7)
    where topology.leafCount(under: Rank(number)) != leafCounts[number] {
      return "the leaves of rank \(number)"
    }
    return nil
  }

  @Test("leaves and their sub-master share a node, whatever levels are above", arguments: [2, 3])
  func leavesAreWithTheirSubmaster(levels: Int) {
    for (ranksPerNode, nodeCount) in [(20, 7), (20, 600), (48, 40), (128, 9), (128, 807)] {
      let topology = Topology(
        rankCount: nodeCount * ranksPerNode, ranksPerNode: ranksPerNode, levels: levels)
      let strays = (0..<topology.rankCount).filter { number in
        guard topology.role(of: Rank(number)) == .leaf,
          let parent = topology.parent(of: Rank(number))
        else { return false }
        return parent.number / ranksPerNode != number / ranksPerNode
      }
      #expect(strays.isEmpty, "\(strays.count) leaves of \(topology)")
      #expect(flaw(of: topology) == nil, "\(topology)")
    }
  }

  @Test("groups are nodes, when ranks fill nodes of three or more") func groupsAreNodes() {
    for ranksPerNode in [3, 4, 16, 48, 128] {
      for nodeCount in 1...40 {
        let topology = Topology(
          rankCount: nodeCount * ranksPerNode, ranksPerNode: ranksPerNode, levels: 1)
        let heads = topology.children(of: Rank(0)).map(\.number)
        #expect(heads == [1] + (1..<nodeCount).map { $0 * ranksPerNode }, "\(topology)")
      }
    }
  }

  @Test("several roots have whole nodes each, when there are enough, and no fewer than asked")
  func rootsHaveNodes() {
    for rootCount in [2, 3, 16] {
      for nodeCount in rootCount...40 {
        let topology = Topology(rankCount: nodeCount * 48, ranksPerNode: 48, roots: rootCount)
        #expect(topology.roots.count == rootCount)
        #expect(topology.roots.allSatisfy { $0.number % 48 == 0 }, "\(topology)")
        for number in 0..<topology.rankCount {
          let root = topology.root(of: Rank(number))
          #expect(topology.roots.last { $0.number <= number } == root, "\(topology)")
        }
      }
    }
  }

  @Test("a million ranks: arithmetic stays cheap and agrees with itself") func millionRanks() {
    let topology = Topology(rankCount: 1_000_000, ranksPerNode: 128)
    #expect(topology.levels == 2)
    var random = RandomSource(seed: 1)
    for _ in 0..<2000 {
      var rank = Rank(Int.random(in: 1..<1_000_000, using: &random))
      while let parent = topology.parent(of: rank) {
        #expect(topology.children(of: parent).contains(rank), "\(rank)")
        #expect(topology.children(of: parent).count <= Topology.defaultFanOut)
        rank = parent
      }
      #expect(rank == Rank(0))
    }
  }

  @Test("what a new user starts: 1, 2, 3, 4 ranks") func smallWorlds() {
    let roles = (1...4).map { rankCount in
      let topology = Topology(rankCount: rankCount, ranksPerNode: 8)
      return (0..<rankCount).map { topology.role(of: Rank($0)) }
    }
    #expect(roles[0] == [.root])
    #expect(roles[1] == [.root, .leaf])
    #expect(roles[2] == [.root, .submaster, .leaf])
    #expect(roles[3] == [.root, .submaster, .leaf, .leaf])
  }
}
