package import AdaptiveCore
import NodeRuntime

/// The time of a simulated world: stands still while a rank acts, and leaps from event to event.
package final class SimulatedClock: TimeSource {
  package internal(set) var instant = Instant.origin

  package init() {}

  package func now() -> Instant { instant }
}

/// One rank's clock, which runs as all do and shows another time.
struct SkewedClock: TimeSource {
  let base: SimulatedClock
  let offset: TimeSpan

  func now() -> Instant { base.instant + offset }
}
