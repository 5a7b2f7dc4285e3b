package import AdaptiveCore
package import Delegation
import Learners
package import NodeRuntime

/// A world in one thread: the production drivers on a tree of ranks, over a simulated network,
/// clock, function and checkpoint. One seed repeats a run, event by event.
package final class SimulatedCluster {
  package struct Plan: Sendable {
    package var topology: Topology
    package var root: RootMachine.Plan
    package var checkpoints = CheckpointPolicy.Plan()
    package var network = SimulatedNetwork.Plan()
    package var function: SimulatedFunction
    package var store = SimulatedStore.Plan()
    package var faults = FaultPlan()
    /// What one turn of a rank's loop costs it.
    package var turn = TimeSpan.microseconds(1)
    package var seed: UInt64

    package init(
      topology: Topology, root: RootMachine.Plan, function: SimulatedFunction, seed: UInt64
    ) {
      self.topology = topology
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
  package let store: SimulatedStore
  private let plan: Plan
  private let checker: ClusterChecker?
  private let events: EventQueue
  private let network: SimulatedNetwork
  private let busy = BusyIntegral()
  private var processes: [SimulatedProcess] = []
  /// Rank 0 once more, by its type: the root of a tree, or all roles in one.
  private var root: DrivenProcess<Root>?
  private var single: DrivenProcess<Single>?
  private var stopReasons: [StopReason] = []
  private var endedCount = 0
  /// Ranks that have died.
  private var isDead: [Bool]

  /// Events that have happened.
  package private(set) var eventCount = 0

  /// - Parameter campaign: what the checkpoint holds at the start.
  package init(_ plan: Plan, campaign: CampaignState, checker: ClusterChecker?) {
    self.plan = plan
    self.checker = checker
    let rankCount = plan.topology.rankCount
    events = EventQueue(rankCount: rankCount)
    isDead = Array(repeating: false, count: rankCount)
    network = SimulatedNetwork(
      plan.network, faults: plan.faults, rankCount: rankCount, seed: plan.seed, clock: clock,
      events: events,
      checker: checker)
    store = SimulatedStore(
      plan.store, base: campaign.saved(elapsed: campaign.elapsed), seed: plan.seed, clock: clock,
      events: events, checker: checker)
    checker?.worldBegins(campaign)
    checker?.allowsRepetition = plan.faults.duplicateShare > 0
    processes.reserveCapacity(rankCount)
    for number in 0..<rankCount {
      processes.append(makeProcess(Rank(number), campaign))
      events.wake(Rank(number), at: clock.instant)
    }
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
      var driver = Root(
        plan: plan.root, checkpoints: plan.checkpoints, campaign: campaign,
        children: plan.topology.children(of: rank), transport: transport, store: store,
        clock: clock)
      driver.start()
      let process = DrivenProcess(driver)
      root = process
      return process
    case .submaster:
      return DrivenProcess(
        SubmasterDriver(
          parent: plan.topology.parent(of: rank) ?? Rank(0),
          children: plan.topology.children(of: rank),
          leafCount: plan.topology.leafCount(under: rank), transport: transport, clock: clock))
    case .leaf:
      let valueCounts = Self.valueCounts(campaign)
      var driver = Leaf(
        parent: plan.topology.parent(of: rank) ?? Rank(0), valueCounts: valueCounts,
        keepsWaiting: true, transport: transport,
        evaluation: evaluation(rank, valueCounts), clock: clock)
      driver.start()
      return DrivenProcess(driver)
    }
  }

  private func makeSingle(_ campaign: CampaignState) -> SimulatedProcess {
    let ends = LoopbackTransport.pair()
    let valueCounts = Self.valueCounts(campaign)
    var root = SingleRoot(
      plan: plan.root, checkpoints: plan.checkpoints, campaign: campaign, children: [Rank(0)],
      transport: ends.root, store: store, clock: clock)
    var leaf = SingleLeaf(
      parent: Rank(0), valueCounts: valueCounts, keepsWaiting: false, transport: ends.leaf,
      evaluation: evaluation(Rank(0), valueCounts), clock: clock)
    root.start()
    leaf.start()
    let process = DrivenProcess(Single(root: root, leaf: leaf))
    single = process
    return process
  }

  private func offset(of rank: Rank) -> TimeSpan {
    plan.faults.clockOffset(of: rank, seed: plan.seed)
  }

  private func evaluation(_ rank: Rank, _ valueCounts: [Int]) -> SimulatedEvaluation {
    SimulatedEvaluation(
      plan.function, faults: plan.faults, valueCounts: valueCounts, rank: rank, seed: plan.seed,
      clock: clock,
      events: events, busy: busy, checker: checker)
  }

  private static func valueCounts(_ campaign: CampaignState) -> [Int] {
    (0..<campaign.learnerCount).map { campaign.definition(LearnerIndex($0)).valueCount }
  }
}

// MARK: - Running

extension SimulatedCluster {
  /// Asks `rank` to stop the world at `instant`, as a signal would.
  package func requestStop(_ reason: StopReason, of rank: Rank, at instant: Instant) {
    events.schedule(.stopRequest(rank, index: Int32(stopReasons.count)), at: instant)
    stopReasons.append(reason)
  }

  /// Lets the world go on until every rank has ended, or `instant` is reached, or more than
  /// `eventsMax` events have happened.
  package func run(until instant: Instant, eventsMax: Int) throws(TransportError) -> Progress {
    let eventsEnd = eventCount + eventsMax
    while endedCount < processes.count {
      guard eventCount < eventsEnd, let (at, event) = events.next() else { return .stuck }
      guard at <= instant else {
        events.schedule(event, at: at)
        clock.instant = instant
        return .goingOn
      }
      eventCount += 1
      clock.instant = at
      switch event {
      case .arrival(let frame):
        network.arrive(frame)
      case .wake(let rank), .notice(let rank):
        try step(rank)
        // The launcher ends a world that its root gives up.
        if rank == Rank(0), processes[0].outcome?.needsAbort == true { return .ended }
      case .stopRequest(let rank, let index):
        guard processes[rank.number].outcome == nil, !isDead[rank.number] else { continue }
        processes[rank.number].requestStop(stopReasons[Int(index)])
        events.wake(rank, at: at)
      case .death(let rank):
        end(rank)
        if let detection = plan.faults.detection, let parent = plan.topology.parent(of: rank) {
          let last = network.lastArrival(from: rank, to: parent) ?? at
          events.schedule(.loss(of: rank), at: max(at, last) + detection)
        }
      case .loss(let rank):
        guard let parent = plan.topology.parent(of: rank), !isDead[parent.number],
          processes[parent.number].outcome == nil
        else { continue }
        processes[parent.number].loseChild(rank)
        events.wake(parent, at: at)
      }
    }
    return .ended
  }

  /// A rank dies, and all below it.
  private func end(_ rank: Rank) {
    for child in plan.topology.children(of: rank) { end(child) }
    guard !isDead[rank.number], processes[rank.number].outcome == nil else { return }
    isDead[rank.number] = true
    endedCount += 1
    network.end(rank)
    checker?.died(rank)
  }

  private func step(_ rank: Rank) throws(TransportError) {
    let process = processes[rank.number]
    guard process.outcome == nil, !isDead[rank.number] else { return }
    let isBusy = try process.step()
    guard process.outcome == nil else {
      endedCount += 1
      return
    }
    events.occupy(rank, until: clock.instant + plan.turn)
    // Only the root has something left to do after a turn in which it did something; whoever is
    // held back is woken when a send is complete.
    if network.hasArrivals(at: rank) || isBusy && rank == Rank(0) && !network.isHeldBack(rank) {
      events.wake(rank, at: clock.instant)
    }
    if let deadline = process.nextDeadline {
      let shown = clock.instant + offset(of: rank)
      events.wake(rank, at: max(clock.instant, clock.instant + (deadline - shown)))
    }
  }
}

// MARK: - Reading

extension SimulatedCluster {
  /// How each rank ended.
  package var outcomes: [RoleOutcome?] { processes.map(\.outcome) }

  /// Seconds that all leaves together have spent in the function.
  package var busySeconds: Double { busy.seconds(at: clock.instant) }

  /// What the root can say of the campaign.
  package var progress: RootProgress? { root?.driver.progress() ?? single?.driver.root.progress() }

  /// Why the root ended the world; nil while it goes on.
  package var verdict: Verdict? { root?.driver.verdict ?? single?.driver.root.verdict }

  /// Closes store and transports as the program does at its end, and has the checker look at what
  /// is left.
  package func close() throws(TransportError) {
    root?.driver.closeStore()
    single?.driver.root.closeStore()
    var leftOver = network.unreceivedCount
    for (number, process) in processes.enumerated() where !isDead[number] {
      leftOver += try process.closeTransport()
    }
    if leftOver > 0 { checker?.found("\(leftOver) frames were sent and never received") }
    let codes = Set(outcomes.indices.filter { !isDead[$0] }.map { outcomes[$0]?.exitCode })
    if codes.count != 1 { checker?.found("ranks end with different codes: \(codes)") }
  }
}
