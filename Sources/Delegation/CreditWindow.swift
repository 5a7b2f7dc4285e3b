package import AdaptiveCore

/// How many points a node should hold, from what it measured: the rate at which its leaves finish
/// points, and the round trip to its parent.
///
/// By Little's law a node that hands out r points a second, and waits T for new ones, must hold r·T
/// beyond those being evaluated to keep its leaves busy. Twice that covers the spread of T;
/// anything more would be points chosen earlier than needed, and so with less known.
package struct CreditWindow: Sendable {
  /// Smoothed seconds a point takes one leaf; nil until one is known.
  package private(set) var secondsPerPoint: Double?

  /// Smoothed seconds from sending a message up to the arrival of what the parent answered.
  package private(set) var roundTrip: Double?

  /// Weight of a new measurement.
  private static let smoothing = 0.125

  package init() {}

  package mutating func observe(secondsPerPoint seconds: Double) {
    secondsPerPoint = Self.smoothed(secondsPerPoint, seconds)
  }

  /// Takes the parent's echo of a stamp of ours: the time since, less what the parent held it.
  ///
  /// - Parameter wasBusy: this node may not have looked when the message came, so that only a
  ///   shorter round trip than the known one says anything.
  package mutating func observe(_ downward: Downward, at now: Instant, wasBusy: Bool = false) {
    let seconds = ((now - downward.echo) - downward.held).seconds
    guard seconds >= 0 else { return }
    if wasBusy, let roundTrip, seconds > roundTrip { return }
    // A stopped, swapped-out or overloaded parent must not look like a far one: whoever then asked
    // further ahead would load it still more.
    roundTrip = Self.smoothed(roundTrip, min(seconds, Limits.roundTripMax.seconds))
  }

  private static func smoothed(_ old: Double?, _ new: Double) -> Double {
    guard let old else { return new }
    return old + smoothing * (new - old)
  }

  /// Points that should wait at a leaf beside the one it evaluates: none if a point takes longer
  /// than twenty round trips, for then waiting one costs less than 5 % of the leaf's time.
  package var waitingAtLeaf: Int {
    guard let secondsPerPoint, let roundTrip else { return 0 }
    if secondsPerPoint >= 20 * roundTrip { return 0 }
    return Self.points(2 * roundTrip, each: secondsPerPoint, limit: Limits.windowPerLeafMax - 1)
  }

  /// Points that should wait at a sub-master with `leafCount` leaves while its parent answers: at
  /// least one, so that a leaf waits for its sub-master only.
  package func waitingAtSubmaster(leafCount: Int) -> Int {
    guard let secondsPerPoint, let roundTrip, leafCount > 0 else { return 1 }
    let seconds = secondsPerPoint / Double(leafCount)
    let limit = leafCount * Limits.windowPerLeafMax
    return max(1, Self.points(2 * roundTrip, each: seconds, limit: limit))
  }

  /// How long a parent that has something to answer takes at most; nil while that is not known.
  package var answerSpan: TimeSpan? { roundTrip.map { TimeSpan(seconds: 2 * $0) } }

  /// How long a finished result may wait for company: a share of what a point takes, so that the
  /// learner knows it hardly later than it could.
  package var resultDelay: TimeSpan {
    guard let secondsPerPoint else { return Limits.resultDelayMin }
    let seconds = min(
      secondsPerPoint * Limits.resultDelayShare, Limits.resultDelayMax.seconds)
    return max(Limits.resultDelayMin, TimeSpan(seconds: seconds))
  }

  /// Points that wait at a sub-master with `leafCount` leaves beyond those, so that so many results
  /// can go up in one message: what its leaves finish in a ``resultDelay``. None where leaves are
  /// few: their parent has little to do.
  package func gatheredAtSubmaster(leafCount: Int) -> Int {
    guard let secondsPerPoint else { return 0 }
    let span = min(
      secondsPerPoint * Limits.resultDelayShare, Limits.resultDelayMax.seconds)
    let count = span * Double(leafCount) / max(secondsPerPoint, 1e-9)
    return count >= Double(Limits.gatheredMax) ? Limits.gatheredMax : Int(count)
  }

  private static func points(_ span: Double, each seconds: Double, limit: Int) -> Int {
    let count = (span / max(seconds, 1e-9)).rounded(.up)
    return count >= Double(limit) ? limit : Int(count)
  }
}
