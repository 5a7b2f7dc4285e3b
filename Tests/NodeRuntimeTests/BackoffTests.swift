import AdaptiveCore
import NodeRuntime
import Testing

@Suite struct BackoffTests {
  @Test("pauses double from the least to the greatest, and begin again after work") func doubling()
  {
    var backoff = Backoff()
    let pauses = (0..<10).map { _ in backoff.next(until: nil, at: .origin) }
    #expect(pauses.first == Limits.idlePauseMin)
    for (pause, next) in zip(pauses, pauses.dropFirst()) {
      #expect(next.nanoseconds == min(2 * pause.nanoseconds, Limits.idlePauseMax.nanoseconds))
    }
    #expect(pauses.last == Limits.idlePauseMax)
    backoff.reset()
    #expect(backoff.next(until: nil, at: .origin) == Limits.idlePauseMin)
  }

  @Test("no pause goes past a deadline, nor below zero") func deadlines() {
    var backoff = Backoff()
    let soon = Instant(nanoseconds: 10)
    #expect(backoff.next(until: soon, at: .origin) == TimeSpan(nanoseconds: 10))
    #expect(backoff.next(until: .origin, at: soon) == .zero)
  }
}
