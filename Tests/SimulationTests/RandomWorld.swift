import AdaptiveCore
import Delegation
import Learners
import NodeRuntime
import Simulation

/// A campaign, and worlds for it, drawn from a seed.
struct RandomWorld {
  let seed: UInt64
  let definitions: [LearnerDefinition]
  let goals: [Goal]
  private var random: RandomSource
  private let function: SimulatedFunction
  private let retries: Int

  init(seed: UInt64) throws {
    self.seed = seed
    var random = RandomSource(seed: seed)
    let learnerCount = Int.random(in: 1...4, using: &random)
    // Most points take between 0.1 ms and 20 s.
    let seconds = 1e-4 * Self.exponential(upTo: 2e5, &random)
    let failureShares = [0, 0, 0, 0.02, 0.2]
    function = SimulatedFunction(
      seconds: seconds, sigma: Double.random(in: 0...1, using: &random),
      failureShare: failureShares[Int.random(in: 0..<5, using: &random)])
    // One world in eight has values that travel in pieces.
    let valueCounts = random.nextUnit() < 0.12 ? [1, 1, 1, 5000] : [1, 1, 2, 5]
    definitions = try (0..<learnerCount).map { position in
      return LearnerDefinition(
        name: "learner \(position)",
        kind: .oneDimensional(try Learner1DSettings(lower: -1, upper: Double(position + 1))),
        valueCount: valueCounts[Int.random(in: 0..<4, using: &random)])
    }
    goals = (0..<learnerCount).map { _ in Self.goal(seconds: seconds, &random) }
    retries = Int.random(in: 0...3, using: &random)
    self.random = random
  }

  private static func goal(seconds: Double, _ random: inout RandomSource) -> Goal {
    let count = Int.random(in: 1...150, using: &random)
    // A limit of points beside every other goal keeps the world small.
    switch Int.random(in: 0..<4, using: &random) {
    case 0: return .npoints(count)
    case 1: return .any([.loss(Double.random(in: 0.02...0.5, using: &random)), .npoints(200)])
    case 2: return .any([.time(TimeSpan(seconds: Double(count) * seconds / 4)), .npoints(200)])
    default: return .all([.npoints(count), .npoints(count / 2)])
    }
  }

  /// A number whose logarithm is uniform between those of 1 and `limit`.
  private static func exponential(upTo limit: Double, _ random: inout RandomSource) -> Double {
    var value = 1.0
    while value < limit, random.nextUnit() < 0.93 { value *= 1 + random.nextUnit() }
    return value
  }

  /// The next world of the campaign, on some number of ranks.
  ///
  /// - Parameter roots: how many share the learners, as far as there are enough of these.
  mutating func nextPlan(elapsed: TimeSpan, roots: Int = 1) -> SimulatedCluster.Plan {
    let rankCount =
      random.nextUnit() < 0.3
      ? Int.random(in: 1...4, using: &random) : Int.random(in: 1...64, using: &random)
    let levels = Int.random(in: -1...3, using: &random)
    let topology = Topology(
      rankCount: rankCount, ranksPerNode: Int.random(in: 1...16, using: &random),
      leavesPerSubmaster: Bool.random(using: &random)
        ? Int.random(in: 1...8, using: &random) : nil,
      levels: levels < 0 ? nil : levels, roots: min(roots, goals.count))
    let root = RootMachine.Plan(
      learners: goals.map { RootMachine.LearnerPlan(dimension: 1, goal: $0) }, retries: retries,
      grace: TimeSpan(seconds: Double.random(in: 0...60, using: &random)), failureLimit: .inRow(20),
      elapsedBefore: elapsed)
    var plan = SimulatedCluster.Plan(
      topology: topology, root: root, function: function, seed: random.next())
    plan.costs = .onlyLatency(
      5e-6 * Self.exponential(upTo: 1000, &random),
      spread: Double.random(in: 0...1, using: &random))
    if Bool.random(using: &random) {
      plan.network.framesPerRank = Int.random(in: 1...8, using: &random)
    }
    plan.network.completion =
      SimulatedNetwork.Completion.allCases[Int.random(in: 0..<3, using: &random)]
    if Bool.random(using: &random) {
      plan.checkpoints.interval = TimeSpan(seconds: Double.random(in: 0.1...20, using: &random))
    }
    plan.store.commit = TimeSpan(seconds: Double.random(in: 0.001...2, using: &random))
    plan.store.snapshot = TimeSpan(seconds: Double.random(in: 0.01...5, using: &random))
    return plan
  }

  /// A moment within the time that a world of `plan` may take.
  mutating func moment(in plan: SimulatedCluster.Plan) -> Instant {
    let leafCount = Double(max(1, plan.topology.leafCount(under: Rank(0))))
    let whole = 60 * Double(goals.count) * (seconds + 1e-4) / leafCount
    return .origin + TimeSpan(seconds: random.nextUnit() * whole)
  }

  mutating func chance(_ probability: Double) -> Bool { random.nextUnit() < probability }

  mutating func rank(in plan: SimulatedCluster.Plan) -> Rank {
    Rank(Int.random(in: 0..<plan.topology.rankCount, using: &random))
  }

  mutating func stopReason() -> StopReason {
    [.signal, .stopFile, .walltime][Int.random(in: 0..<3, using: &random)]
  }

  /// Mean seconds of a point.
  var seconds: Double { function.cost.mean }

  /// Seconds of virtual time after which a world of `plan` must have ended.
  func timeMax(_ plan: SimulatedCluster.Plan) -> Instant {
    let evaluations = 200.0 * Double(goals.count) * Double(retries + 1) + 100
    let slowness = plan.faults.slowShare > 0 ? plan.faults.slowFactor : 1
    var second = 20 * evaluations * (seconds * slowness + 0.01)
    if plan.faults.stallShare > 0 {
      second += evaluations * plan.faults.stallFactor * plan.costs.betweenNodes.latency
    }
    return .origin + TimeSpan(seconds: 600 + second)
  }
}
