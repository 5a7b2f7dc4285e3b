/// A moment on a monotonic clock, in nanoseconds since an origin that only the clock knows.
///
/// Pure code never reads a clock: it is given the instant with each event, so that a simulated
/// cluster and a real one run the same machines.
@usableFromInline
package struct Instant: Hashable, Comparable, Sendable {
  @usableFromInline package var nanoseconds: Int64

  @inlinable
  package init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }

  package static let origin = Instant(nanoseconds: 0)

  @inlinable
  package static func < (a: Self, b: Self) -> Bool { a.nanoseconds < b.nanoseconds }

  @inlinable
  package static func - (a: Self, b: Self) -> TimeSpan {
    TimeSpan(nanoseconds: a.nanoseconds - b.nanoseconds)
  }

  @inlinable
  package static func + (a: Self, b: TimeSpan) -> Instant {
    Instant(nanoseconds: a.nanoseconds + b.nanoseconds)
  }
}

/// A length of time in nanoseconds: 292 years at most, far past any walltime.
@usableFromInline
package struct TimeSpan: Hashable, Comparable, Sendable {
  @usableFromInline package var nanoseconds: Int64

  @inlinable
  package init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }

  /// A span of `seconds`, held within what nanoseconds can count; not-a-number counts as zero.
  @inlinable
  package init(seconds: Double) {
    let scaled = seconds * 1e9
    if scaled.isNaN {
      nanoseconds = 0
    } else {
      nanoseconds = Int64(min(max(scaled, -9e18), 9e18))
    }
  }

  package static let zero = TimeSpan(nanoseconds: 0)

  @inlinable
  package static func milliseconds(_ count: Int64) -> TimeSpan {
    TimeSpan(nanoseconds: count * 1_000_000)
  }

  @inlinable
  package static func microseconds(_ count: Int64) -> TimeSpan {
    TimeSpan(nanoseconds: count * 1_000)
  }

  @inlinable
  package var seconds: Double { Double(nanoseconds) * 1e-9 }

  @inlinable
  package static func < (a: Self, b: Self) -> Bool { a.nanoseconds < b.nanoseconds }

  @inlinable
  package static func + (a: Self, b: Self) -> TimeSpan {
    TimeSpan(nanoseconds: a.nanoseconds + b.nanoseconds)
  }

  @inlinable
  package static func - (a: Self, b: Self) -> TimeSpan {
    TimeSpan(nanoseconds: a.nanoseconds - b.nanoseconds)
  }
}
