import AdaptiveCore
import Delegation
import Testing
import _TestSupport

/// Teams against what a team must be, whatever the ranks and nodes.
@Suite struct TeamsTests {
  private func teams(
    ranks: Int, perNode: Int, size: Int, spansNodes: Bool = false, leaves: Int? = nil
  ) -> (Topology, Teams) {
    let topology = Topology(rankCount: ranks, ranksPerNode: perNode, leavesPerSubmaster: leaves)
    let nodes = (0..<ranks).map { $0 / perNode }
    return (
      topology, Teams(topology, nodeOfRank: nodes, sizes: [size], spansNodes: spansNodes)
    )
  }

  @Test func fourteenLeavesOfANodeAreThreeTeamsOfFour() throws {
    let (_, teams) = teams(ranks: 16, perNode: 16, size: 4)
    let found = teams.teams(under: Rank(1))
    #expect(found.map(\.leader) == [Rank(2), Rank(6), Rank(10)])
    #expect(found[1].members == (6...9).map { Rank($0) })
    #expect(found.map(\.idle) == [[], [], [Rank(14), Rank(15)]])
    #expect(teams.children(of: Rank(0)) == [Rank(1)])
    #expect(teams.children(of: Rank(1)) == found.map(\.leader))
    #expect(teams.teamCount(under: Rank(0)) == 3 && teams.idleCount == 2)
    #expect(teams.refusal == nil)
  }

  @Test func aTeamSpansNodesOnlyWhereThatIsAllowed() throws {
    let (_, bound) = teams(ranks: 16, perNode: 8, size: 9, leaves: 15)
    let refusal = try #require(bound.refusal)
    #expect(
      refusal.contains("found 9") && refusal.contains("1 to 8, for rank 1 has"), "\(refusal)")
    let (_, spanning) = teams(ranks: 16, perNode: 8, size: 9, spansNodes: true, leaves: 15)
    #expect(spanning.refusal == nil)
    #expect(spanning.teams(under: Rank(1))[0].members == (2...10).map { Rank($0) })
  }

  /// A world of one rank is a team of one.
  @Test func oneRankIsATeamOfOne() {
    let (_, one) = teams(ranks: 1, perNode: 1, size: 1)
    #expect(one.refusal == nil && one.team(of: Rank(0))?.leader == Rank(0))
    let (_, two) = teams(ranks: 1, perNode: 1, size: 2)
    #expect(two.refusal?.contains("1 to 1") == true)
  }

  /// Ranks dealt out to the nodes in turn: neighbors in the tree are not neighbors in the machine.
  @Test func ranksOfANodeFindEachOther() {
    let topology = Topology(rankCount: 14, ranksPerNode: 14)
    let teams = Teams(
      topology, nodeOfRank: (0..<14).map { $0 % 2 }, sizes: [3], spansNodes: false)
    #expect(
      teams.teams(under: Rank(1)).map(\.members)
        == [
          [2, 4, 6], [3, 5, 7], [8, 10, 12], [9, 11, 13],
        ].map { $0.map { Rank($0) } })
  }

  /// Any shape: every leaf is in one team or looked after by one leader of its parent, no team has
  /// ranks of two nodes or two parents, and no node has enough idle ranks for another team.
  @Test func everyLeafHasOnePlace() {
    let seed = TestSeed()
    var random = seed.generator()
    for _ in 0..<200 {
      let ranks = Int.random(in: 3...80, using: &random)
      let perNode = Int.random(in: 3...20, using: &random)
      let topology = Topology(
        rankCount: ranks, ranksPerNode: perNode,
        levels: [nil, 1, 2].randomElement(using: &random)!,
        roots: Int.random(in: 1...3, using: &random))
      let nodeOfRank =
        Bool.random(using: &random)
        ? (0..<ranks).map { $0 / perNode } : (0..<ranks).map { $0 % max(1, ranks / perNode) }
      let size = Int.random(in: 1...6, using: &random)
      let spansNodes = Bool.random(using: &random)
      let teams = Teams(topology, nodeOfRank: nodeOfRank, sizes: [size], spansNodes: spansNodes)
      guard teams.refusal == nil else { continue }
      var idleCount = 0
      for number in 0..<ranks where topology.role(of: Rank(number)) == .leaf {
        let rank = Rank(number)
        guard let team = teams.team(of: rank) else {
          Issue.record("rank \(number) of \(ranks) has no team, \(seed)")
          continue
        }
        #expect(team.members.count == size)
        #expect(team.members == team.members.sorted() && team.idle == team.idle.sorted())
        #expect(team.members.contains(rank) != team.idle.contains(rank))
        let parents = Set((team.members + team.idle).map { topology.parent(of: $0) })
        #expect(parents.count == 1, "\(seed)")
        let nodes = Set(team.members.map { nodeOfRank[$0.number] })
        #expect(spansNodes || nodes.count == 1, "\(seed)")
        #expect(teams.children(of: topology.parent(of: rank)!).contains(team.leader))
        for other in team.members { #expect(teams.team(of: other) == team) }
        if team.idle.contains(rank) { idleCount += 1 }
        var idleOfNode: [Int: Int] = [:]
        for idle in team.idle {
          idleOfNode[spansNodes ? 0 : nodeOfRank[idle.number], default: 0] += 1
        }
        #expect(idleOfNode.values.allSatisfy { $0 < size }, "\(seed)")
      }
      #expect(idleCount == teams.idleCount)
      let leafCount = topology.roots.reduce(0) { $0 + topology.leafCount(under: $1) }
      let teamCount = topology.roots.reduce(0) { $0 + teams.teamCount(under: $1) }
      #expect(leafCount == teamCount * size + idleCount, "\(seed)")
    }
  }
}
