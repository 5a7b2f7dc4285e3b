package import AdaptiveCore
package import Delegation

/// The loop body that all three roles share: take what arrived, let time pass, perform effects.
package protocol RoleDriver: ~Copyable {
  /// Does what can be done now without waiting; false if there was nothing.
  mutating func step() throws(TransportError) -> Bool

  /// Somebody asked this rank to stop the world.
  mutating func requestStop(_ reason: StopReason)

  /// A child's process has ended, or cannot be reached any more; only for roles with children.
  mutating func loseChild(_ rank: Rank)

  /// When to step again though nothing has arrived.
  var nextDeadline: Instant? { get }

  /// The same where nothing is to be done for a report alone.
  var workDeadline: Instant? { get }

  /// A thread of this process computes, and may need the core that the loop would spin on.
  var waitsForThread: Bool { get }

  /// How the role ended; nil while it goes on.
  var outcome: RoleOutcome? { get }

  /// Leaves the tree, once there is an outcome that needs no abort; returns how many frames nobody
  /// had received. Every rank calls it.
  mutating func closeTransport() throws(TransportError) -> Int
}

extension RoleDriver where Self: ~Copyable {
  package mutating func loseChild(_ rank: Rank) {
    invariant(false, "rank \(rank.number) was lost to a rank without children")
  }
}

extension RoleDriver where Self: ~Copyable {
  package var waitsForThread: Bool { false }
  package var workDeadline: Instant? { nextDeadline }
}

/// How a role ended.
package struct RoleOutcome: Sendable, Equatable {
  package var exitCode: Int32

  /// The user's function has not returned, so its thread cannot be joined.
  package var isEvaluating = false

  /// Some rank has not obeyed the order to stop: the world must be aborted.
  package var needsAbort = false

  package init(exitCode: Int32) { self.exitCode = exitCode }
}

/// A frame from a peer that cannot be read: the program, not its input, is wrong, for all ranks run
/// one build.
func unreadable(_ error: DecodingError, from source: Rank, at role: String) -> Never {
  fatalError("\(role): a frame from rank \(source.number) cannot be read: \(error.detail)")
}
