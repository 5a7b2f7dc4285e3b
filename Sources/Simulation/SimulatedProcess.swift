import AdaptiveCore
import Delegation
import NodeRuntime

/// A rank of a simulated world, whatever its role.
class SimulatedProcess {
  /// What a turn of a rank's loop came to.
  struct Turn {
    /// It did something.
    var isBusy: Bool
    /// The role has ended.
    var isLast: Bool
    var nextDeadline: Instant?
    /// The same without reports.
    var workDeadline: Instant?
  }

  func turn() throws(TransportError) -> Turn { Turn(isBusy: false, isLast: true) }
  func requestStop(_ reason: StopReason) {}
  func loseChild(_ rank: Rank) {}
  func closeTransport() throws(TransportError) -> Int { 0 }
  var outcome: RoleOutcome? { nil }
}

/// A rank with the driver of its role, the same code that runs under MPI.
final class DrivenProcess<Driver: RoleDriver & ~Copyable>: SimulatedProcess {
  var driver: Driver

  init(_ driver: consuming Driver) { self.driver = driver }

  override func turn() throws(TransportError) -> Turn {
    let isBusy = try driver.step()
    return Turn(
      isBusy: isBusy, isLast: driver.outcome != nil, nextDeadline: driver.nextDeadline,
      workDeadline: driver.workDeadline)
  }

  override func requestStop(_ reason: StopReason) { driver.requestStop(reason) }

  override func loseChild(_ rank: Rank) { driver.loseChild(rank) }

  override func closeTransport() throws(TransportError) -> Int { try driver.closeTransport() }

  override var outcome: RoleOutcome? { driver.outcome }
}
