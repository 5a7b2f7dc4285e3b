package import AdaptiveCore
package import Delegation

/// Root and leaf of a world of one rank, in one loop.
package struct SingleDriver<
  Store: CheckpointStore & ~Copyable, Service: EvaluationService, Clock: TimeSource
>: RoleDriver, ~Copyable {
  package var root: RootDriver<LoopbackTransport, Store, Clock>
  private var leaf: LeafDriver<LoopbackTransport, Service, Clock>

  package init(
    root: consuming RootDriver<LoopbackTransport, Store, Clock>,
    leaf: consuming LeafDriver<LoopbackTransport, Service, Clock>
  ) {
    self.root = root
    self.leaf = leaf
  }

  package mutating func step() throws(TransportError) -> Bool {
    let rootWasBusy = try root.step()
    let leafWasBusy = try leaf.step()
    return rootWasBusy || leafWasBusy
  }

  package mutating func closeTransport() throws(TransportError) -> Int {
    try root.closeTransport() + leaf.closeTransport()
  }

  package mutating func requestStop(_ reason: StopReason) { root.requestStop(reason) }

  package var nextDeadline: Instant? {
    [root.nextDeadline, leaf.nextDeadline].compactMap { $0 }.min()
  }

  /// The leaf ends last, by the root's order.
  package var outcome: RoleOutcome? { root.outcome == nil ? nil : leaf.outcome }
}
