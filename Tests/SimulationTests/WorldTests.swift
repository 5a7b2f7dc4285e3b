import AdaptiveCore
import Delegation
import Foundation
import NodeRuntime
import Simulation
import Testing

/// Small worlds drawn from seeds, in which nothing may be lost, told twice or left over.
@Suite struct WorldTests {
  /// Seeds that every run tries; `ADAPTIVE_MPI_SIMULATION_SEEDS` asks for more of them.
  static let seedCount =
    ProcessInfo.processInfo.environment["ADAPTIVE_MPI_SIMULATION_SEEDS"].flatMap(UInt64.init)
    ?? 200
  static let parts: UInt64 = 8

  /// Seeds that failed once.
  static let frozen: [UInt64] = []

  @Test("a world ends in order, whoever stops it", arguments: 0..<parts)
  func endsInOrder(part: UInt64) throws {
    for seed in stride(from: 1 + part, through: Self.seedCount, by: Int(Self.parts)) {
      try endsInOrder(seed: seed)
    }
  }

  @Test("a campaign killed at any moment goes on from what was durable", arguments: 0..<parts)
  func goesOnAfterKills(part: UInt64) throws {
    // Four worlds each: half of the seeds take as long as all of the others.
    for seed in stride(from: 1 + part, through: Self.seedCount / 2, by: Int(Self.parts)) {
      try goesOnAfterKills(seed: seed)
    }
  }

  @Test("seeds that failed once pass", arguments: frozen)
  func frozenSeeds(seed: UInt64) throws {
    try endsInOrder(seed: seed)
    try goesOnAfterKills(seed: seed)
  }

  private func endsInOrder(seed: UInt64) throws {
    var world = try RandomWorld(seed: seed)
    var plan = world.nextPlan(elapsed: .zero)
    if world.chance(0.05) { plan.store.failsFrom = world.moment(in: plan) }
    let checker = ClusterChecker()
    let cluster = SimulatedCluster(
      plan, campaign: try CampaignState(world.definitions), checker: checker)
    let isStopped = world.chance(0.4)
    if isStopped {
      for _ in 0..<(world.chance(0.3) ? 5 : 1) {
        cluster.requestStop(
          world.stopReason(), of: world.rank(in: plan), at: world.moment(in: plan))
      }
    }
    let end = try cluster.run(until: world.timeMax(plan), eventsMax: 3_000_000)

    #expect(end == .ended, "seed \(seed), \(plan.topology)")
    guard end == .ended else { return }
    try cluster.close()
    let verdict = try #require(cluster.verdict)
    let isEvaluating = cluster.outcomes.contains { $0?.isEvaluating == true }
    #expect(!cluster.outcomes.contains { $0?.needsAbort == true }, "seed \(seed)")
    checker.worldEnds(
      try cluster.recovered(), isComplete: verdict != .notSaved && !isEvaluating)
    #expect(checker.violations == [], "seed \(seed), \(plan.topology)")
    switch verdict {
    case .goalReached: break
    case .stopped: #expect(isStopped, "seed \(seed)")
    case .notSaved: #expect(plan.store.failsFrom != nil, "seed \(seed)")
    case .exhausted, .functionFailsEverywhere: Issue.record("seed \(seed): \(verdict)")
    }
  }

  private func goesOnAfterKills(seed: UInt64) throws {
    var world = try RandomWorld(seed: seed)
    let checker = ClusterChecker()
    var state = try CampaignState(world.definitions)
    for _ in 0..<3 {
      let plan = world.nextPlan(elapsed: state.elapsed)
      let cluster = SimulatedCluster(plan, campaign: state, checker: checker)
      let end = try cluster.run(until: world.moment(in: plan), eventsMax: 3_000_000)
      #expect(end != .stuck, "seed \(seed), \(plan.topology)")
      if end == .ended { try cluster.close() }
      state = try cluster.recovered()
    }
    let plan = world.nextPlan(elapsed: state.elapsed)
    let cluster = SimulatedCluster(plan, campaign: state, checker: checker)
    let end = try cluster.run(until: world.timeMax(plan), eventsMax: 3_000_000)
    #expect(end == .ended, "seed \(seed), \(plan.topology)")
    guard end == .ended else { return }
    try cluster.close()
    #expect(cluster.verdict == .goalReached, "seed \(seed)")
    let isEvaluating = cluster.outcomes.contains { $0?.isEvaluating == true }
    checker.worldEnds(try cluster.recovered(), isComplete: !isEvaluating)
    #expect(checker.violations == [], "seed \(seed), \(plan.topology)")
  }
}
