import AdaptiveCore
import Delegation
import Foundation
import NodeRuntime
import Simulation
import Testing

/// Worlds of several roots that share a campaign: none of their learners' points is lost, none told
/// twice, all ranks end with one code, and a world that was killed goes on, with as many roots or
/// others.
@Suite struct SeveralRootsTests {
  static let seeds: ClosedRange<UInt64> = {
    let environment = ProcessInfo.processInfo.environment
    if let seed = environment["ADAPTIVE_MPI_SIMULATION_SEED"].flatMap(UInt64.init) {
      return seed...seed
    }
    return 1...(environment["ADAPTIVE_MPI_SIMULATION_SEEDS"].flatMap(UInt64.init) ?? 200)
  }()
  static let parts: UInt64 = 8

  @Test("a world of several roots ends in order, whoever stops it", arguments: 0..<parts)
  func endsInOrder(part: UInt64) throws {
    for seed in Self.seeds where seed % Self.parts == part {
      var world = try RandomWorld(seed: seed &+ 1 << 33)
      let plan = world.nextPlan(elapsed: .zero, roots: 2 + Int(seed % 3))
      let checker = ClusterChecker()
      let cluster = SimulatedCluster(
        plan, campaign: try CampaignState(world.definitions), checker: checker)
      let isStopped = world.chance(0.4)
      if isStopped {
        cluster.requestStop(
          world.stopReason(), of: world.rank(in: plan), at: world.moment(in: plan))
      }
      try end(cluster, world, plan, checker, seed)
      switch cluster.verdict {
      case .goalReached: break
      case .stopped: #expect(isStopped, "seed \(seed)")
      case let other: Issue.record("seed \(seed): \(String(describing: other))")
      }
    }
  }

  @Test("a campaign of several roots, killed at any moment, goes on", arguments: 0..<parts)
  func goesOnAfterKills(part: UInt64) throws {
    for seed in Self.seeds where seed % Self.parts == part && seed <= 100 {
      var world = try RandomWorld(seed: seed &+ 1 << 34)
      let checker = ClusterChecker()
      var state = try CampaignState(world.definitions)
      for life in 0..<3 {
        let plan = world.nextPlan(elapsed: state.elapsed, roots: 1 + (Int(seed) + life) % 4)
        let cluster = SimulatedCluster(plan, campaign: state, checker: checker)
        let end = try cluster.run(until: world.moment(in: plan), eventsMax: 300_000)
        #expect(end != .stuck, "seed \(seed), \(plan.topology)")
        if end == .ended { try cluster.close() }
        state = try cluster.recovered()
      }
      let plan = world.nextPlan(elapsed: state.elapsed, roots: 4)
      let cluster = SimulatedCluster(plan, campaign: state, checker: checker)
      try end(cluster, world, plan, checker, seed)
      #expect(cluster.verdict == .goalReached, "seed \(seed)")
    }
  }

  private func end(
    _ cluster: SimulatedCluster, _ world: RandomWorld, _ plan: SimulatedCluster.Plan,
    _ checker: ClusterChecker, _ seed: UInt64
  ) throws {
    let end = try cluster.run(until: world.timeMax(plan), eventsMax: 300_000)
    #expect(
      end == .ended,
      "seed \(seed), \(cluster.eventCount) events, \(cluster.clock.instant), \(plan.topology)")
    guard end == .ended else { return }
    try cluster.close()
    #expect(!cluster.outcomes.contains { $0?.needsAbort == true }, "seed \(seed)")
    let isEvaluating = cluster.outcomes.contains { $0?.isEvaluating == true }
    checker.worldEnds(try cluster.recovered(), isComplete: !isEvaluating)
    #expect(checker.violations == [], "seed \(seed), \(plan.topology)")
  }
}
