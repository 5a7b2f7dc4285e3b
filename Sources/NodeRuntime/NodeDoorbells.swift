package import AdaptiveCore

/// The doorbells of the ranks of one node. Who has sent a frame rings its receiver, which may
/// therefore sleep long: an idle rank costs next to nothing, and a message is picked up at once.
///
/// Ranks elsewhere cannot be rung; a loop that hears from them looks by itself now and then.
package final class NodeDoorbells: Sendable {
  /// The bell of this rank's own loop, for its own threads too.
  package let own: Doorbell

  /// How long this rank's loop may go on looking before it sleeps: zero unless the node has a core
  /// for each of its ranks.
  package let spin: TimeSpan

  /// Ascending.
  private let ranks: [Rank]
  private let bells: [Doorbell]

  /// A rank that nobody else rings.
  package init(alone rank: Rank, spin: TimeSpan = .zero) {
    own = Doorbell()
    self.spin = spin
    ranks = [rank]
    bells = [own]
  }

  /// Bells in shared memory, one for each of `ranks`, which are those of this node, ascending.
  package init(
    of rank: Rank, among ranks: [Rank], in memory: NodeMemory, spin: TimeSpan = .zero
  ) {
    self.ranks = ranks
    self.spin = spin
    bells = ranks.indices.map { unsafe Doorbell(at: Self.place($0, in: memory), in: memory) }
    own = bells[ranks.firstIndex(of: rank)!]
  }

  /// Makes `count` bells of new memory, before others open it.
  package static func prepare(_ count: Int, in memory: NodeMemory) {
    for index in 0..<count { unsafe Doorbell.prepare(place(index, in: memory), isShared: true) }
  }

  /// Bytes of `count` bells.
  package static func byteCount(of count: Int) -> Int { count * Doorbell.byteCount }

  private static func place(_ index: Int, in memory: NodeMemory) -> UnsafeMutableRawPointer {
    unsafe memory.base + index * Doorbell.byteCount
  }

  /// Rings the bell of a rank of this node; does nothing for any other. O(log ranks of the node).
  package func ring(_ rank: Rank) {
    if let index = index(of: rank) { bells[index].ring() }
  }

  /// Whether all of `others` are of this node, so that whatever they send is announced.
  package func reaches(_ others: [Rank]) -> Bool {
    others.allSatisfy { index(of: $0) != nil }
  }

  private func index(of rank: Rank) -> Int? {
    var low = 0
    var high = ranks.count
    while low < high {
      let middle = (low + high) / 2
      if ranks[middle] < rank { low = middle + 1 } else { high = middle }
    }
    return low < ranks.count && ranks[low] == rank ? low : nil
  }
}
