import AdaptiveCore
import Delegation
import Testing

@testable import CommandLineInterface

@Suite struct TreePictureTests {
  private func picture(_ topology: Topology) -> String {
    TreePicture.lines(topology).joined(separator: "\n")
  }

  @Test func oneRankIsRootAndLeaf() {
    #expect(picture(Topology(rankCount: 1, ranksPerNode: 1)) == "rank 0: root and leaf")
  }

  @Test func twoRanksAreRootAndLeaf() {
    #expect(
      picture(Topology(rankCount: 2, ranksPerNode: 2)) == """
        rank 0: root
        └── rank 1: leaf
        """)
  }

  @Test func nodesAreBranches() {
    #expect(
      picture(Topology(rankCount: 8, ranksPerNode: 4)) == """
        rank 0: root
        ├── rank 1: sub-master
        │   └── ranks 2–3: 2 leaves
        └── rank 4: sub-master
            └── ranks 5–7: 3 leaves
        """)
  }

  @Test func severalRootsStandBelowEachOther() {
    #expect(
      picture(Topology(rankCount: 8, ranksPerNode: 4, roots: 2)) == """
        rank 0: root
        └── rank 1: sub-master
            └── ranks 2–3: 2 leaves
        rank 4: root
        └── rank 5: sub-master
            └── ranks 6–7: 2 leaves
        """)
  }

  @Test func teamsAreDrawnAndWhoIsIdle() {
    let topology = Topology(rankCount: 32, ranksPerNode: 16)
    let teams = Teams(
      topology, nodeOfRank: (0..<32).map { $0 / 16 }, sizes: [4], spansNodes: false)
    #expect(
      TreePicture.lines(topology, teams).joined(separator: "\n") == """
        rank 0: root
        ├── rank 1: sub-master
        │   ├── ranks 2–13: 3 teams of 4
        │   └── ranks 14–15: idle, too few for a team
        └── rank 16: sub-master
            ├── ranks 17–28: 3 teams of 4
            └── ranks 29–31: idle, too few for a team
        """)
  }

  @Test func teamsOfOneAreLeaves() {
    let topology = Topology(rankCount: 12, ranksPerNode: 12, roots: 2)
    let teams = Teams(
      topology, nodeOfRank: Array(repeating: 0, count: 12), sizes: [3, 1], spansNodes: false)
    #expect(
      TreePicture.lines(topology, teams).joined(separator: "\n") == """
        rank 0: root
        └── rank 1: sub-master
            ├── ranks 2–4: a team of 3
            └── rank 5: idle, too few for a team
        rank 6: root
        └── rank 7: sub-master
            └── ranks 8–11: 4 leaves
        """)
  }

  @Test func levelsAreIndented() {
    #expect(
      picture(Topology(rankCount: 5, ranksPerNode: 5, levels: 2)) == """
        rank 0: root
        └── rank 1: sub-master
            └── rank 2: sub-master
                └── ranks 3–4: 2 leaves
        """)
  }

  @Test(arguments: [9, 100, 4096])
  func everyLeafIsCountedOnceHoweverManyThereAre(nodes: Int) {
    let topology = Topology(rankCount: nodes * 128, ranksPerNode: 128)
    let lines = TreePicture.lines(topology)
    #expect(lines.count < 60)
    let counted = lines.reduce(0) { sum, line in
      let words = line.split(separator: " ")
      guard let position = words.firstIndex(of: "leaves") else { return sum }
      return sum + (Int(words[position - 1]) ?? 0)
    }
    #expect(counted == topology.leafCount(under: .init(0)))
  }
}
