import AdaptiveCore
import Delegation
import Learners
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
    addLaterFaults(to: &plan)
  }

  /// Kinds that came later, from a stream of their own: older seeds keep what they had.
  private func addLaterFaults(to plan: inout SimulatedCluster.Plan) {
    var random = RandomSource(seed: plan.seed, stream: 1 << 42)
    // Where frames stall as well, all would wait for those: worlds would take days.
    if random.nextUnit() < 0.3, plan.faults.stallShare == 0 {
      plan.faults.overtakingShare = random.nextUnit() < 0.5 ? 1 : 0.3
    }
    if random.nextUnit() < 0.2 {
      plan.store.slowFrom = .origin + TimeSpan(seconds: random.nextUnit())
      if random.nextUnit() < 0.5 {
        plan.store.slowUntil = .origin + TimeSpan(seconds: 1 + 30 * random.nextUnit())
      }
    }
    if random.nextUnit() < 0.3 { addCosts(to: &plan, &random) }
  }

  /// Work, waking and starts that take their time, on nodes of a few ranks.
  private func addCosts(to plan: inout SimulatedCluster.Plan, _ random: inout RandomSource) {
    plan.ranksPerNode = Int.random(in: 1...16, using: &random)
    plan.costs.processing.send = 1e-6
    plan.costs.processing.receive = 1e-6
    plan.costs.processing.byte = 1e-8
    plan.costs.learners = [.init(.oneDimensional, ask: 1e-6, tell: 1e-6)]
    plan.costs.waking.ring = 50e-6
    plan.costs.waking.thread = 50e-6
    plan.costs.waking.spin = random.nextUnit() < 0.5 ? 0 : 2e-3
    plan.costs.waking.polls = true
    plan.costs.startSpread = 0.05 * random.nextUnit()
    if random.nextUnit() < 0.5 { plan.costs.coresPerNode = 2 }
  }

  private mutating func addDeaths(to plan: inout SimulatedCluster.Plan) {
    // As things are, a launcher ends the world; a world that survives is told.
    if chance(0.7) { plan.faults.detection = TimeSpan(seconds: chance(0.5) ? 0 : 0.5) }
    for _ in 0..<(chance(0.5) ? 1 : 6) {
      plan.faults.deaths.append(.init(rank: rank(in: plan), at: moment(in: plan)))
    }
  }
}
