import AdaptiveCore
import CheckpointHDF5
import Delegation
import Evaluators
import Foundation
import Learners
import MPI
import MPITransport
import NodeRuntime

/// One rank's role in the tree, with all that it needs to play it.
struct WorldRole: ~Copyable {
  let plan: WorldPlan
  let topology: Topology
  let rank: Rank
  let clock = MonotonicClock()
  let doorbells: NodeDoorbells
  private let team: TeamRole?
  private(set) var evaluation: LeafEvaluation?
  private var start: CampaignStart?
  private var store: HDF5CheckpointStore?
  private var output: RedirectedOutput?

  /// - Parameter team: what this rank has to do with teams, in a campaign of teams.
  init(
    plan: WorldPlan, topology: Topology, rank: Rank, doorbells: NodeDoorbells, team: TeamRole?
  ) {
    self.team = team
    self.plan = plan
    self.topology = topology
    self.rank = rank
    self.doorbells = doorbells
  }
}

// MARK: - Start

extension WorldRole {
  /// Whether this rank evaluates points.
  var evaluates: Bool {
    topology.isSingle || topology.role(of: rank) == .leaf && team?.isIdle != true
  }

  /// On one rank of each node, before any other step: does what the function needs there.
  func setUpNode() -> EarlyEnd? {
    do throws(EvaluatorError) {
      try NodeSetUp.run(plan.conduct.nodeSetUp, plan.conduct)
      return nil
    } catch {
      return EarlyEnd(.campaignWrong, error.detail)
    }
  }

  /// Loads the function, which every rank does so that one without it is found. Returns why that
  /// cannot be done.
  mutating func loadFunction(build: String) -> EarlyEnd? {
    do throws(EarlyEnd) {
      guard build == plan.build else {
        throw EarlyEnd(
          .campaignWrong,
          "this is another build (\(build)) than rank 0's (\(plan.build)): install one everywhere")
      }
      var circumstances = WorkerPlan.Circumstances(
        rank: rank.number, rankCount: topology.rankCount, conduct: plan.conduct,
        runDirectory: plan.directory)
      circumstances.team = team?.place
      let function = try FunctionEvaluator(plan.function, circumstances)
      let identity = try FunctionIdentity(of: plan.function)
      guard identity.text == plan.functionIdentity.functionText else {
        throw EarlyEnd(
          .campaignWrong,
          "the function here is \(identity.text), rank 0's is \(plan.functionIdentity.text)")
      }
      guard evaluates else { return nil }
      if plan.runsInRank {
        Console.keepDescriptors()
        output = circumstances.logPath.flatMap { RedirectedOutput(path: $0) }
      }
      let doorbell = doorbells.own
      evaluation =
        team != nil
        ? .inline(InlineEvaluation(function, clock: clock))
        : .thread(
          EvaluatorThread(function, clock: clock, timeout: plan.conduct.timeoutInProcess) {
            doorbell.ring()
          })
      return nil
    } catch {
      return error
    }
  }

  /// Sets the function up where it will be evaluated, which a team does together: only once every
  /// rank has loaded it.
  func setUpFunction() -> EarlyEnd? {
    do throws(EvaluatorError) {
      try evaluation?.setUp(plan.learners)
      return nil
    } catch {
      return EarlyEnd(.campaignWrong, error.detail)
    }
  }

  /// On a root beside rank 0: loads its part of the checkpoint, and begins its journals.
  mutating func join(_ options: CampaignOptions) -> EarlyEnd? {
    guard let roots = plan.roots, let part, part.index > 0 else { return nil }
    do throws(EarlyEnd) {
      let start = try CampaignStart(joining: plan, roots, options, part: part)
      store = try start.openStore()
      self.start = start
      return nil
    } catch {
      return error
    }
  }

  /// On rank 0, where there is a start from the beginning: begins its journals. After all others,
  /// for its store shows that the world lives, and so that it has files in every shard.
  mutating func openStore(_ start: CampaignStart?) -> EarlyEnd? {
    guard var start else { return nil }
    do throws(EarlyEnd) {
      if let part { try start.share(part) }
      store = try start.openStore()
      self.start = start
      return nil
    } catch {
      return error
    }
  }

  /// Which of the learners are this rank's, if it is one of several roots.
  private var part: ShardPart? {
    guard topology.rootCount > 1, topology.role(of: rank) == .root else { return nil }
    return plan.part(index: topology.rootIndex(of: rank), count: topology.rootCount)
  }

  /// Gives back what was taken, where the world does not begin after all. A team whose set-up
  /// failed on one rank could not tear down together.
  mutating func leave() {
    if team == nil { evaluation?.tearDown() }
    store?.close()
  }
}

// MARK: - Play

extension WorldRole {
  /// How long this rank's loop may sleep: long where all who send to it are on its node and ring.
  private var pauseMax: TimeSpan {
    var peers = topology.children(of: rank) + [topology.parent(of: rank)].compactMap(\.self)
    if let team { peers += team.peers }
    // A root's children may be sent to any other.
    let isNextToRoots = peers.contains { topology.role(of: $0) == .root } || part != nil
    if topology.rootCount > 1, isNextToRoots {
      peers = topology.roots.flatMap { [$0] + topology.children(of: $0) } + peers
    }
    return doorbells.reaches(peers) ? Limits.rungPauseMax : Limits.idlePauseMax
  }

  /// Plays the role until the world ends. *Collective*.
  consuming func play(
    on world: borrowing Communicator, _ signals: StopSignal
  ) throws(TransportError) -> RoleOutcome {
    let signals = RankSignals(signals)
    if topology.isSingle { return try playAlone(signals) }
    let transport = try MPITransport(over: world, doorbells: doorbells)
    switch topology.role(of: rank) {
    case .root: return try playRoot(transport, signals)
    case .submaster: return try playSubmaster(transport, signals)
    case .leaf: return try playLeaf(transport, signals)
    }
  }

  private consuming func playRoot(
    _ transport: consuming MPITransport, _ signals: RankSignals
  ) throws(TransportError) -> RoleOutcome {
    if rank != RootCoordination.place { return try playOtherRoot(transport, signals) }
    let office = RootOffice(start!, clock: clock)
    var driver = office.driver(
      children: children, transport: transport, store: store.take()!,
      coordination: coordination)
    var watch = office.watch(signals)
    let clock = self.clock
    driver.start()
    let outcome = try runLoop(
      &driver, doorbell: doorbells.own, clock: clock, pauseMax: pauseMax, spin: doorbells.spin
    ) { driver in
      let now = clock.now()
      if let reason = watch.stopReason(at: now) { driver.requestStop(reason) }
      if watch.isEnding {
        driver.closeStore()
        office.concludeAtOnce()
        Self.leaveAtOnce()
      }
      watch.show(at: now) { driver.progress() }
    }
    driver.closeStore()
    if !outcome.needsAbort { office.complain(ofUnseen: try driver.closeTransport()) }
    office.conclude(driver.progress(), driver.verdict!, watch)
    return outcome
  }

  /// A root beside rank 0, which speaks for all of them.
  private consuming func playOtherRoot(
    _ transport: consuming MPITransport, _ signals: RankSignals
  ) throws(TransportError) -> RoleOutcome {
    var signals = signals
    let office = RootOffice(start!, clock: clock)
    var driver = office.driver(
      children: children, transport: transport, store: store.take()!,
      coordination: coordination)
    driver.start()
    let outcome = try runLoop(
      &driver, doorbell: doorbells.own, clock: clock, pauseMax: pauseMax, spin: doorbells.spin
    ) { driver in
      switch signals.take() {
      case .stop: driver.requestStop(.signal)
      case .leave:
        driver.closeStore()
        Self.leaveAtOnce()
      case nil: break
      }
    }
    driver.closeStore()
    office.complain(ofUnseen: try driver.closeTransport())
    return outcome
  }

  private var coordination: RootCoordination? {
    guard topology.rootCount > 1, let start else { return nil }
    return RootCoordination(
      topology.roots.map { ($0, children(of: $0).count) }, rank: rank,
      grace: start.campaign.checkpoint.grace, movesChildren: !plan.hasRootForEachSize)
  }

  private consuming func playSubmaster(
    _ transport: consuming MPITransport, _ signals: RankSignals
  ) throws(TransportError) -> RoleOutcome {
    var driver = SubmasterDriver(
      parent: topology.parent(of: rank)!, children: children, leafCount: leafCount,
      teams: teamWatch, transport: transport, clock: clock)
    let outcome = try play(&driver, obeying: signals)
    _ = try driver.closeTransport()
    return outcome
  }

  /// The rank's children in the tree; of a team the leader alone.
  private var children: [Rank] { children(of: rank) }

  private func children(of rank: Rank) -> [Rank] {
    team?.teams.children(of: rank) ?? topology.children(of: rank)
  }

  /// A leader evaluates on its main thread, so that only its parent can see that it hangs.
  private var teamWatch: TeamWatch? {
    let isAboveLeaders = team != nil && children.first.map { topology.role(of: $0) } == .leaf
    return isAboveLeaders ? TeamWatch(silenceMax: plan.conduct.timeout) : nil
  }

  private var leafCount: Int {
    team?.teams.teamCount(under: rank) ?? topology.leafCount(under: rank)
  }

  private consuming func playLeaf(
    _ transport: consuming MPITransport, _ signals: RankSignals
  ) throws(TransportError) -> RoleOutcome {
    if let team, !team.isLeader { return try playMember(of: team, transport, signals) }
    let evaluation = evaluation!
    var driver = LeafDriver(
      parent: topology.parent(of: rank)!, valueCounts: plan.learners.map(\.valueCount),
      keepsWaiting: true, transport: transport, evaluation: evaluation, clock: clock,
      team: team?.lead)
    driver.start()
    let outcome = try play(&driver, obeying: signals)
    if !outcome.isEvaluating { evaluation.tearDown() }
    _ = try driver.closeTransport()
    return outcome
  }

  /// A rank that evaluates with a leader, or waits for the end with it.
  private consuming func playMember(
    of team: TeamRole, _ transport: consuming MPITransport, _ signals: RankSignals
  ) throws(TransportError) -> RoleOutcome {
    var driver = MemberDriver(
      leader: team.leader, transport: transport, evaluation: evaluation, clock: clock)
    let outcome = try play(&driver, obeying: signals)
    evaluation?.tearDown()
    _ = try driver.closeTransport()
    return outcome
  }

  /// The loop of a role that has nothing to save: its log is looked at, and signals are obeyed.
  private borrowing func play<Driver: RoleDriver & ~Copyable>(
    _ driver: inout Driver, obeying signals: RankSignals
  ) throws(TransportError) -> RoleOutcome {
    var signals = signals
    let (output, clock) = (output, clock)
    return try runLoop(
      &driver, doorbell: doorbells.own, clock: clock, pauseMax: pauseMax, spin: doorbells.spin
    ) { driver in
      output?.look(at: clock.now())
      switch signals.take() {
      case .stop: driver.requestStop(.signal)
      case .leave: Self.leaveAtOnce()
      case nil: break
      }
    }
  }

  /// Ends this process for a launcher that would kill it in a moment: a rank that waits for that
  /// only delays the relaunch.
  private static func leaveAtOnce() { _exit(ExitCode.stoppedWithMoreToDo.rawValue) }

  private consuming func playAlone(_ signals: RankSignals) throws(TransportError) -> RoleOutcome {
    let office = RootOffice(start!, clock: clock)
    let evaluation = evaluation!
    let ends = LoopbackTransport.pair()
    let root = office.driver(children: [rank], transport: ends.root, store: store.take()!)
    var leaf = LeafDriver(
      parent: rank, valueCounts: plan.learners.map(\.valueCount), keepsWaiting: false,
      transport: ends.leaf, evaluation: evaluation, clock: clock)
    leaf.start()
    var driver = SingleDriver(root: root, leaf: leaf)
    driver.root.start()
    var watch = office.watch(signals)
    let clock = self.clock
    let output = self.output
    let outcome = try runLoop(&driver, doorbell: doorbells.own, clock: clock, pauseMax: pauseMax) {
      driver in
      let now = clock.now()
      output?.look(at: now)
      if let reason = watch.stopReason(at: now) { driver.requestStop(reason) }
      if watch.isEnding {
        driver.root.closeStore()
        office.concludeAtOnce()
        Self.leaveAtOnce()
      }
      watch.show(at: now) { driver.root.progress() }
    }
    driver.root.closeStore()
    if !outcome.isEvaluating { evaluation.tearDown() }
    office.complain(ofUnseen: try driver.closeTransport())
    office.conclude(driver.root.progress(), driver.root.verdict!, watch)
    return outcome
  }
}
