import AdaptiveCore
import CheckpointHDF5
import Delegation
import Evaluators
import Learners
import NodeRuntime

/// What rank 0 alone does before there is a tree: reads the campaign, takes the run directory,
/// loads the checkpoint, and sees that both fit together. Other roots begin with what it found, and
/// load the shards that are theirs.
struct CampaignStart {
  let campaign: Campaign

  /// What every rank needs of it.
  private(set) var plan: WorldPlan

  /// The learners as the checkpoint left them; those of other roots know nothing.
  private(set) var state: CampaignState

  /// What the checkpoint's reader has to say to people, one line each.
  let remarks: [String]

  /// Pending points that may have ended earlier worlds; none where the function cannot do that.
  let suspects: [Suspect]

  /// The world before died, and the function may have been what ended it.
  let isCautious: Bool

  private let file: String
  private var claim: WorldClaim
  private let loaded: LoadedCheckpoint

  /// How a world may begin.
  struct Choices {
    /// Move aside what is there and begin anew.
    var startsAfresh: Bool
    /// Go on though the function was rebuilt.
    var acceptsFunction: Bool
  }

  /// - Throws: what is wrong with file, directory or checkpoint; nothing that was computed before
  ///   is lost or changed then.
  init(
    _ options: CampaignOptions, _ choices: Choices, rankCount: Int, build: String
  ) throws(EarlyEnd) {
    campaign = try options.read()
    file = String(decoding: try CampaignFile(options.campaign).bytes(), as: UTF8.self)
    plan = WorldPlan(
      campaign, functionIdentity: try FunctionIdentity(of: campaign), build: build)
    claim = try Self.claim(campaign, plan, choices, rankCount: rankCount).get()
    do throws(EarlyEnd) {
      loaded = try Self.load(claim)
      let state = try Self.restore(loaded, for: campaign)
      let mayEnd = campaign.mayEndItsRank
      suspects = mayEnd ? try Self.suspects(claim, state) : []
      isCautious = mayEnd ? try Self.followsDeath(claim) : false
      remarks = loaded.report + Self.remarks(on: suspects)
      self.state = state
      pointCount = Self.pointCount(state)
      guard campaign.tree.roots > 1 || plan.hasRootForEachSize else { return }
      plan.roots = WorldPlan.Roots(
        record: claim.record.text, campaign: file, elapsed: state.elapsed,
        suspects: SuspectList(suspects).text, isCautious: isCautious)
    } catch {
      // What is wrong with the checkpoint matters more than that its end cannot be written down.
      do throws(EarlyEnd) {
        try Self.recordEnd(of: claim, error.exitCode, error.detail)
      } catch {
        Console.warn("adaptive-mpi: \(error.detail)")
      }
      throw error
    }
  }

  /// On a root beside rank 0: the shards of its part, as the checkpoint left them.
  init(
    joining plan: WorldPlan, _ roots: WorldPlan.Roots, _ options: CampaignOptions, part: ShardPart
  ) throws(EarlyEnd) {
    var campaign = try options.read(roots.campaign)
    // Rank 0's, by what can be sent; a user's loss is bound in those that were read here.
    if campaign.learners != plan.learners { campaign.learners = plan.learners }
    let identity = try FunctionIdentity(of: campaign)
    guard identity == plan.functionIdentity else {
      throw EarlyEnd(
        .campaignWrong,
        "the function here is \(identity.text), rank 0's is \(plan.functionIdentity.text)")
    }
    campaign.directory = plan.directory
    self.campaign = campaign
    self.plan = plan
    file = roots.campaign
    do throws(CheckpointError) {
      let record = try WorldRecord(text: roots.record, path: "rank 0's record")
      claim = WorldClaim(directory: plan.directory, record: record, part: part)
    } catch {
      throw EarlyEnd(error)
    }
    loaded = try Self.load(claim)
    remarks = loaded.report
    suspects = SuspectList(text: roots.suspects)?.suspects ?? []
    isCautious = roots.isCautious
    state = try Self.restore(loaded, for: campaign)
    state.advance(to: roots.elapsed)
    pointCount = Self.pointCount(state)
  }

  /// On rank 0, of several roots: leaves all but its own part to the others.
  mutating func share(_ part: ShardPart) throws(EarlyEnd) {
    claim.part = part
    do throws(LearnerError) {
      let map = ShardMap(learnerCount: campaign.learners.count)
      try state.keepOnly { part.holds($0, of: map) }
    } catch {
      throw EarlyEnd(.campaignWrong, error.detail)
    }
  }

  /// Whether a learner is another root's.
  func isElsewhere(_ learner: LearnerIndex) -> Bool {
    !claim.part.holds(learner, of: ShardMap(learnerCount: campaign.learners.count))
  }

  /// True if every learner has reached the goal, so that there is nothing to do.
  var isGoalReached: Bool {
    (0..<state.learnerCount).allSatisfy { position in
      let learner = LearnerIndex(position)
      return campaign.goal.isReached(
        by: Goal.Progress(
          pointCount: state.pointCount(learner), loss: state.loss(learner), elapsed: state.elapsed,
          evaluationSeconds: state.evaluationSeconds(learner)))
    }
  }

  /// What the checkpoint holds, for people.
  var summary: [String] {
    Summary.lines(state.progress()) + ["", "checkpoint  \(campaign.directory)"]
  }

  /// Tells people, and the job script, that this world computes from now on.
  func announce(rankCount: Int) {
    let world = claim.record.world
    Console.show(
      "world \(world.rawValue) begins with \(Numbers.grouped(pointCount)) points, on "
        + "\(rankCount) \(rankCount == 1 ? "rank" : "ranks"), in \(campaign.directory)")
    WorldFile().write(world, points: pointCount)
  }

  /// Tells the job script why this world ended in order.
  func announceEnd(_ verdict: Verdict) {
    WorldFile().write(claim.record.world, points: pointCount, end: verdict)
  }

  /// Points that the checkpoint held, of all learners.
  private let pointCount: Int

  private static func pointCount(_ state: CampaignState) -> Int {
    (0..<state.learnerCount).reduce(0) { $0 + state.pointCount(LearnerIndex($1)) }
  }

  /// Begins this world's journal. Only once every rank is ready: it is the first thing written.
  func openStore() throws(EarlyEnd) -> HDF5CheckpointStore {
    do {
      if claim.part.index == 0 { try claim.record(suspects) }
      return try claim.openStore(
        continuing: loaded, initial: state.saved(elapsed: state.elapsed), campaignText: file)
    } catch {
      throw EarlyEnd(error)
    }
  }

  /// Begins to write this world's status; nil, which is said, where the system gives no thread.
  func openStatus() -> StatusWriter<WorldStatus>? {
    let record = claim.record
    let status = WorldStatus(
      .init(name: campaign.name, id: record.campaign.hexadecimal, goal: campaign.goal.text),
      goal: campaign.goal, world: .init(record), teams: campaign.conduct.team?.sizes)
    do throws(ThreadError) {
      return try claim.openStatus(status)
    } catch {
      Console.warn("adaptive-mpi: the world has no status.json: \(error)")
      return nil
    }
  }

  /// Writes down how this world ended, so that the next need not find out whether it lives.
  func recordEnd(_ exitCode: ExitCode, _ reason: String) throws(EarlyEnd) {
    try Self.recordEnd(of: claim, exitCode, reason)
  }
}

// MARK: - Directory

extension CampaignStart {
  private static func claim(
    _ campaign: Campaign, _ plan: WorldPlan, _ choices: Choices, rankCount: Int
  ) throws(EarlyEnd) -> Result<WorldClaim, EarlyEnd> {
    try FileTree.makeFolders(above: campaign.directory)
    do throws(CheckpointError) {
      let directory = try RunDirectory(campaign.directory)
      var request = ClaimRequest(
        claimant: BatchJob().claimant, learnerCount: campaign.learners.count, ranks: rankCount,
        now: WallClock.epochSeconds, build: "\(plan.build); \(Version.libraries)",
        functionDigest: plan.functionIdentity.text, startsAfresh: choices.startsAfresh)
      request.rootOfShard = plan.rootOfShard(
        rootCount: campaign.tree.rootCount(learnerCount: campaign.learners.count),
        rankCount: rankCount)
      let difference = try functionDifference(directory.lineage, plan.functionIdentity)
      if let difference, !choices.startsAfresh, !choices.acceptsFunction {
        return .failure(
          EarlyEnd(
            .campaignWrong,
            "\(difference). Values of two functions would be mixed: go on with --accept-function "
              + "if they are the same, or start afresh with --fresh"))
      }
      return .success(try directory.claim(request, pause: WallClock.sleep))
    } catch {
      throw EarlyEnd(error)
    }
  }

  /// Looked at before the directory is taken, for a world that took it is the next one's measure.
  private static func functionDifference(
    _ lineage: Lineage, _ function: FunctionIdentity
  ) throws(CheckpointError) -> String? {
    for world in try lineage.worlds().reversed() {
      // A damaged record says nothing about functions; taking the directory deals with it.
      guard let record = try lineage.readableRecord(world) else { continue }
      return CampaignDifference.line(
        checkpoint: FunctionIdentity(text: record.functionDigest), campaign: function)
    }
    return nil
  }

  private static func recordEnd(
    of claim: WorldClaim, _ exitCode: ExitCode, _ reason: String
  ) throws(EarlyEnd) {
    do {
      try claim.recordEnd(
        exitCode: exitCode.rawValue, reason: reason, at: WallClock.epochSeconds)
    } catch {
      throw EarlyEnd(error)
    }
  }
}

// MARK: - Checkpoint

extension CampaignStart {
  private static func load(_ claim: WorldClaim) throws(EarlyEnd) -> LoadedCheckpoint {
    do { return try claim.load() } catch { throw EarlyEnd(error) }
  }

  private static func suspects(
    _ claim: WorldClaim, _ state: CampaignState
  ) throws(EarlyEnd) -> [Suspect] {
    let pending = (0..<state.learnerCount).map { state.pendingPoints(LearnerIndex($0)) }
    do throws(CheckpointError) {
      return try claim.suspects(among: pending)
    } catch {
      throw EarlyEnd(error)
    }
  }

  private static func followsDeath(_ claim: WorldClaim) throws(EarlyEnd) -> Bool {
    do { return try claim.followsDeath() } catch { throw EarlyEnd(error) }
  }

  private static func remarks(on suspects: [Suspect]) -> [String] {
    let count = suspects.count { $0.isSuspect }
    guard count > 0 else { return [] }
    return [
      "\(Numbers.grouped(count)) points were pending when \(Limits.deathsPerPointMax) worlds died: "
        + "each is evaluated in a process of its own"
    ]
  }

  /// Of each learner that has any, the places of its suspects among its pending points.
  func suspectPlaces() -> [LearnerIndex: [Int]] {
    let byLearner = Dictionary(grouping: suspects.filter(\.isSuspect), by: \.learner)
    return Dictionary(
      uniqueKeysWithValues: byLearner.map { learner, suspects in
        var left = suspects[...]
        let pending = state.pendingPoints(learner)
        let places = (0..<pending.count).filter { place in
          // In the order of the pending points.
          guard left.first?.point == Array(pending[place]) else { return false }
          left.removeFirst()
          return true
        }
        return (learner, places)
      })
  }

  private static func restore(
    _ loaded: LoadedCheckpoint, for campaign: Campaign
  ) throws(EarlyEnd) -> CampaignState {
    // A learner whose snapshot is lost is defined by the campaign file alone.
    let definitions = loaded.learners.enumerated().compactMap { position, saved in
      saved?.definition
        ?? (position < campaign.learners.count ? campaign.learners[position] : nil)
    }
    let differences =
      loaded.isEmpty
      ? [] : CampaignDifference.lines(checkpoint: definitions, campaign: campaign.learners)
    guard differences.isEmpty else {
      throw EarlyEnd(
        .campaignWrong,
        """
        the checkpoint in \(campaign.directory) belongs to another campaign:
          \(differences.prefix(20).joined(separator: "\n  "))
        Undo the change, give the campaign another directory, or start afresh with --fresh
        """)
    }
    do throws(LearnerError) {
      var state = try CampaignState(loaded.campaign(campaign.learners))
      try state.replaying { (state) throws(LearnerError) in
        try loaded.forEachEntry { (entry) throws(LearnerError) in try state.replay(entry) }
      }
      return state
    } catch {
      throw EarlyEnd(.checkpointDamaged, "\(campaign.directory): \(error.detail)")
    }
  }
}

extension Suspect {
  /// Enough worlds have died.
  fileprivate var isSuspect: Bool { deathCount >= Limits.deathsPerPointMax }
}
