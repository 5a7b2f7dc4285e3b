import AdaptiveCore

/// The cores that the ranks of a node share, where each has not one of its own: a turn waits until
/// one is free, and then has it to its end.
final class NodeCores {
  /// Until when each core is taken, node after node.
  private var busyUntil: [Int64]
  private let coreCount: Int

  init(nodeCount: Int, coreCount: Int) {
    self.coreCount = coreCount
    busyUntil = Array(repeating: .min, count: nodeCount * coreCount)
  }

  /// When some core of a node is free.
  func free(_ node: Int) -> Instant { Instant(nanoseconds: busyUntil[first(node)]) }

  func occupy(_ node: Int, until end: Instant) {
    busyUntil[first(node)] = end.nanoseconds
  }

  /// The core that is free first.
  private func first(_ node: Int) -> Int {
    var least = node * coreCount
    for core in least + 1..<(node + 1) * coreCount where busyUntil[core] < busyUntil[least] {
      least = core
    }
    return least
  }
}
