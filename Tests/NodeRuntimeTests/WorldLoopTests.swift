import AdaptiveCore
import Delegation
import Glibc
import NodeRuntime
import Testing

@Suite struct WorldLoopTests {
  /// Never has anything to do, and ends after so many steps or so long.
  private struct IdleDriver: RoleDriver {
    var stepsLeft = Int.max
    var end = Instant(nanoseconds: .max)
    var waitsForThread = false
    var stepCount = 0

    mutating func step() -> Bool {
      stepCount += 1
      stepsLeft -= 1
      return false
    }

    mutating func requestStop(_ reason: StopReason) {}
    mutating func loseChild(_ rank: Rank) {}
    var nextDeadline: Instant? { nil }
    var outcome: RoleOutcome? {
      stepsLeft <= 0 || MonotonicClock().now() >= end ? RoleOutcome(exitCode: 0) : nil
    }
    mutating func closeTransport() -> Int { 0 }
  }

  @Test func aLoopThatMaySpinDoesNotSleep() throws {
    // Ten thousand pauses that double to 50 milliseconds would take minutes.
    var driver = IdleDriver(stepsLeft: 10_000)
    let clock = MonotonicClock()
    let start = clock.now()
    _ = try runLoop(
      &driver, doorbell: Doorbell(), clock: clock, pauseMax: .milliseconds(50),
      spin: TimeSpan(seconds: 60)
    ) { _ in }
    #expect(clock.now() - start < TimeSpan(seconds: 60))
    #expect(driver.stepCount == 10_000)
  }

  @Test(arguments: [(spin: 0.0, waits: false), (spin: 60.0, waits: true)])
  func itSleepsWithoutACoreOfItsOwnOrBesideAThread(spin: Double, waits: Bool) throws {
    let clock = MonotonicClock()
    var driver = IdleDriver(end: clock.now() + .milliseconds(300), waitsForThread: waits)
    _ = try runLoop(
      &driver, doorbell: Doorbell(), clock: clock, pauseMax: .milliseconds(50),
      spin: TimeSpan(seconds: spin)
    ) { _ in }
    // Pauses of 50, 100, … microseconds, then 50 milliseconds.
    #expect(driver.stepCount < 40)
  }

  @Test func someProcessorIsAllowed() {
    let count = AllowedProcessors.flags().reduce(0, +)
    #expect(count >= 1 && Int(count) <= sysconf(Int32(_SC_NPROCESSORS_CONF)))
  }

  @Test(arguments: [
    ("Cpus_allowed_list:\t0-3,8\n", [0, 1, 2, 3, 8]), ("Name:\tx\nCpus_allowed_list:\t7", [7]),
    ("", []), ("Cpus_allowed_list:\t3-1,x,999999", []),
  ])
  func processorsAreReadFromTheirList(status: String, expected: [Int]) {
    let flags = AllowedProcessors.flags(status: status)
    #expect(flags.indices.filter { flags[$0] == 1 } == expected)
  }
}
