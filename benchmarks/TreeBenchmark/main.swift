// The real tree without disk: a learner, the production drivers, MPI, a built-in function.
//
//     mpirun -n 4 TreeBenchmark npoints=1000000 [function=peak seconds=0 cost=busy] [leaves=N]
//
// Rank 0 prints one line of JSON.

import AdaptiveCore
import Delegation
import Evaluators
import Glibc
import Learners
import MPI
import MPITransport
import NodeRuntime

/// A store that keeps nothing, so that only the tree is measured.
struct ForgetfulStore: CheckpointStore {
  mutating func recordAsked(_ learner: LearnerIndex, point: Span<Double>) {}
  mutating func recordTold(
    _ learner: LearnerIndex, point: Span<Double>, value: Span<Double>, seconds: Double, leaf: Rank
  ) {}
  mutating func recordFailed(_ learner: LearnerIndex, _ failed: FailedPoint) {}
  mutating func commit(elapsed: TimeSpan) {}
  mutating func beginSnapshot(_ campaign: SavedCampaign) {}
  mutating func poll() -> CheckpointEvent? { nil }
  var isWritingSnapshot: Bool { false }
  var isBusy: Bool { false }
  mutating func close() {}
}

/// The arguments, `key=value` each.
let settings = Dictionary(
  CommandLine.arguments.dropFirst().map { argument in
    let parts = argument.split(separator: "=", maxSplits: 1)
    return (String(parts[0]), parts.count > 1 ? String(parts[1]) : "")
  }, uniquingKeysWith: { _, last in last })

let pointCount = Int(settings["npoints"] ?? "") ?? 100_000
let learner = LearnerDefinition(
  name: "bench", kind: .oneDimensional(try Learner1DSettings(lower: -1, upper: 1)))
let function = try BuiltinFunction(
  name: settings["function"] ?? "peak",
  settings: ["seconds", "cost", "distribution", "sigma"].compactMap { key in
    settings[key].map { BuiltinFunction.Setting(key, $0) }
  })

let clock = MonotonicClock()

func makeRoot<T: Transport & ~Copyable>(
  _ children: [Rank], _ transport: consuming T
) throws -> RootDriver<T, ForgetfulStore, MonotonicClock> {
  let plan = RootMachine.Plan(
    learners: [RootMachine.LearnerPlan(dimension: 1, goal: .npoints(pointCount))], retries: 1,
    grace: TimeSpan(seconds: 5), failuresInRowMax: 20, elapsedBefore: .zero)
  var root = RootDriver(
    plan: plan, checkpoints: CheckpointPolicy.Plan(), campaign: try CampaignState([learner]),
    children: children, transport: transport, store: ForgetfulStore(), clock: clock)
  root.start()
  return root
}

func makeLeaf<T: Transport & ~Copyable>(
  _ parent: Rank, _ transport: consuming T, _ doorbell: Doorbell, keepsWaiting: Bool
) throws -> LeafDriver<T, EvaluatorThread<BuiltinEvaluator, MonotonicClock>, MonotonicClock> {
  let service = EvaluatorThread(BuiltinEvaluator(function), clock: clock) { doorbell.ring() }
  try service.setUp([learner])
  var leaf = LeafDriver(
    parent: parent, valueCounts: [1], keepsWaiting: keepsWaiting, transport: transport,
    evaluation: service, clock: clock)
  leaf.start()
  return leaf
}

func report(_ progress: RootProgress, ranks: Int, since start: Instant) {
  let seconds = (clock.now() - start).seconds
  let busy = progress.leaves.busySeconds / seconds / Double(max(1, progress.leaves.leafCount))
  print(
    "{\"ranks\":\(ranks),\"points\":\(progress.counts.told),\"seconds\":\(seconds),"
      + "\"points_per_s\":\(Int(Double(progress.counts.told) / seconds)),\"busy\":\(busy),"
      + "\"dropped\":\(progress.counts.dropped),\"loss\":\(progress.learners[0].loss)}")
}

func playRole() throws {
  let environment = try MPIEnvironment()
  let world = try environment.world()
  let rank = Rank(world.rank)
  let topology = Topology(
    rankCount: world.size, ranksPerNode: world.size,
    leavesPerSubmaster: settings["leaves"].flatMap { Int($0) },
    levels: settings["levels"].flatMap { Int($0) })
  let node = try world.splitByNode()
  let doorbells = try NodeDoorbells.shared(by: rank, on: node)
  try node.free()
  let doorbell = doorbells.own
  let start = clock.now()
  switch topology.role(of: rank) {
  case .root where topology.isSingle:
    let (rootEnd, leafEnd) = LoopbackTransport.pair()
    var driver = SingleDriver(
      root: try makeRoot([rank], rootEnd),
      leaf: try makeLeaf(rank, leafEnd, doorbell, keepsWaiting: false))
    _ = try runLoop(
      &driver, doorbell: doorbell, clock: clock, pauseMax: Limits.rungPauseMax
    ) { _ in }
    report(driver.root.progress(), ranks: world.size, since: start)
    _ = try driver.closeTransport()
  case .root:
    var driver = try makeRoot(
      topology.children(of: rank), MPITransport(over: world, doorbells: doorbells))
    _ = try runLoop(
      &driver, doorbell: doorbell, clock: clock, pauseMax: Limits.rungPauseMax
    ) { _ in }
    report(driver.progress(), ranks: world.size, since: start)
    _ = try driver.closeTransport()
  case .submaster:
    var driver = SubmasterDriver(
      parent: topology.parent(of: rank)!, children: topology.children(of: rank),
      leafCount: topology.leafCount(under: rank),
      transport: try MPITransport(over: world, doorbells: doorbells),
      clock: clock)
    _ = try runLoop(
      &driver, doorbell: doorbell, clock: clock, pauseMax: Limits.rungPauseMax
    ) { _ in }
    _ = try driver.closeTransport()
  case .leaf:
    var driver = try makeLeaf(
      topology.parent(of: rank)!, MPITransport(over: world, doorbells: doorbells), doorbell,
      keepsWaiting: true)
    _ = try runLoop(
      &driver, doorbell: doorbell, clock: clock, pauseMax: Limits.rungPauseMax
    ) { _ in }
    _ = try driver.closeTransport()
  }
  try environment.finalize()
}

try playRole()
