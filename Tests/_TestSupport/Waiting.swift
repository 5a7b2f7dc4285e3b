import Foundation
import Glibc

/// What was waited for did not happen in time.
package struct WaitingTimedOut: Error, CustomStringConvertible {
  package let description: String
}

/// Returns as soon as `condition` holds.
///
/// - Parameter interval: between two looks, in seconds; longer where a look costs something.
/// - Throws: ``WaitingTimedOut`` naming `subject` if it does not hold within `seconds`.
package func wait(
  for subject: String, seconds: Double = 60, every interval: Double = 0.004,
  until condition: () throws -> Bool
) throws {
  let start = ContinuousClock.now
  while try !condition() {
    if ContinuousClock.now - start > .seconds(seconds) {
      throw WaitingTimedOut(description: "waited \(seconds) s for \(subject)")
    }
    usleep(useconds_t(interval * 1e6))
  }
}
