package import AdaptiveCore

/// Where a driver reads the time: a monotonic clock, or a simulated one.
package protocol TimeSource {
  func now() -> Instant
}
