package import AdaptiveCore
package import NodeRuntime

/// The checkpoint store of a run directory: journals and snapshots, each written by a thread of its
/// own, so that a long snapshot holds no commit up and the root waits for neither.
///
/// Memory stays bounded where a disk is full or slow. Once ``Limits/journalBacklogBytesMax`` bytes
/// wait for the journals, all of them are given up, and so is what follows, until the next snapshot
/// is begun: the learners' logs hold everything, and so will it. Its journal is begun when it is
/// durable, for that journal means nothing without it.
package struct HDF5CheckpointStore: CheckpointStore, ~Copyable {
  private enum Journaling {
    case following
    case givenUp
    /// What is recorded waits for the snapshot that is being written.
    case waiting
  }

  /// What a store may hold, and how often it tries.
  package struct Bounds: Sendable {
    /// After a failed write, until the next attempt.
    package var rewriteInterval: TimeSpan
    package var backlogBytesMax: Int

    package init(
      rewriteInterval: TimeSpan = Limits.rewriteInterval,
      backlogBytesMax: Int = Limits.journalBacklogBytesMax
    ) {
      self.rewriteInterval = rewriteInterval
      self.backlogBytesMax = backlogBytesMax
    }
  }

  private let shards: ShardMap
  /// Each shard's place among those of this store; nil for a shard of another root.
  private let places: [Int?]
  private let claim: WorldClaim
  private let campaignText: String
  private let history: [String]
  private let bounds: Bounds
  private var position: Position
  private var buffers: [JournalBuffer]
  private var commits: UInt64 = 0
  private var durableCommits: UInt64 = 0
  private var journaling = Journaling.following
  package private(set) var isWritingSnapshot = false

  /// Commits that the snapshot holds that was begun last.
  private var commitsInSnapshot: UInt64 = 0

  /// To be told next.
  private var nextEvent: CheckpointEvent?

  private let events: EventQueue
  private let backlog: Backlog
  private let journals: JournalLoop
  private let snapshots: SnapshotLoop
  private let threads: WriterThreads

  init(
    _ claim: WorldClaim, campaignText: String, history: [String], journals: [ShardJournal],
    newestWhole: [Position?], bounds: Bounds
  ) throws(ThreadError) {
    let events = EventQueue()
    let backlog = Backlog()
    let world = claim.record.world
    let journalLoop = JournalLoop(
      claim.lineage, world, journals, beats: claim.part.index == 0,
      rewriteInterval: bounds.rewriteInterval, events, backlog)
    let snapshotLoop = SnapshotLoop(
      claim.lineage, world, newestWhole: newestWhole, rewriteInterval: bounds.rewriteInterval,
      events)
    let threads = try WriterThreads(journalLoop, snapshotLoop)
    shards = claim.shards
    var places: [Int?] = Array(repeating: nil, count: claim.shards.shardCount)
    for (place, shard) in claim.ownShards.enumerated() { places[shard] = place }
    self.places = places
    self.claim = claim
    self.campaignText = campaignText
    self.history = history
    self.bounds = bounds
    position = Position(world, Generation(1))
    buffers = Array(repeating: JournalBuffer(), count: claim.ownShards.count)
    self.events = events
    self.backlog = backlog
    self.journals = journalLoop
    self.snapshots = snapshotLoop
    self.threads = threads
  }

  package mutating func recordAsked(_ learner: LearnerIndex, points: PointBuffer) {
    buffers[place(of: learner)].appendAsked(learner, points)
  }

  package mutating func recordTold(
    _ learner: LearnerIndex, points: Span<Double>, values: Span<Double>, seconds: Span<Double>,
    leaves: Span<Rank>
  ) {
    buffers[place(of: learner)].appendTold(
      learner, points: points, values: values, seconds: seconds, leaves: leaves)
  }

  package mutating func recordFailed(_ learner: LearnerIndex, _ failed: FailedPoint) {
    buffers[place(of: learner)].appendFailed(learner, failed)
  }

  private func place(of learner: LearnerIndex) -> Int {
    guard let place = places[shards.shard(of: learner)] else {
      preconditionFailure("learner \(learner.position) is another root's")
    }
    return place
  }

  package mutating func commit(elapsed: TimeSpan) {
    buffers[0].appendElapsed(elapsed)
    commits += 1
    handOver(cut: nil)
  }

  package mutating func beginSnapshot(_ campaign: SavedCampaign) {
    precondition(!isWritingSnapshot, "a snapshot is being written")
    isWritingSnapshot = true
    commitsInSnapshot = commits
    position.generation = position.generation.next
    handOver(cut: position)
    if journaling == .givenUp {
      journals.mailbox.send(.begin(position, commits: commits))
      journaling = .waiting
    }
    snapshots.mailbox.send(
      claim.shardSnapshots(
        of: campaign, at: position, campaignText: campaignText, history: history))
  }

  package mutating func poll() -> CheckpointEvent? {
    if let event = nextEvent.take() { return event }
    guard let event = events.next() else { return nil }
    switch event {
    case .committed(let commits): durableCommits = max(durableCommits, commits)
    case .snapshotDurable: snapshotIsDurable()
    case .failed, .snapshotFailed, .fenced: break
    }
    return event
  }

  package var needsSnapshot: Bool { journaling == .givenUp }

  package var isBusy: Bool { durableCommits < commits || isWritingSnapshot }

  package mutating func close() { threads.end() }

  private mutating func snapshotIsDurable() {
    isWritingSnapshot = false
    if journaling == .waiting {
      journaling = .following
      journals.mailbox.send(.snapshotIsDurable(position))
    }
    guard commitsInSnapshot > durableCommits else { return }
    durableCommits = commitsInSnapshot
    nextEvent = .committed(commits: durableCommits)
  }

  /// Gives the journals all that was recorded, unless they are given up.
  private mutating func handOver(cut: Position?) {
    if journaling != .givenUp, backlog.byteCount > bounds.backlogBytesMax {
      journaling = .givenUp
      journals.mailbox.send(.giveUp)
    }
    var runs: [(place: Int, runs: [[UInt8]])] = []
    for place in buffers.indices where !buffers[place].isEmpty {
      runs.append((place, buffers[place].takeRuns()))
    }
    guard journaling != .givenUp else { return }
    backlog.add(runs.reduce(0) { $0 + $1.runs.byteCount })
    journals.mailbox.send(.append(runs: runs, cut: cut, commits: commits))
  }
}
