import AdaptiveCore
import Delegation
import NodeRuntime

/// A rank of a simulated world, whatever its role.
class SimulatedProcess {
  func step() throws(TransportError) -> Bool { false }
  func requestStop(_ reason: StopReason) {}
  func loseChild(_ rank: Rank) {}
  func closeTransport() throws(TransportError) -> Int { 0 }
  var nextDeadline: Instant? { nil }
  var outcome: RoleOutcome? { nil }
}

/// A rank with the driver of its role, the same code that runs under MPI.
final class DrivenProcess<Driver: RoleDriver & ~Copyable>: SimulatedProcess {
  var driver: Driver

  init(_ driver: consuming Driver) { self.driver = driver }

  override func step() throws(TransportError) -> Bool { try driver.step() }

  override func requestStop(_ reason: StopReason) { driver.requestStop(reason) }

  override func loseChild(_ rank: Rank) { driver.loseChild(rank) }

  override func closeTransport() throws(TransportError) -> Int { try driver.closeTransport() }

  override var nextDeadline: Instant? { driver.nextDeadline }

  override var outcome: RoleOutcome? { driver.outcome }
}
