/// When a function is taken to fail everywhere, so that the world ends rather than burn its
/// allocation.
///
/// A failure often comes sooner than a value. So points that are being evaluated may still turn out
/// well, and many leaves may fail in a row before the first value comes.
package enum FailureLimit: Sendable, Equatable {
  /// So many points given up in a row, without a value between them, and twice as many as are being
  /// evaluated.
  case inRow(Int)
  /// So many points given up in this world.
  case count(Int)
  /// This share of all points that were given up, told, or are being evaluated, in this world;
  /// at least ``shareCountMin`` given up.
  case share(Double)

  /// A share of fewer points says nothing.
  package static let shareCountMin = 10

  /// - Parameters:
  ///   - inRow: points given up since the last value.
  ///   - inFlight: points that were sent to children and not answered.
  package func isReached(givenUp: Int, inRow: Int, told: Int, inFlight: Int) -> Bool {
    switch self {
    case .inRow(let limit): inRow >= max(limit, 2 * inFlight)
    case .count(let limit): givenUp >= limit
    case .share(let limit):
      givenUp >= Self.shareCountMin
        && Double(givenUp) >= limit * Double(givenUp + told + inFlight)
    }
  }
}
