import AdaptiveCore

/// The loop of a rank that plays one role: step, and sleep when there was nothing to do.
///
/// - Parameters:
///   - doorbell: rung when the role's own thread has something for it.
///   - eachTurn: called after every step; takes signals and shows progress.
/// - Returns: how the role ended.
package func runLoop<Driver: RoleDriver & ~Copyable>(
  _ driver: inout Driver, doorbell: Doorbell, clock: MonotonicClock,
  eachTurn: (inout Driver) -> Void
) throws(TransportError) -> RoleOutcome {
  var backoff = Backoff()
  while true {
    let isBusy = try driver.step()
    eachTurn(&driver)
    if let outcome = driver.outcome { return outcome }
    if isBusy {
      backoff.reset()
    } else {
      doorbell.wait(upTo: backoff.next(until: driver.nextDeadline, at: clock.now()))
    }
  }
}
