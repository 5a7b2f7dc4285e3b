package import AdaptiveCore
import Glibc

/// The machine's monotonic clock (`clock_gettime(CLOCK_MONOTONIC)`).
package struct MonotonicClock: TimeSource, Sendable {
  package init() {}

  package func now() -> Instant {
    var time = timespec()
    unsafe clock_gettime(CLOCK_MONOTONIC, &time)
    return Instant(nanoseconds: Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec))
  }
}
