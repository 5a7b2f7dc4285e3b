import AdaptiveCore
package import Delegation

/// A tree of ranks as text: sub-masters one a line, leaves as ranges of ranks.
package enum TreePicture {
  /// Sub-masters that are drawn under the root, and under each of them; the rest is counted.
  private static let submastersMax = (atRoot: 8, below: 2)

  /// ```
  /// rank 0: root
  /// ├── rank 1: sub-master
  /// │   └── ranks 2–4: 3 leaves
  /// └── rank 5: sub-master
  ///     └── ranks 6–7: 2 leaves
  /// ```
  ///
  /// Of several roots one below the other; of leaves in teams the teams.
  package static func lines(_ topology: Topology, _ teams: Teams? = nil) -> [String] {
    if topology.isSingle { return ["rank 0: root and leaf"] }
    return topology.roots.flatMap { root in
      ["rank \(root.number): root"] + children(of: root, topology, teams, indent: "")
    }
  }

  private static func children(
    of rank: Rank, _ topology: Topology, _ teams: Teams?, indent: String
  ) -> [String] {
    let all = topology.children(of: rank)
    let shownMax = topology.role(of: rank) == .root ? submastersMax.atRoot : submastersMax.below
    let submasters = all.filter { topology.role(of: $0) == .submaster }
    var branches: [(text: String, head: Rank?)] = submasters.prefix(shownMax).map {
      ("rank \($0.number): sub-master", $0)
    }
    if submasters.count > shownMax {
      let rest = submasters.dropFirst(shownMax)
      let leafCount = rest.reduce(0) { sum, rank in
        sum + (teams?.teamCount(under: rank) ?? topology.leafCount(under: rank))
      }
      let leaves = teams == nil ? "leaves" : "teams"
      branches.append(("… \(rest.count) more sub-masters with \(leafCount) \(leaves)", nil))
    }
    let leaves = all.filter { topology.role(of: $0) == .leaf }
    branches += (teams?.branches(under: rank) ?? Self.leaves(leaves)).map { ($0, nil) }
    return branches.enumerated().flatMap { index, branch -> [String] in
      let isLast = index == branches.count - 1
      let line = indent + (isLast ? "└── " : "├── ") + branch.text
      guard let head = branch.head else { return [line] }
      return [line]
        + children(of: head, topology, teams, indent: indent + (isLast ? "    " : "│   "))
    }
  }

  private static func leaves(_ leaves: [Rank]) -> [String] {
    ranges(of: leaves).map { range in
      "\(text(range)): " + (range.count == 1 ? "leaf" : "\(range.count) leaves")
    }
  }

  fileprivate static func text(_ range: ClosedRange<Int>) -> String {
    range.count == 1
      ? "rank \(range.lowerBound)" : "ranks \(range.lowerBound)–\(range.upperBound)"
  }

  /// Ascending ranks as runs without gaps.
  fileprivate static func ranges(of ranks: [Rank]) -> [ClosedRange<Int>] {
    var ranges: [ClosedRange<Int>] = []
    for rank in ranks {
      if let last = ranges.last, last.upperBound + 1 == rank.number {
        ranges[ranges.count - 1] = last.lowerBound...rank.number
      } else {
        ranges.append(rank.number...rank.number)
      }
    }
    return ranges
  }
}

extension Teams {
  /// Teams whose ranks have no gap between them as one, and whoever is in none.
  fileprivate func branches(under parent: Rank) -> [String] {
    let teams = teams(under: parent)
    let size = size(at: parent)
    let working = TreePicture.ranges(of: teams.flatMap(\.members).sorted()).map { range in
      let count = range.count / size
      let single = count == 1 ? "leaf" : "\(count) leaves"
      let what = (count == 1 ? "a team" : "\(count) teams") + " of \(size)"
      return (range.lowerBound, "\(TreePicture.text(range)): \(size == 1 ? single : what)")
    }
    let idle = TreePicture.ranges(of: teams.flatMap(\.idle).sorted()).map { range in
      (range.lowerBound, "\(TreePicture.text(range)): idle, too few for a team")
    }
    return (working + idle).sorted { $0.0 < $1.0 }.map(\.1)
  }
}
