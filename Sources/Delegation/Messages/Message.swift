package import AdaptiveCore

/// What a parent says to a child, beside the points it assigns.
package enum Order: Sendable, Equatable {
  /// Drop every point that has not been started, let the others finish, then say
  /// ``Report/drained``.
  case drain
  /// Leave the loop and end with this exit code.
  case stop(exitCode: Int32)
  /// Take points from another root from now on, and offer yourself to it. Answers to what is held
  /// still go to the sender of this order.
  case move(to: Rank)
}

/// What a child says to its parent, beside the results it sends up.
package enum Report: Sendable, Equatable {
  /// Nothing is being evaluated any more in the child's subtree, and every result was sent.
  case drained
  /// The order to stop was obeyed: nothing comes from this child any more.
  case stopped
  /// Somebody asked a rank of this subtree to stop the world.
  case stopRequested(StopReason)
  /// How busy the leaves of the subtree were, all told since the start.
  case statistics(NodeStatistics)
  /// The sender is the receiver's child from now on: its root has sent it here.
  case joined
  /// The sender has another parent now, and has answered all that it held; nothing more comes from
  /// it.
  case left
}

/// What a subtree did since the start of the world.
package struct NodeStatistics: Sendable, Equatable {
  /// Leaves in the subtree.
  package var leafCount: Int64 = 0
  /// Leaves that evaluate a point right now.
  package var evaluatingCount: Int64 = 0
  /// Points evaluated, failures included.
  package var evaluatedCount: Int64 = 0
  /// Seconds spent in the user's function, all leaves together.
  package var busySeconds: Double = 0
  /// Leaves whose function ran in a process of its own when it ran last.
  package var isolatedCount: Int64 = 0
  /// Processes of functions that had to be started again.
  package var restartCount: Int64 = 0

  package init() {}

  package static func += (a: inout Self, b: Self) {
    a.leafCount += b.leafCount
    a.evaluatingCount += b.evaluatingCount
    a.evaluatedCount += b.evaluatedCount
    a.busySeconds += b.busySeconds
    a.isolatedCount += b.isolatedCount
    a.restartCount += b.restartCount
  }
}

/// What every message carries that keeps points flowing.
///
/// A child stamps what it sends; a parent echoes the latest stamp and how long it held it, so that
/// the child knows the round trip without comparing clocks.
package struct Upward: Sendable, Equatable {
  /// Points that the sender wants to hold, those it works on included: an absolute number, so that
  /// nothing drifts when messages cross.
  package var window: Int32
  /// When it was sent, by the sender's clock.
  package var stamp: Instant

  package init(window: Int32, stamp: Instant) {
    self.window = window
    self.stamp = stamp
  }
}

/// The other half of ``Upward``, with the points a parent assigns.
package struct Downward: Sendable, Equatable {
  /// The stamp of the latest message from this child.
  package var echo: Instant
  /// How long the parent has held it.
  package var held: TimeSpan

  package init(echo: Instant, held: TimeSpan) {
    self.echo = echo
    self.held = held
  }
}
