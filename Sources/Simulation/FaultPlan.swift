package import AdaptiveCore

/// What goes wrong in a simulated world. All shares are between 0 and 1, and drawn from the world's
/// seed.
package struct FaultPlan: Sendable {
  /// A rank ends at an instant, with all that is below it; not the root, whose end is the world's.
  package struct Death: Sendable {
    package var rank: Rank
    package var at: Instant

    package init(rank: Rank, at: Instant) {
      self.rank = rank
      self.at = at
    }
  }

  package var deaths: [Death] = []

  /// When a parent learns of a child's death, after the last frame that came from it; nil where
  /// nobody is told, for the launcher ends the whole world.
  package var detection: TimeSpan?

  /// Share of evaluations that never return.
  package var hangShare = 0.0

  /// When a leaf gives up an evaluation that hangs; nil if it waits for ever.
  package var hangTimeout: TimeSpan?

  /// Share of the leaves that take `slowFactor` times as long as the others.
  package var slowShare = 0.0
  package var slowFactor = 100.0

  /// Share of the frames with results that arrive twice.
  package var duplicateShare = 0.0

  /// Share of the frames that take `stallFactor` times as long as the others, and hold back what
  /// the same rank sends to the same rank after them.
  package var stallShare = 0.0
  package var stallFactor = 1000.0

  /// Share of the frames that everything else under way to their receiver overtakes, as far as MPI
  /// allows: the worst legal order where it is 1.
  package var overtakingShare = 0.0

  /// Share of the times that a rank wants to send and is told to try again later.
  package var refusalShare = 0.0

  /// The clocks of two ranks differ by this much at most.
  package var clockSkew = TimeSpan.zero

  package init() {}

  /// How much slower than others a leaf is.
  func slowness(of leaf: Rank, seed: UInt64) -> Double {
    guard slowShare > 0 else { return 1 }
    var random = RandomSource(seed: seed, stream: 1 << 40 + UInt64(leaf.number))
    return random.nextUnit() < slowShare ? slowFactor : 1
  }

  /// What a rank's clock shows at the origin of time; the root's shows the origin.
  func clockOffset(of rank: Rank, seed: UInt64) -> TimeSpan {
    guard clockSkew > .zero, rank.number > 0 else { return .zero }
    var random = RandomSource(seed: seed, stream: 1 << 41 + UInt64(rank.number))
    return TimeSpan(seconds: clockSkew.seconds * (random.nextUnit() - 0.5))
  }
}
