package import AdaptiveCore

/// The loop of a rank that plays one role: step, and sleep when there was nothing to do.
///
/// - Parameters:
///   - doorbell: rung when a frame has come from this node, or the role's own thread has something.
///   - pauseMax: how long the loop may sleep without being rung.
///   - eachTurn: called after every step; takes signals and shows progress.
/// - Returns: how the role ended.
package func runLoop<Driver: RoleDriver & ~Copyable>(
  _ driver: inout Driver, doorbell: Doorbell, clock: MonotonicClock,
  pauseMax: TimeSpan = Limits.idlePauseMax, eachTurn: (inout Driver) -> Void
) throws(TransportError) -> RoleOutcome {
  var backoff = Backoff(spanMax: pauseMax)
  while true {
    let isBusy = try driver.step()
    eachTurn(&driver)
    if let outcome = driver.outcome { return outcome }
    if isBusy {
      backoff.reset()
    } else {
      let pause = backoff.next(until: driver.nextDeadline, at: clock.now())
      // What was announced may not be there yet: look again soon.
      if doorbell.wait(upTo: pause) { backoff.reset() }
    }
  }
}
