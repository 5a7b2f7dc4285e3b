import AdaptiveCore
import Delegation
import Learners
import NodeRuntime
import Simulation
import Testing

/// How busy the leaves are, and how far ahead of their results points are chosen, in virtual time.
@Suite struct EfficiencyTests {
  private struct Measurement {
    /// Share of the leaves' time that was spent in the function.
    var busyShare = 0.0
    /// The most points in flight that were seen at once.
    var inFlightMax = 0
  }

  /// Runs 128 leaves and looks at the time from `warmUp` to `end`.
  private func measure(
    _ function: SimulatedFunction, submasterCount: Int, warmUp: Double, end: Double
  ) throws -> Measurement {
    let leafCount = 128
    let leavesPerSubmaster = leafCount / submasterCount
    let topology = Topology(
      rankCount: 1 + submasterCount + leafCount, ranksPerNode: 1,
      leavesPerSubmaster: leavesPerSubmaster, levels: 1)
    try #require(topology.leafCount(under: Rank(0)) == leafCount)
    let learner = LearnerDefinition(
      name: "peak", kind: .oneDimensional(try Learner1DSettings(lower: -1, upper: 1)))
    let root = RootMachine.Plan(
      learners: [.init(dimension: 1, goal: .npoints(.max / 2))], retries: 0,
      grace: .zero, failureLimit: .inRow(1), elapsedBefore: .zero)
    var plan = SimulatedCluster.Plan(topology: topology, root: root, function: function, seed: 5)
    plan.costs = .onlyLatency(Self.latency)
    let cluster = SimulatedCluster(
      plan, campaign: try CampaignState([learner]), checker: nil)
    var measurement = Measurement()
    var busyBefore = 0.0
    let steps = 50
    for step in 0...steps {
      let now =
        Instant.origin
        + TimeSpan(seconds: warmUp + (end - warmUp) * Double(step) / Double(steps))
      #expect(try cluster.run(until: now, eventsMax: 5_000_000) == .goingOn)
      if step == 0 { busyBefore = cluster.busySeconds }
      let inFlight = try #require(cluster.progress).inFlightCount
      measurement.inFlightMax = max(measurement.inFlightMax, inFlight)
    }
    measurement.busyShare =
      (cluster.busySeconds - busyBefore) / ((end - warmUp) * Double(leafCount))
    return measurement
  }

  /// Points that may be in flight: those being evaluated, what waits at the leaves, and a batch at
  /// each sub-master, which holds what its leaves need for two round trips, and what they finish in
  /// a sixteenth of a point, so that it need not report each.
  private func inFlightBound(
    seconds: Double, waitingAtLeaf: Double, submasterCount: Int
  ) -> Int {
    let batch = (2 * Self.roundTrip * 128 / Double(submasterCount) / seconds).rounded(.up)
    let company = 128 / submasterCount / 16
    return Int(128 * (1 + waitingAtLeaf)) + submasterCount * (Int(batch) + company)
  }

  private static let latency = 20e-6

  /// There and back, and two turns of a loop at either end.
  private static let roundTrip = 45e-6

  @Test("points of ten seconds: one waits at a sub-master", arguments: [1, 8])
  func longPoints(submasterCount: Int) throws {
    let found = try measure(
      SimulatedFunction(seconds: 10, sigma: 0.5), submasterCount: submasterCount, warmUp: 30,
      end: 200)
    #expect(found.busyShare >= 0.99, "\(found)")
    let bound = inFlightBound(seconds: 10, waitingAtLeaf: 0, submasterCount: submasterCount)
    #expect(found.inFlightMax <= bound, "\(found)")
  }

  @Test("points of a millisecond: less than one in ten waits at a leaf", arguments: [1, 8])
  func shortPoints(submasterCount: Int) throws {
    let found = try measure(
      SimulatedFunction(seconds: 0.001, sigma: 0.5), submasterCount: submasterCount,
      warmUp: 0.05, end: 0.1)
    #expect(found.busyShare >= 0.95, "\(found)")
    let bound = inFlightBound(
      seconds: 0.001, waitingAtLeaf: 2 * Self.roundTrip / 0.001, submasterCount: submasterCount)
    #expect(found.inFlightMax <= bound, "\(found)")
  }

  @Test("points of 100 µs: one waits at each leaf, which never waits")
  func tinyPoints() throws {
    let found = try measure(
      SimulatedFunction(seconds: 0.0001, sigma: 0.5), submasterCount: 8, warmUp: 0.03, end: 0.04)
    #expect(found.busyShare >= 0.98, "\(found)")
    let bound = inFlightBound(seconds: 0.0001, waitingAtLeaf: 1, submasterCount: 8)
    #expect(found.inFlightMax <= bound, "\(found)")
  }
}
