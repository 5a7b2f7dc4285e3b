import AdaptiveCore
import Delegation
import Evaluators
import Learners
import MPI
import MPITransport
import NodeRuntime

/// The start of a world on one rank: all ranks go through the same steps together, and either all
/// of them have a role in the end or all know why not.
struct WorldStart {
  let host: String

  /// Rank 0 reads campaign and checkpoint, every rank loads the function, and rank 0 begins the
  /// journal. *Collective*.
  ///
  /// - Returns: this rank's role; or, the same on every rank, why there is nothing to play, which
  ///   rank 0 has told people by then.
  func begin(
    on world: borrowing Communicator, _ options: CampaignOptions, _ choices: CampaignStart.Choices
  ) throws(MPIError) -> Result<WorldRole, EarlyEnd> {
    let build = BuildIdentity.current()
    var mine: Result<CampaignStart, EarlyEnd>?
    if world.rank == 0 {
      mine = Self.readCampaign(options, choices, rankCount: world.size, build: build)
    }
    let plan: WorldPlan
    switch try world.broadcastPlan(mine.map { $0.map(\.plan) }) {
    case .failure(let end):
      if world.rank == 0 { Console.conclude(end) }
      return .failure(end)
    case .success(let received): plan = received
    }
    let node = try world.splitByNode()
    let nodes = try world.nodeMap(node)
    let rank = Rank(world.rank)
    let doorbells = try NodeDoorbells.shared(by: rank, on: node)
    let topology = plan.tree.topology(
      rankCount: world.size, ranksPerNode: nodes.ranksPerNodeMax,
      learnerCount: plan.learners.count, team: plan.conduct.team)
    let start: CampaignStart? = if case .success(let start) = mine { start } else { nil }
    let teams: Teams?
    // All ranks find the same.
    switch plan.conduct.teams(in: topology, nodeOfRank: nodes.nodeOfRank) {
    case .failure(let failure):
      if let start { Self.conclude(start, failure) }
      return .failure(failure)
    case .success(let found): teams = found
    }
    var role = WorldRole(
      plan: plan, topology: topology, rank: rank, doorbells: doorbells,
      team: try TeamRole(teams, in: topology, on: world))

    let isFirstOfNode = node.rank == 0
    let threads = role.evaluates ? plan.conduct.threadsAskedFor : 0
    if let excess = try ThreadDemand.excess(threads, on: world, node: node),
      world.rank == 0, plan.conduct.threadsAskedFor > 1
    {
      Console.warn(excess.warning)
    }
    try node.free()
    var failure: EarlyEnd?
    if !plan.conduct.nodeSetUp.isEmpty {
      failure = try world.firstFailure(isFirstOfNode ? role.setUpNode() : nil, host: host)
    }
    if failure == nil {
      failure = try world.firstFailure(role.loadFunction(build: build), host: host)
    }
    if failure == nil {
      failure = try world.firstFailure(role.setUpFunction(), host: host)
    }
    if failure == nil, topology.rootCount > 1 {
      failure = try world.firstFailure(role.join(options), host: host)
    }
    if failure == nil {
      failure = try world.firstFailure(role.openStore(start), host: host)
    }
    guard let failure else {
      if let start { start.announce(rankCount: world.size) }
      return .success(role)
    }
    role.leave()
    if let start { Self.conclude(start, failure) }
    return .failure(failure)
  }

  /// On rank 0: the campaign, or the end of a world that cannot or need not go on.
  private static func readCampaign(
    _ options: CampaignOptions, _ choices: CampaignStart.Choices, rankCount: Int, build: String
  ) -> Result<CampaignStart, EarlyEnd> {
    do throws(EarlyEnd) {
      let start = try CampaignStart(options, choices, rankCount: rankCount, build: build)
      for remark in start.remarks { Console.warn("checkpoint: \(remark)") }
      guard start.isGoalReached else { return .success(start) }
      try start.recordEnd(.goalReached, "the goal had been reached before")
      for line in start.summary { Console.show(line) }
      return .failure(
        EarlyEnd(
          .goalReached,
          """
          goal reached already (\(start.campaign.goal.text)); nothing was computed. To go further, \
          raise the goal in \(options.campaign) or by --goal-npoints or --goal-loss; to start \
          afresh: --fresh
          """))
    } catch {
      return .failure(error)
    }
  }

  /// On rank 0: tells people and the run directory that the world ends before it began.
  private static func conclude(_ start: CampaignStart, _ failure: EarlyEnd) {
    do throws(EarlyEnd) {
      try start.recordEnd(failure.exitCode, failure.detail)
    } catch {
      Console.warn("adaptive-mpi: \(error.detail)")
    }
    Console.conclude(failure)
  }
}

extension NodeMap {
  /// Ranks on the node that has most.
  var ranksPerNodeMax: Int {
    var counts = Array(repeating: 0, count: nodeCount)
    for node in nodeOfRank { counts[node] += 1 }
    return counts.max() ?? 1
  }
}
