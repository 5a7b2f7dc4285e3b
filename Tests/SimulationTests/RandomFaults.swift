import AdaptiveCore
import Delegation
import NodeRuntime
import Simulation

extension RandomWorld {
  /// Adds to a world what may go wrong in it, each kind in some worlds only.
  mutating func addFaults(to plan: inout SimulatedCluster.Plan) {
    if chance(0.4) { addDeaths(to: &plan) }
    if chance(0.25) {
      plan.faults.hangShare = chance(0.5) ? 0.01 : 0.1
      plan.faults.hangTimeout = TimeSpan(seconds: 10 * (seconds + 0.01))
      // Now and then nobody notices.
      if chance(0.2) { plan.faults.hangTimeout = nil }
    }
    // Worlds of long points would take days of virtual time.
    if chance(0.25), seconds < 2 { plan.faults.slowShare = 0.3 }
    if chance(0.3) { plan.faults.duplicateShare = chance(0.5) ? 0.05 : 0.5 }
    if chance(0.3) {
      plan.faults.stallShare = 0.02
      plan.faults.stallFactor = chance(0.5) ? 30 : 1000
    }
    if chance(0.3) { plan.faults.refusalShare = chance(0.5) ? 0.05 : 0.5 }
    if chance(0.3) { plan.faults.clockSkew = TimeSpan(seconds: 3600) }
    if chance(0.3) {
      let from = moment(in: plan)
      plan.store.failsFrom = from
      plan.store.failsUntil = from + TimeSpan(seconds: chance(0.5) ? 0.1 : 10)
    }
    if chance(0.5) { plan.store.isTorn = true }
    if chance(0.5) { plan.store.damageShare = 0.5 }
  }

  private mutating func addDeaths(to plan: inout SimulatedCluster.Plan) {
    // As things are, a launcher ends the world; a world that survives is told.
    if chance(0.7) { plan.faults.detection = TimeSpan(seconds: chance(0.5) ? 0 : 0.5) }
    for _ in 0..<(chance(0.5) ? 1 : 6) {
      plan.faults.deaths.append(.init(rank: rank(in: plan), at: moment(in: plan)))
    }
  }
}
