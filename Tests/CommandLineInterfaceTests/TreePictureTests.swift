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
