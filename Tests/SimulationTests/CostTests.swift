import AdaptiveCore
import Delegation
import Learners
import NodeRuntime
import Simulation
import Testing

/// What is charged shows: a root without time left, loops that sleep, cores that are shared.
@Suite struct CostTests {
  /// A world of one sub-master, with points of a learner that costs nothing but what is said.
  private func world(
    leaves: Int, _ cost: PointCost, ranksPerNode: Int? = nil, reportsOnTime: Bool = true,
    _ change: (inout ClusterCosts) -> Void
  ) throws -> SimulatedCluster {
    let topology = Topology(
      rankCount: leaves + 2, ranksPerNode: leaves + 2, leavesPerSubmaster: leaves, levels: 1)
    let root = RootMachine.Plan(
      learners: [.init(dimension: 1, goal: .npoints(.max / 2))], retries: 0, grace: .zero,
      failureLimit: .inRow(1), elapsedBefore: .zero)
    var plan = SimulatedCluster.Plan(
      topology: topology, root: root, function: SimulatedFunction(cost), seed: 3)
    plan.ranksPerNode = ranksPerNode ?? topology.rankCount
    plan.costs = .onlyLatency(1e-6, spread: 0)
    plan.store.keepsEntries = false
    plan.leavesReportOnTime = reportsOnTime
    change(&plan.costs)
    return SimulatedCluster(
      plan, campaign: try CampaignState([LearnerDefinition(name: "count", kind: .counting)]),
      checker: nil)
  }

  private func steady(
    _ cluster: SimulatedCluster, seconds: Double
  ) throws -> SimulationResult.Steady {
    let end = Instant.origin + TimeSpan(seconds: seconds)
    #expect(try cluster.run(until: end, eventsMax: 10_000_000) == .goingOn)
    return try #require(cluster.result.steady)
  }

  @Test("a root whose learner takes a millisecond a point has no time left")
  func saturatedRoot() throws {
    let cluster = try world(leaves: 64, .constant(0.01)) { costs in
      costs.learners = [.init(.counting, ask: 4e-4, tell: 6e-4)]
    }
    let found = try steady(cluster, seconds: 5)
    #expect(found.rootLoad > 0.98, "\(found)")
    // Asking alone takes 0.4 ms a point.
    #expect(found.pointsPerSecond < 1010, "\(found)")
    #expect(found.busyShare < 2500 * 0.01 / 64, "\(found)")
    #expect(cluster.result.limit == .root)
  }

  @Test("the same learner at a tenth of the points leaves the root nine tenths of its time")
  func unsaturatedRoot() throws {
    let cluster = try world(leaves: 10, .constant(0.1)) { costs in
      costs.learners = [.init(.counting, ask: 4e-4, tell: 6e-4)]
    }
    let found = try steady(cluster, seconds: 20)
    #expect((found.rootLoad - 0.1).magnitude < 0.01, "\(found)")
    #expect(cluster.result.limit == .function, "\(found)")
  }

  @Test("reports that wait for a leaf's next turn save most events and change little else")
  func reports() throws {
    var eventCounts: [Int] = []
    var found: [SimulationResult.Steady] = []
    for reportsOnTime in [true, false] {
      let cluster = try world(
        leaves: 20, .logNormal(mean: 10, sigma: 0.5), reportsOnTime: reportsOnTime
      ) { $0.processing.receive = 5e-7 }
      found.append(try steady(cluster, seconds: 1000))
      eventCounts.append(cluster.eventCount)
    }
    // Ten reports a point became one.
    #expect(eventCounts[1] * 2 < eventCounts[0], "\(eventCounts)")
    #expect((found[0].busyShare - found[1].busyShare).magnitude < 1e-5, "\(found)")
    #expect((found[0].rootLoad - found[1].rootLoad).magnitude < 1e-6, "\(found)")
    // 20 leaves make 0.9 of a report less a second. They come together, so that they cost what it
    // takes to receive them, and no turn of their own.
    let spared = found[0].submasterLoad - found[1].submasterLoad
    #expect((spared - 20 * 0.9 * 5e-7).magnitude < 5e-7, "\(spared)")
  }

  @Test("a leaf waits for two rings: its sub-master's, and its own")
  func rings() throws {
    let cluster = try world(leaves: 2, .logNormal(mean: 0.2, sigma: 0.5)) {
      $0.waking.ring = 1e-3
    }
    let found = try steady(cluster, seconds: 20)
    #expect((try #require(found.gapMedian) - 2e-3).magnitude < 3e-4, "\(found)")
  }

  @Test("a leaf whose points take all the same asks ahead, and waits for nothing")
  func equalPoints() throws {
    for (ring, thread) in [(1e-3, 0), (1e-4, 1e-3)] {
      let cluster = try world(leaves: 2, .constant(0.2)) { costs in
        costs.waking.ring = ring
        costs.waking.thread = thread
      }
      let found = try steady(cluster, seconds: 20)
      #expect(try #require(found.gapMedian) < 1e-5, "\(found)")
      #expect(found.busyShare > 0.9995, "\(found)")
    }
  }

  @Test("who spins sees a message at once; who is on another node and sleeps looks now and then")
  func polls() throws {
    func gap(spin: Double, ranksPerNode: Int) throws -> Double {
      let cost = PointCost.logNormal(mean: 0.2, sigma: 0.5)
      let cluster = try world(leaves: 1, cost, ranksPerNode: ranksPerNode) { costs in
        costs.waking.polls = true
        costs.waking.spin = spin
      }
      return try #require(try steady(cluster, seconds: 40).gapMedian)
    }
    #expect(try gap(spin: 1, ranksPerNode: 3) < 50e-6)
    #expect(try gap(spin: 0, ranksPerNode: 3) < 50e-6)
    // The sub-master looks every 5 ms, so that it is 2.5 ms late on average.
    let far = try gap(spin: 0, ranksPerNode: 1)
    #expect(far > 1e-4 && far < 11e-3)
  }

  @Test("ranks that share a core wait for each other")
  func sharedCores() throws {
    func load(_ cores: Int?) throws -> Double {
      let cluster = try world(leaves: 32, .constant(0.02)) { costs in
        costs.processing.send = 2e-4
        costs.processing.receive = 2e-4
        costs.coresPerNode = cores
      }
      return try steady(cluster, seconds: 4).busyShare
    }
    // A point costs its three ranks about 1.2 ms: one core cannot serve 32 leaves of 20 ms.
    let shared = try load(1)
    #expect(shared < 0.7, "\(shared)")
    #expect(try load(32) > 1.2 * shared)
  }

  @Test("what is looked at on the way changes nothing")
  func slices() throws {
    func run(pieces: Int) throws -> [Int64] {
      let cluster = try world(leaves: 16, .logNormal(mean: 0.01, sigma: 0.5)) { costs in
        costs.waking.ring = 50e-6
        costs.startSpread = 0.01
      }
      for piece in 1...pieces {
        let until = Instant.origin + TimeSpan(seconds: 2 * Double(piece) / Double(pieces))
        _ = try cluster.run(until: until, eventsMax: .max / 2)
      }
      let result = cluster.result
      return [Int64(result.eventCount), Int64(result.pointCount), Int64(result.pendingMax)]
    }
    #expect(try run(pieces: 1) == run(pieces: 997))
  }
}

@Suite struct PointCostTests {
  @Test(arguments: [
    ("10", PointCost.constant(10)), ("lognormal(10, 0.5)", .logNormal(mean: 10, sigma: 0.5)),
    ("pareto( 2,1.5)", .pareto(mean: 2, alpha: 1.5)),
    ("ramp(1, 100, -1, 1)", .ramp(first: 1, last: 100, from: -1, to: 1)),
  ])
  func texts(text: String, cost: PointCost) {
    #expect(PointCost(text: text) == cost)
    #expect(PointCost(text: cost.text) == cost)
  }

  @Test(arguments: [
    "", "-1", "nan", "inf", "ten", "lognormal", "lognormal()", "lognormal(1)", "lognormal(1, -1)",
    "lognormal(1, 2, 3)", "pareto(1, 1)", "ramp(0, 1, 0, 1)", "ramp(1, 2, 1, 1)", "normal(1, 2)",
    "lognormal(1, 0.5", "1e9",
  ])
  func refusals(text: String) { #expect(PointCost(text: text) == nil) }

  @Test(
    "means are what is asked for",
    arguments: [
      PointCost.constant(3), .logNormal(mean: 3, sigma: 0.5), .pareto(mean: 3, alpha: 3),
      .ramp(first: 1, last: 100, from: -1, to: 1),
    ])
  func means(cost: PointCost) {
    var random = RandomSource(seed: 11)
    let count = 200_000
    var sum = 0.0
    for index in 0..<count {
      sum += cost.seconds(at: -1 + 2 * (Double(index) + 0.5) / Double(count), &random)
    }
    #expect((sum / Double(count) / cost.mean - 1).magnitude < 0.02)
  }
}
