import AdaptiveCore
import Delegation
import Testing

@Suite struct CreditWindowTests {
  private func window(seconds: Double, roundTrip: Double) -> CreditWindow {
    var window = CreditWindow()
    window.observe(secondsPerPoint: seconds)
    let now = Instant(nanoseconds: 5_000_000_000)
    let held = TimeSpan(seconds: 0.5)
    let echo = Instant(
      nanoseconds: (now - .origin).nanoseconds - held.nanoseconds
        - TimeSpan(seconds: roundTrip).nanoseconds)
    window.observe(Downward(echo: echo, held: held), at: now)
    return window
  }

  @Test("the parent's holding time is no part of the round trip") func roundTrip() throws {
    let found = try #require(window(seconds: 1, roundTrip: 0.002).roundTrip)
    #expect(abs(found - 0.002) < 1e-9)
  }

  @Test(
    "what waits at a leaf covers two round trips of short points, and is nothing for long ones",
    arguments: [
      // seconds a point, round trip, points that wait
      (10.0, 0.001, 0), (0.02, 0.001, 0), (0.0199, 0.001, 1), (0.001, 0.001, 2),
      (0.0001, 0.001, 20), (0.0, 0.001, 4095), (1e-9, 1.0, 4095),
    ])
  func waitingAtLeaf(seconds: Double, roundTrip: Double, expected: Int) {
    #expect(window(seconds: seconds, roundTrip: roundTrip).waitingAtLeaf == expected)
  }

  @Test(
    "what waits at a sub-master covers two round trips of all its leaves, and is at least one",
    arguments: [(10.0, 0.0001, 128, 1), (0.1, 0.0001, 128, 1), (0.001, 0.0005, 128, 128)])
  func waitingAtSubmaster(seconds: Double, roundTrip: Double, leaves: Int, expected: Int) {
    let found = window(seconds: seconds, roundTrip: roundTrip).waitingAtSubmaster(leafCount: leaves)
    #expect(found == expected)
  }

  @Test(
    "what waits for company is what leaves finish in a sixteenth of a point, in 0.5 s at most",
    arguments: [
      // seconds a point, leaves, points that wait, delay of a result
      (1.0, 128, 8, 0.0625), (0.001, 128, 8, 0.02), (1.0, 15, 0, 0.0625), (10.0, 4_000, 64, 0.5),
      (100.0, 128, 0, 0.5), (0.0, 128, 0, 0.02), (1e300, 1 << 20, 0, 0.5),
    ])
  func gatheredAtSubmaster(seconds: Double, leaves: Int, expected: Int, delay: Double) {
    let found = window(seconds: seconds, roundTrip: 0.001)
    #expect(found.gatheredAtSubmaster(leafCount: leaves) == expected)
    #expect(found.resultDelay == TimeSpan(seconds: delay))
  }

  @Test("nothing measured: one at a sub-master, none at a leaf") func unknown() {
    #expect(CreditWindow().gatheredAtSubmaster(leafCount: 64) == 0)
    #expect(CreditWindow().waitingAtLeaf == 0)
    #expect(CreditWindow().waitingAtSubmaster(leafCount: 64) == 1)
  }

  @Test("a busy node believes only a shorter round trip") func busyNode() throws {
    var window = window(seconds: 1, roundTrip: 0.002)
    let before = try #require(window.roundTrip)
    let now = Instant(nanoseconds: 9_000_000_000)
    let late = Downward(echo: Instant(nanoseconds: 8_000_000_000), held: .zero)
    window.observe(late, at: now, wasBusy: true)
    #expect(window.roundTrip == before)
    let early = Downward(echo: Instant(nanoseconds: 8_999_000_000), held: .zero)
    window.observe(early, at: now, wasBusy: true)
    #expect(try #require(window.roundTrip) < before)
  }

  @Test("a stopped parent does not look like a far one, nor a wrong clock like a near one")
  func wildMeasurements() throws {
    var window = CreditWindow()
    let now = Instant(nanoseconds: 90_000_000_000)
    window.observe(Downward(echo: .origin, held: .zero), at: now)
    #expect(window.roundTrip == 0.02)
    window.observe(Downward(echo: now, held: TimeSpan(seconds: 1)), at: now)
    #expect(window.roundTrip == 0.02)
  }
}
