package import AdaptiveCore
package import Delegation
package import Learners
package import NodeRuntime

/// A world in one thread: the production drivers on a tree of ranks, over a simulated network,
/// clock, function and checkpoint. One seed repeats a run, event by event.
package final class SimulatedCluster {
  package struct Plan: Sendable {
    package var topology: Topology
    /// Ranks on one node, placed node by node.
    package var ranksPerNode: Int
    package var root: RootMachine.Plan
    package var checkpoints = CheckpointPolicy.Plan()
    package var network = SimulatedNetwork.Plan()
    /// False where leaves ask for one point a message.
    package var keepsWaiting = true
    /// False where a leaf below a sub-master is not woken for its report of each second, and makes
    /// it in the next turn that it takes anyway.
    package var leavesReportOnTime = true
    package var function: SimulatedFunction
    package var store = SimulatedStore.Plan()
    package var faults = FaultPlan()
    package var costs = ClusterCosts.onlyLatency(20e-6)
    package var seed: UInt64

    package init(
      topology: Topology, root: RootMachine.Plan, function: SimulatedFunction, seed: UInt64
    ) {
      self.topology = topology
      ranksPerNode = topology.rankCount
      self.root = root
      self.function = function
      self.seed = seed
    }
  }

  /// How far ``run(until:eventsMax:)`` came.
  package enum Progress: Sendable, Equatable {
    /// Every rank has ended.
    case ended
    /// The time is over and the world goes on.
    case goingOn
    /// Ranks wait for each other, or turn without end.
    case stuck
  }

  private typealias Root = RootDriver<SimulatedTransport, SimulatedStore, SkewedClock>
  private typealias Leaf = LeafDriver<SimulatedTransport, SimulatedEvaluation, SkewedClock>
  private typealias SingleRoot = RootDriver<LoopbackTransport, SimulatedStore, SimulatedClock>
  private typealias SingleLeaf =
    LeafDriver<LoopbackTransport, SimulatedEvaluation, SimulatedClock>
  private typealias Single =
    SingleDriver<SimulatedStore, SimulatedEvaluation, SimulatedClock>

  package let clock = SimulatedClock()
  /// Of each root, in the order of their ranks.
  private let stores: [SimulatedStore]
  package let meter: WorldMeter
  private let plan: Plan
  private let ranks: RankTable
  private let checker: ClusterChecker?
  private let events: EventQueue
  private let network: SimulatedNetwork
  private let cores: NodeCores?
  private let leaves: SimulatedLeaves
  private var processes: [SimulatedProcess] = []
  /// The roots once more, by their type, or all roles in one.
  private var roots: [DrivenProcess<Root>] = []
  private var single: DrivenProcess<Single>?
  private var stopRequests: [(rank: Rank, reason: StopReason)] = []
  private var endedCount = 0
  private var isAborted = false
  /// Leaves take a turn for their reports.
  private let leavesReportOnTime: Bool
  /// The steady state has begun.
  private var isFull = false

  /// Events that have happened.
  package private(set) var eventCount = 0

  /// - Parameter campaign: what the checkpoint holds at the start.
  package init(_ plan: Plan, campaign: CampaignState, checker: ClusterChecker?) {
    self.plan = plan
    self.checker = checker
    // Without sub-masters the reports are a part of the root's load that shows.
    leavesReportOnTime = plan.leavesReportOnTime || plan.topology.levels == 0
    let rankCount = plan.topology.rankCount
    let ranks = RankTable(plan.topology, ranksPerNode: plan.ranksPerNode)
    self.ranks = ranks
    events = EventQueue(ranks, waking: plan.costs.waking)
    meter = WorldMeter(leafCount: ranks.leafCount)
    cores = plan.costs.coresPerNode.map { NodeCores(nodeCount: ranks.nodeCount, coreCount: $0) }
    network = SimulatedNetwork(
      plan.network, costs: plan.costs, ranks: ranks, faults: plan.faults, seed: plan.seed,
      clock: clock, events: events, meter: meter, checker: checker)
    let base = campaign.saved(elapsed: campaign.elapsed)
    stores = plan.topology.roots.enumerated().map { [clock, events, meter] index, root in
      SimulatedStore(
        plan.store, of: root, costs: plan.costs, base: base, seed: plan.seed + UInt64(index),
        clock: clock, events: events, meter: meter, checker: checker)
    }
    for learner in base.learners { meter.resumed(learner.pending.count) }
    checker?.worldBegins(campaign)
    checker?.allowsRepetition = plan.faults.duplicateShare > 0
    checker?.hasSeveralRoots = plan.topology.rootCount > 1
    leaves = SimulatedLeaves(
      plan.function, faults: plan.faults, valueCounts: Self.valueCounts(campaign),
      threadDelay: plan.costs.waking.thread, seed: plan.seed, clock: clock, events: events,
      meter: meter, checker: checker)
    processes.reserveCapacity(rankCount)
    var random = RandomSource(seed: plan.seed, stream: 3)
    for number in 0..<rankCount {
      clock.instant = .origin + TimeSpan(seconds: plan.costs.startSpread * random.nextUnit())
      processes.append(makeProcess(Rank(number), campaign))
      events.occupy(Rank(number), until: clock.instant)
      events.wake(Rank(number), at: clock.instant)
    }
    clock.instant = .origin
    for death in plan.faults.deaths where death.rank.number > 0 && death.rank.number < rankCount {
      events.schedule(.death(death.rank), at: death.at)
    }
  }

  private func makeProcess(_ rank: Rank, _ campaign: CampaignState) -> SimulatedProcess {
    if plan.topology.isSingle { return makeSingle(campaign) }
    let transport = network.transport(of: rank)
    let clock = SkewedClock(base: clock, offset: offset(of: rank))
    switch plan.topology.role(of: rank) {
    case .root:
      return makeRoot(rank, campaign, transport, clock)
    case .submaster:
      return DrivenProcess(
        SubmasterDriver(
          parent: ranks[rank].parent,
          children: plan.topology.children(of: rank),
          leafCount: plan.topology.leafCount(under: rank), transport: transport, clock: clock))
    case .leaf:
      var driver = Leaf(
        parent: ranks[rank].parent, valueCounts: leaves.valueCounts,
        keepsWaiting: plan.keepsWaiting, transport: transport,
        evaluation: SimulatedEvaluation(leaves, rank: rank), clock: clock)
      driver.start()
      return DrivenProcess(driver)
    }
  }

  private func makeRoot(
    _ rank: Rank, _ campaign: CampaignState, _ transport: SimulatedTransport, _ clock: SkewedClock
  ) -> SimulatedProcess {
    let topology = plan.topology
    let index = topology.rootIndex(of: rank)
    var coordination: RootCoordination?
    var rootPlan = plan.root
    if topology.rootCount > 1 {
      rootPlan.isCoordinated = true
      for position in rootPlan.learners.indices {
        rootPlan.learners[position].isElsewhere =
          Self.rootIndex(of: position, in: plan) != index
      }
      coordination = RootCoordination(
        topology.roots.map { ($0, topology.children(of: $0).count) }, rank: rank,
        grace: plan.root.grace)
    }
    var driver = Root(
      plan: rootPlan, checkpoints: plan.checkpoints, campaign: campaign,
      children: topology.children(of: rank), transport: transport, store: stores[index],
      clock: clock, coordination: coordination)
    driver.start()
    let process = DrivenProcess(driver)
    roots.append(process)
    return process
  }

  /// Which root has a learner: learners are dealt out to shards, and shards to roots.
  private static func rootIndex(of position: Int, in plan: Plan) -> Int {
    let shardCount = min(plan.root.learners.count, Limits.shardsMax)
    return position % shardCount % plan.topology.rootCount
  }

  private func makeSingle(_ campaign: CampaignState) -> SimulatedProcess {
    let ends = LoopbackTransport.pair()
    var root = SingleRoot(
      plan: plan.root, checkpoints: plan.checkpoints, campaign: campaign, children: [Rank(0)],
      transport: ends.root, store: stores[0], clock: clock)
    var leaf = SingleLeaf(
      parent: Rank(0), valueCounts: leaves.valueCounts, keepsWaiting: false,
      transport: ends.leaf, evaluation: SimulatedEvaluation(leaves, rank: Rank(0)), clock: clock)
    root.start()
    leaf.start()
    let process = DrivenProcess(Single(root: root, leaf: leaf))
    single = process
    return process
  }

  private func offset(of rank: Rank) -> TimeSpan {
    plan.faults.clockOffset(of: rank, seed: plan.seed)
  }

  private static func valueCounts(_ campaign: CampaignState) -> [Int] {
    (0..<campaign.learnerCount).map { campaign.definition(LearnerIndex($0)).valueCount }
  }
}

// MARK: - Running

extension SimulatedCluster {
  /// Asks `rank` to stop the world at `instant`, as a signal would.
  package func requestStop(_ reason: StopReason, of rank: Rank, at instant: Instant) {
    events.schedule(.stopRequest(index: Int32(stopRequests.count)), at: instant)
    stopRequests.append((rank, reason))
  }

  /// Lets the world go on until every rank has ended, or `instant` is reached, or more than
  /// `eventsMax` events have happened.
  package func run(until instant: Instant, eventsMax: Int) throws(TransportError) -> Progress {
    let eventsEnd = eventCount + eventsMax
    while endedCount < processes.count {
      guard eventCount < eventsEnd else { return .stuck }
      guard let (at, event) = events.next(by: instant) else {
        guard events.nextInstant != nil else { return .stuck }
        clock.instant = instant
        return .goingOn
      }
      eventCount += 1
      clock.instant = at
      switch event {
      case .arrival(let frame):
        guard let rank = network.arrive(frame) else { continue }
        try step(rank)
      case .turn(let rank):
        try step(rank)
        // The launcher ends a world that a root gives up.
        if isAborted { return .ended }
      case .stopRequest(let index):
        let (rank, reason) = stopRequests[Int(index)]
        guard !ranks[rank].hasEnded, !ranks[rank].isDead else { continue }
        processes[rank.number].requestStop(reason)
        events.wake(rank, at: at)
      case .death(let rank):
        end(rank)
        if let detection = plan.faults.detection, let parent = plan.topology.parent(of: rank) {
          let last = network.lastArrival(from: rank, to: parent) ?? at
          events.schedule(.loss(of: rank), at: max(at, last) + detection)
        }
      case .loss(let rank):
        let parent = ranks[rank].parent
        guard !ranks[parent].isDead, !ranks[parent].hasEnded else { continue }
        processes[parent.number].loseChild(rank)
        events.wake(parent, at: at)
      }
    }
    return .ended
  }

  /// A rank dies, and all below it.
  private func end(_ rank: Rank) {
    for child in plan.topology.children(of: rank) { end(child) }
    guard !ranks[rank].isDead, !ranks[rank].hasEnded else { return }
    ranks[rank].isDead = true
    endedCount += 1
    network.end(rank)
    checker?.died(rank)
  }

  private func step(_ rank: Rank) throws(TransportError) {
    guard !ranks[rank].hasEnded, !ranks[rank].isDead else { return }
    let begun = clock.instant
    let node = Int(ranks[rank].node)
    if let free = cores?.free(node), free > begun {
      events.wake(rank, at: free)
      return
    }
    let turn = try processes[rank.number].turn()
    clock.spend(plan.costs.processing.turn)
    let end = clock.instant
    cores?.occupy(node, until: end)
    if turn.isBusy { count(end - begun, of: rank) }
    guard !turn.isLast else {
      isAborted = processes[rank.number].outcome?.needsAbort == true || isAborted
      ranks[rank].hasEnded = true
      endedCount += 1
      return
    }
    events.occupy(rank, until: end)
    // Only a root has something left to do after a turn in which it did something; whoever is
    // held back is woken when a send is complete.
    if ranks[rank].first >= 0 || turn.isBusy && ranks[rank].isRoot && !ranks[rank].isHeldBack {
      events.wake(rank, at: end)
    }
    let ignoresReports = ranks[rank].isLeaf && !leavesReportOnTime
    if let deadline = ignoresReports ? turn.workDeadline : turn.nextDeadline {
      events.setDeadline(rank, max(end, deadline + (.zero - offset(of: rank))))
    }
  }

  /// Notes what a turn of root or sub-master cost its core.
  private func count(_ span: TimeSpan, of rank: Rank) {
    guard !ranks[rank].isLeaf else { return }
    if meter.full != nil, !isFull {
      isFull = true
      ranks.markSpent()
    }
    ranks[rank].spent += span.nanoseconds
    if ranks[rank].isRoot {
      meter.spentByRoot(span)
    } else {
      meter.spentBySubmaster(span)
    }
  }
}

// MARK: - Reading

extension SimulatedCluster {
  /// How each rank ended.
  package var outcomes: [RoleOutcome?] { processes.map(\.outcome) }

  /// Seconds that all leaves together have spent in the function.
  package var busySeconds: Double { meter.marked(at: clock.instant).busySeconds }

  /// What the root can say of the campaign.
  package var progress: RootProgress? {
    roots.first?.driver.progress() ?? single?.driver.root.progress()
  }

  /// Why the root ended the world; nil while it goes on.
  package var verdict: Verdict? { roots.first?.driver.verdict ?? single?.driver.root.verdict }

  /// What came of the world so far.
  package var result: SimulationResult {
    SimulationResult(self, costsName: plan.costs.name, ranks: ranks, topology: plan.topology)
  }

  /// What a relaunch finds if the world ends now: of each learner what its root's store kept.
  package func recovered() throws(LearnerError) -> CampaignState {
    guard stores.count > 1 else { return try stores[0].recovered() }
    var saved: [SavedCampaign] = []
    for store in stores {
      let state = try store.recovered()
      saved.append(state.saved(elapsed: state.elapsed))
    }
    let learners = saved[0].learners.indices.map { position in
      saved[Self.rootIndex(of: position, in: plan)].learners[position]
    }
    let elapsed = saved.map(\.elapsed).max() ?? .zero
    return try CampaignState(SavedCampaign(learners: learners, elapsed: elapsed))
  }

  /// Closes stores and transports as the program does at its end, and has the checker look at what
  /// is left.
  package func close() throws(TransportError) {
    for root in roots { root.driver.closeStore() }
    single?.driver.root.closeStore()
    var leftOver = network.unreceivedCount
    for (number, process) in processes.enumerated() where !ranks[Rank(number)].isDead {
      leftOver += try process.closeTransport()
    }
    if leftOver > 0 { checker?.found("\(leftOver) frames were sent and never received") }
    let codes = Set(
      outcomes.indices.filter { !ranks[Rank($0)].isDead }.map { outcomes[$0]?.exitCode })
    if codes.count != 1 { checker?.found("ranks end with different codes: \(codes)") }
  }
}
