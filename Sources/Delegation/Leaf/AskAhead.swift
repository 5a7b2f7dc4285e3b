import AdaptiveCore

/// When a leaf asks for its next point: so long before the end of the one it evaluates that the
/// next is there when it ends, and no longer, for a point that is asked early is chosen with less
/// known.
///
/// That takes points whose ends can be foretold: their lengths must not differ by much. How early
/// is early enough is found by trying: a point that came too late doubles what is allowed for its
/// way, each that came in time takes a little away.
struct AskAhead: Sendable {
  /// Smoothed difference of a point's seconds from the mean.
  private var deviation: Double?

  /// Of two round trips, what is allowed for the way of a point.
  private var allowance = 1.0

  /// Whether the next point was asked for, during the one that is evaluated.
  private(set) var hasAsked = false

  /// Shares of a point's seconds: beyond the first, its end is not foretold; and no point is asked
  /// earlier than by the second.
  private static let deviationMax = 1.0 / 16
  private static let leadMax = 1.0 / 4

  /// Seconds before the expected end of a point at which the next one is asked for; nil if its end
  /// cannot be foretold, or the way is too long for that.
  func lead(_ credit: CreditWindow) -> Double? {
    guard let seconds = credit.secondsPerPoint, let roundTrip = credit.roundTrip,
      let deviation, deviation <= seconds * Self.deviationMax,
      2 * roundTrip <= seconds * Self.leadMax
    else { return nil }
    return min(2 * roundTrip * allowance + 2 * deviation, seconds * Self.leadMax)
  }

  mutating func asked() { hasAsked = true }

  /// A point was evaluated.
  ///
  /// - Parameters:
  ///   - mean: what was expected.
  ///   - isNextHere: the next point came in time.
  mutating func evaluated(seconds: Double, mean: Double?, isNextHere: Bool) {
    if hasAsked { allowance = isNextHere ? max(1, 0.98 * allowance) : min(2 * allowance, 64) }
    hasAsked = false
    guard let mean else { return }
    let difference = (seconds - mean).magnitude
    deviation = deviation.map { $0 + (difference - $0) / 8 } ?? difference
  }
}
