package import AdaptiveCore
package import NodeRuntime

/// The checkpoint store of a run directory: journals and snapshots, each written by a thread of its
/// own, so that a long snapshot holds no commit up and the root waits for neither.
package struct HDF5CheckpointStore: CheckpointStore, ~Copyable {
  private let shards: ShardMap
  private let claim: WorldClaim
  private let campaignText: String
  private let history: [String]
  private var generation = Generation(1)
  private var buffers: [JournalBuffer]
  private var commits: UInt64 = 0
  private var durableCommits: UInt64 = 0
  package private(set) var isWritingSnapshot = false

  private let events: EventQueue
  private let journals: JournalLoop
  private let snapshots: SnapshotLoop
  private let threads: WriterThreads

  init(
    _ claim: WorldClaim, campaignText: String, history: [String], journals: [ShardJournal],
    newestWhole: [Position?], rewriteInterval: TimeSpan
  ) throws(ThreadError) {
    let events = EventQueue()
    let world = claim.record.world
    let journalLoop = JournalLoop(
      claim.lineage, world, journals, rewriteInterval: rewriteInterval, events)
    let snapshotLoop = SnapshotLoop(
      claim.lineage, world, newestWhole: newestWhole, rewriteInterval: rewriteInterval, events)
    let threads = try WriterThreads(journalLoop, snapshotLoop)
    shards = claim.shards
    self.claim = claim
    self.campaignText = campaignText
    self.history = history
    buffers = Array(repeating: JournalBuffer(), count: claim.shards.shardCount)
    self.events = events
    self.journals = journalLoop
    self.snapshots = snapshotLoop
    self.threads = threads
  }

  package mutating func recordAsked(_ learner: LearnerIndex, point: Span<Double>) {
    buffers[shards.shard(of: learner)].appendAsked(learner, point: point)
  }

  package mutating func recordTold(
    _ learner: LearnerIndex, point: Span<Double>, value: Span<Double>, seconds: Double, leaf: Rank
  ) {
    buffers[shards.shard(of: learner)].appendTold(
      learner, point: point, value: value, seconds: seconds, leaf: leaf)
  }

  package mutating func recordFailed(_ learner: LearnerIndex, _ failed: FailedPoint) {
    buffers[shards.shard(of: learner)].appendFailed(learner, failed)
  }

  package mutating func commit(elapsed: TimeSpan) {
    buffers[0].appendElapsed(elapsed)
    commits += 1
    handOver(cut: nil)
  }

  package mutating func beginSnapshot(_ campaign: SavedCampaign) {
    precondition(!isWritingSnapshot, "a snapshot is being written")
    isWritingSnapshot = true
    generation = generation.next
    let position = Position(claim.record.world, generation)
    handOver(cut: position)
    snapshots.mailbox.send(
      claim.shardSnapshots(
        of: campaign, at: position, campaignText: campaignText, history: history))
  }

  package mutating func poll() -> CheckpointEvent? {
    guard let event = events.next() else { return nil }
    switch event {
    case .committed(let commits): durableCommits = commits
    case .snapshotDurable: isWritingSnapshot = false
    case .failed, .fenced: break
    }
    return event
  }

  package var isBusy: Bool { durableCommits < commits || isWritingSnapshot }

  package mutating func close() { threads.end() }

  private mutating func handOver(cut: Position?) {
    var runs: [(shard: Int, runs: [[UInt8]])] = []
    for shard in buffers.indices where !buffers[shard].isEmpty {
      runs.append((shard, buffers[shard].takeRuns()))
    }
    journals.mailbox.send(JournalLoop.Request(runs: runs, cut: cut, commits: commits))
  }
}
