// The real tree: a learner, the production drivers, MPI, a built-in function; without disk unless
// a directory is named.
//
//     mpirun -n 4 TreeBenchmark npoints=1000000|time=10 [learner=1d|counting] [function=peak]
//       [seconds=0 cost=busy|sleep distribution=fixed|lognormal|pareto] [leaves=N] [levels=N]
//       [check=1] [waiting=0] [hold=SECONDS] [directory=PATH] [started=SECONDS_SINCE_1970]
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

typealias Service = EvaluatorThread<MeteredEvaluator<BuiltinEvaluator>, MonotonicClock>

func makeRoot<T: Transport & ~Copyable>(
  _ settings: TreeSettings, _ meter: RootMeter, _ children: [Rank], _ transport: consuming T
) throws -> RootDriver<T, MeteringStore, MonotonicClock> {
  let dimension = settings.learner.kind.dimension
  let plan = RootMachine.Plan(
    learners: [RootMachine.LearnerPlan(dimension: dimension, goal: settings.goal)], retries: 1,
    grace: TimeSpan(seconds: 5), failureLimit: .inRow(20), elapsedBefore: .zero)
  var root = RootDriver(
    plan: plan, checkpoints: CheckpointPolicy.Plan(),
    campaign: try CampaignState([settings.learner]), children: children, transport: transport,
    store: try MeteringStore(settings, meter), clock: MonotonicClock())
  root.start()
  return root
}

func makeService(
  _ settings: TreeSettings, _ meter: LeafMeter, _ doorbell: Doorbell
) throws -> Service {
  let evaluator = MeteredEvaluator(BuiltinEvaluator(settings.function), meter)
  let service = EvaluatorThread(evaluator, clock: MonotonicClock()) { doorbell.ring() }
  try service.setUp([settings.learner])
  return service
}

func makeLeaf<T: Transport & ~Copyable>(
  _ parent: Rank, _ transport: consuming T, _ service: Service, keepsWaiting: Bool
) -> LeafDriver<T, Service, MonotonicClock> {
  var leaf = LeafDriver(
    parent: parent, valueCounts: [1], keepsWaiting: keepsWaiting, transport: transport,
    evaluation: service, clock: MonotonicClock())
  leaf.start()
  return leaf
}

func run<Driver: RoleDriver & ~Copyable>(
  _ driver: inout Driver, _ doorbells: NodeDoorbells, peers: [Rank]
) throws {
  let pauseMax = doorbells.reaches(peers) ? Limits.rungPauseMax : Limits.idlePauseMax
  _ = try runLoop(
    &driver, doorbell: doorbells.own, clock: MonotonicClock(), pauseMax: pauseMax,
    spin: doorbells.spin
  ) { _ in }
}

/// Plays this rank's role; what it found, as far as it is root or leaf.
func play(
  _ settings: TreeSettings, in world: borrowing Communicator, _ doorbells: NodeDoorbells,
  _ topology: Topology
) throws -> (report: TreeReport?, leaf: LeafMeter?) {
  let rank = Rank(world.rank)
  let clock = MonotonicClock()
  let children = topology.children(of: rank)
  let parents = [topology.parent(of: rank)].compactMap(\.self)
  let ranks = world.size
  let start = clock.now()
  let rootMeter = RootMeter()
  let report = { (progress: RootProgress) in
    TreeReport(
      settings: settings, ranks: ranks, progress: progress, seconds: (clock.now() - start).seconds,
      processorSeconds: rootMeter.processorSeconds, root: rootMeter)
  }
  switch topology.role(of: rank) {
  case .root where topology.isSingle:
    let (rootEnd, leafEnd) = LoopbackTransport.pair()
    let leafMeter = LeafMeter()
    let service = try makeService(settings, leafMeter, doorbells.own)
    var driver = SingleDriver(
      root: try makeRoot(settings, rootMeter, [rank], rootEnd),
      leaf: makeLeaf(rank, leafEnd, service, keepsWaiting: false))
    try run(&driver, doorbells, peers: [])
    let found = report(driver.root.progress())
    driver.root.closeStore()
    service.tearDown()
    _ = try driver.closeTransport()
    return (found, leafMeter)
  case .root:
    let transport = try MPITransport(over: world, doorbells: doorbells)
    var driver = try makeRoot(settings, rootMeter, children, transport)
    try run(&driver, doorbells, peers: children)
    let found = report(driver.progress())
    if settings.hold > 0 { usleep(UInt32(settings.hold * 1e6)) }
    driver.closeStore()
    _ = try driver.closeTransport()
    return (found, nil)
  case .submaster:
    var driver = SubmasterDriver(
      parent: parents[0], children: children, leafCount: topology.leafCount(under: rank),
      transport: try MPITransport(over: world, doorbells: doorbells), clock: clock)
    try run(&driver, doorbells, peers: children + parents)
    _ = try driver.closeTransport()
    return (nil, nil)
  case .leaf:
    let leafMeter = LeafMeter()
    let service = try makeService(settings, leafMeter, doorbells.own)
    var driver = makeLeaf(
      parents[0], try MPITransport(over: world, doorbells: doorbells), service,
      keepsWaiting: settings.keepsWaiting)
    try run(&driver, doorbells, peers: parents)
    service.tearDown()
    _ = try driver.closeTransport()
    return (nil, leafMeter)
  }
}

func measure() throws {
  Limits.check()
  let settings = try TreeSettings(CommandLine.arguments.dropFirst())
  let environment = try MPIEnvironment()
  let world = try environment.world()
  let node = try world.splitByNode()
  let nodes = try world.nodeMap(node)
  let doorbells = try NodeDoorbells.shared(by: Rank(world.rank), on: node)
  try node.free()
  var ranksOnNode = [Int](repeating: 0, count: nodes.nodeCount)
  for node in nodes.nodeOfRank { ranksOnNode[node] += 1 }
  let topology = Topology(
    rankCount: world.size, ranksPerNode: ranksOnNode.max() ?? 1,
    leavesPerSubmaster: settings.leavesPerSubmaster, levels: settings.levels)
  let found = try play(settings, in: world, doorbells, topology)
  let leaves = try LeafTotals(found.leaf, over: world)
  if let report = found.report { print(report.line(leaves)) }
  try environment.finalize()
}

try measure()
