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
  /// Of several roots one below the other.
  package static func lines(_ topology: Topology) -> [String] {
    if topology.isSingle { return ["rank 0: root and leaf"] }
    return topology.roots.flatMap { root in
      ["rank \(root.number): root"] + children(of: root, topology, indent: "")
    }
  }

  private static func children(
    of rank: Rank, _ topology: Topology, indent: String
  ) -> [String] {
    let all = topology.children(of: rank)
    let shownMax = topology.role(of: rank) == .root ? submastersMax.atRoot : submastersMax.below
    let submasters = all.filter { topology.role(of: $0) == .submaster }
    var branches: [(text: String, head: Rank?)] = submasters.prefix(shownMax).map {
      ("rank \($0.number): sub-master", $0)
    }
    if submasters.count > shownMax {
      let rest = submasters.dropFirst(shownMax)
      let leafCount = rest.reduce(0) { $0 + topology.leafCount(under: $1) }
      branches.append(("… \(rest.count) more sub-masters with \(leafCount) leaves", nil))
    }
    for range in ranges(of: all.filter { topology.role(of: $0) == .leaf }) {
      branches.append(
        range.count == 1
          ? ("rank \(range.lowerBound): leaf", nil)
          : ("ranks \(range.lowerBound)–\(range.upperBound): \(range.count) leaves", nil))
    }
    return branches.enumerated().flatMap { index, branch -> [String] in
      let isLast = index == branches.count - 1
      let line = indent + (isLast ? "└── " : "├── ") + branch.text
      guard let head = branch.head else { return [line] }
      return [line] + children(of: head, topology, indent: indent + (isLast ? "    " : "│   "))
    }
  }

  /// Ascending ranks as runs without gaps.
  private static func ranges(of ranks: [Rank]) -> [ClosedRange<Int>] {
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
