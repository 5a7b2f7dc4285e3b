package import AdaptiveCore

/// The loop of a rank that plays one role: step, and sleep when there was nothing to do.
///
/// - Parameters:
///   - doorbell: rung when a frame has come from this node, or the role's own thread has something.
///   - pauseMax: how long the loop may sleep without being rung.
///   - spin: how long the loop goes on looking before it sleeps, on a core that it has to itself:
///     waking takes longer than a short point.
///   - eachTurn: called after every step; takes signals and shows progress.
/// - Returns: how the role ended.
package func runLoop<Driver: RoleDriver & ~Copyable>(
  _ driver: inout Driver, doorbell: Doorbell, clock: MonotonicClock,
  pauseMax: TimeSpan = Limits.idlePauseMax, spin: TimeSpan = .zero, eachTurn: (inout Driver) -> Void
) throws(TransportError) -> RoleOutcome {
  var backoff = Backoff(spanMax: pauseMax)
  var idleSince: Instant?
  while true {
    let isBusy = try driver.step()
    eachTurn(&driver)
    if let outcome = driver.outcome { return outcome }
    if isBusy {
      backoff.reset()
      idleSince = nil
    } else {
      let now = clock.now()
      let idle = now - (idleSince ?? now)
      if idleSince == nil { idleSince = now }
      if idle < spin, !driver.waitsForThread { continue }
      let pause = backoff.next(until: driver.nextDeadline, at: now)
      // What was announced may not be there yet: look again soon.
      if doorbell.wait(upTo: pause) { backoff.reset() }
    }
  }
}
