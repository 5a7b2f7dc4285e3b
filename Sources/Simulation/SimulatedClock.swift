package import AdaptiveCore
import NodeRuntime

/// The time of a simulated world: leaps from event to event, and goes on within a rank's turn by
/// what the turn costs it.
package final class SimulatedClock: TimeSource {
  package internal(set) var instant = Instant.origin

  package init() {}

  package func now() -> Instant { instant }

  /// The rank whose turn it is computes for this long.
  func spend(_ seconds: Double) {
    instant.nanoseconds += Int64(seconds * 1e9 + 0.5)
  }
}

/// One rank's clock, which runs as all do and shows another time.
struct SkewedClock: TimeSource {
  let base: SimulatedClock
  let offset: TimeSpan

  func now() -> Instant { base.instant + offset }
}
