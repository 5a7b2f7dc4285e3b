package import AdaptiveCore
import NodeRuntime

/// The time of a simulated world: leaps from event to event, and goes on within a rank's turn by
/// what the turn costs it.
///
/// The instant is read and set several times an event: it stands behind a pointer of the class's
/// own, where no access has to be recorded to enforce exclusivity.
@safe
package final class SimulatedClock: TimeSource {
  private let time = UnsafeMutablePointer<Instant>.allocate(capacity: 1)

  package init() { unsafe time.initialize(to: .origin) }

  deinit { unsafe time.deallocate() }

  package internal(set) var instant: Instant {
    get { unsafe time.pointee }
    set { unsafe time.pointee = newValue }
  }

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
