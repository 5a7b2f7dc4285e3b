package import AdaptiveCore

/// How long a loop sleeps that finds nothing to do: twice as long each time, so that an idle rank
/// leaves its core to others and a busy one answers at once.
package struct Backoff: Sendable {
  private var span = Limits.idlePauseMin
  private let spanMax: TimeSpan

  package init(spanMax: TimeSpan = Limits.idlePauseMax) { self.spanMax = spanMax }

  /// Something was done: the next pause is short again.
  package mutating func reset() { span = Limits.idlePauseMin }

  /// The next pause, no longer than until `deadline`.
  package mutating func next(until deadline: Instant?, at now: Instant) -> TimeSpan {
    let pause = span
    span = min(TimeSpan(nanoseconds: span.nanoseconds * 2), spanMax)
    guard let deadline else { return pause }
    return max(.zero, min(pause, deadline - now))
  }
}
