package import AdaptiveCore

/// Who is whose parent when a world begins: a tree over its ranks, or one for each of several
/// roots, as arithmetic.
///
/// Each root has a range of ranks of its own and is the first of them; of whole groups, where there
/// are enough. Every subtree owns a contiguous range; its first rank is its head, and the rest is
/// cut into nearly equal ranges, one a child. With as many ranks a group as a node holds, and ranks
/// placed node by node, each group is a node (the first shares its node with the root), because
/// ⌊g(Gp − 1)/G⌋ = gp − 1. A node must hold three ranks for that, for the first has root,
/// sub-master and leaf.
package struct Topology: Sendable, Equatable {
  package enum Role: Sendable, Equatable {
    case root, submaster, leaf
  }

  /// Ranks in the world.
  package let rankCount: Int

  /// Roots, each with a tree of its own.
  package let rootCount: Int

  /// The first rank of each root's range, and at the end the number of ranks.
  private let boundaries: [Int]

  /// Levels of sub-masters between root and leaves; 0 where leaves are the root's own children.
  package let levels: Int

  /// Ranks in a group at the lowest level: a sub-master and its leaves.
  package let groupSize: Int

  /// Children of a sub-master that has sub-masters for children.
  package let fanOut: Int

  /// - Parameters:
  ///   - rankCount: ranks in the world, at least 1.
  ///   - ranksPerNode: ranks on one node, the default for the size of a group.
  ///   - leavesPerSubmaster: leaves under one sub-master, instead of what a node holds.
  ///   - levels: levels of sub-masters; by default none for 1 or 2 ranks, else as few as keep the
  ///     children of every rank at ``defaultFanOut`` or below.
  ///   - roots: how many roots are wanted; there are as many if each can have a leaf.
  package init(
    rankCount: Int, ranksPerNode: Int, leavesPerSubmaster: Int? = nil, levels: Int? = nil,
    roots: Int = 1
  ) {
    invariant(rankCount >= 1 && rankCount <= Limits.ranksMax, "\(rankCount) ranks")
    self.rankCount = rankCount
    fanOut = Self.defaultFanOut
    groupSize = max(2, leavesPerSubmaster.map { $0 + 1 } ?? ranksPerNode)
    rootCount = max(1, min(roots, rankCount / 2))
    let boundaries = Self.boundaries(
      rankCount: rankCount, rootCount: rootCount, groupSize: groupSize)
    let sizes = zip(boundaries.dropFirst(), boundaries).map { $0 - $1 }
    let wanted = levels ?? Self.levelsNeeded(for: sizes.max()! - 1, groupSize: groupSize)
    // Every sub-master needs a leaf at the end of its line.
    self.levels = max(0, min(wanted, sizes.min()! - 2))
    self.boundaries = boundaries
  }

  /// Children that one rank serves without trouble; more of them get a level in between.
  package static let defaultFanOut = 512

  private static func levelsNeeded(for ranks: Int, groupSize: Int) -> Int {
    guard ranks >= 2 else { return 0 }
    var levels = 1
    var reach = groupSize * defaultFanOut
    while reach < ranks {
      reach *= defaultFanOut
      levels += 1
    }
    return levels
  }

  /// One rank that plays all roles, because there is no other.
  package var isSingle: Bool { rankCount == 1 }
}

// MARK: - Roots

extension Topology {
  /// Roots in ascending order of their ranks; the first is rank 0.
  package var roots: [Rank] { (0..<rootCount).map { Rank(range(ofRoot: $0).lowerBound) } }

  /// The root in whose range a rank is.
  package func root(of rank: Rank) -> Rank { Rank(range(ofRoot: rootIndex(of: rank)).lowerBound) }

  /// The place of a rank's root among the roots.
  package func rootIndex(of rank: Rank) -> Int {
    invariant(
      rank.number >= 0 && rank.number < rankCount, "rank \(rank.number) of \(rankCount)")
    // The ranges are nearly equal, so that this is off by one or two at most.
    var index = min(rootCount - 1, rank.number * rootCount / rankCount)
    while range(ofRoot: index).upperBound <= rank.number { index += 1 }
    while range(ofRoot: index).lowerBound > rank.number { index -= 1 }
    return index
  }

  private func range(ofRoot index: Int) -> Range<Int> { boundaries[index]..<boundaries[index + 1] }

  private static func boundaries(rankCount: Int, rootCount: Int, groupSize: Int) -> [Int] {
    let groupCount = (rankCount + groupSize - 1) / groupSize
    let lastGroup = rankCount - (groupCount - 1) * groupSize
    // The last group, too, must hold root, sub-master and leaf.
    let hasWholeGroups = groupCount >= rootCount && (lastGroup >= 3 || rootCount == 1)
    return (0...rootCount).map { index in
      hasWholeGroups
        ? min(rankCount, groupCount * index / rootCount * groupSize)
        : rankCount * index / rootCount
    }
  }
}

// MARK: - Parents and children

extension Topology {
  package func role(of rank: Rank) -> Role {
    if rank == root(of: rank) { return .root }
    return place(of: rank).level == nil ? .leaf : .submaster
  }

  /// The rank's parent; nil for a root.
  package func parent(of rank: Rank) -> Rank? { place(of: rank).parent }

  /// The rank's children in ascending order; none for a leaf.
  package func children(of rank: Rank) -> [Rank] {
    let place = place(of: rank)
    guard let level = place.level else { return [] }
    let rest = place.range.lowerBound + 1..<place.range.upperBound
    return (0..<partCount(of: rest, below: level)).map { index in
      Rank(part(index, of: rest, below: level).lowerBound)
    }
  }

  /// Leaves in the subtree of `rank`, itself included.
  package func leafCount(under rank: Rank) -> Int {
    let place = place(of: rank)
    guard let level = place.level else { return 1 }
    if level == 0 { return place.range.count - 1 }
    return children(of: rank).reduce(0) { $0 + leafCount(under: $1) }
  }

  /// Where a rank stands: the ranks of its subtree, its parent, and how many levels of sub-masters
  /// are below it, or nil for a leaf. Takes as many steps as there are levels.
  private func place(of rank: Rank) -> (range: Range<Int>, parent: Rank?, level: Int?) {
    var range = range(ofRoot: rootIndex(of: rank))
    var level = levels
    var parent: Rank?
    while rank.number != range.lowerBound {
      parent = Rank(range.lowerBound)
      let rest = range.lowerBound + 1..<range.upperBound
      if level == 0 { return (rank.number..<rank.number + 1, parent, nil) }
      range = part(containing: rank.number, of: rest, below: level)
      level -= 1
    }
    return (range, parent, level)
  }

  /// Ranks in a full subtree whose head has `level - 1` levels of sub-masters below it.
  private func subtreeSize(below level: Int) -> Int {
    guard level > 0 else { return 1 }
    var size = groupSize
    for _ in 1..<level { size = 1 + fanOut * size }
    return size
  }

  private func partCount(of ranks: Range<Int>, below level: Int) -> Int {
    guard level > 0 else { return ranks.count }
    let size = subtreeSize(below: level)
    let enough = (ranks.count + size - 1) / size
    // Each part must reach down to a leaf.
    return max(1, min(enough, ranks.count / (level + 1)))
  }

  private func part(_ index: Int, of ranks: Range<Int>, below level: Int) -> Range<Int> {
    cut(index, of: ranks, below: level)..<cut(index + 1, of: ranks, below: level)
  }

  /// Where the part of that index begins, or the last one ends: even parts, but between groups
  /// where ranks fill them, whatever ranks head the levels above. Who is on one node can ring.
  private func cut(_ index: Int, of ranks: Range<Int>, below level: Int) -> Int {
    let count = partCount(of: ranks, below: level)
    let even = ranks.lowerBound + ranks.count * index / count
    guard level > 0, index > 0, index < count, fillsGroups else { return even }
    return (even + groupSize / 2) / groupSize * groupSize
  }

  /// Ranks fill whole groups that are large enough for a rank at the head of every level.
  private var fillsGroups: Bool {
    levels > 1 && rankCount.isMultiple(of: groupSize) && groupSize >= 4 * (levels + 2)
  }

  private func part(containing rank: Int, of ranks: Range<Int>, below level: Int) -> Range<Int> {
    let count = partCount(of: ranks, below: level)
    let offset = rank - ranks.lowerBound
    // The inverse of ⌊n·i/count⌋ is off by one or two at most.
    var index = min(count - 1, offset * count / ranks.count)
    while part(index, of: ranks, below: level).upperBound <= rank { index += 1 }
    while part(index, of: ranks, below: level).lowerBound > rank { index -= 1 }
    return part(index, of: ranks, below: level)
  }
}
