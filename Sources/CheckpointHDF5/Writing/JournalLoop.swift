import AdaptiveCore
import Glibc
import NodeRuntime

/// The journals' thread: writes and syncs what the root hands over, shows that the world lives, and
/// stops when a newer one has taken the directory.
final class JournalLoop: @unchecked Sendable {
  enum Request: Sendable {
    /// What each journal gets, by its place among those of this loop, where all of them are cut
    /// after that, and how many commits are complete with it.
    case append(runs: [(place: Int, runs: [[UInt8]])], cut: Position?, commits: UInt64)
    /// Forget all that is not durable.
    case giveUp
    /// After ``giveUp``: go on at a snapshot, which holds `commits` commits, once it is durable.
    case begin(Position, commits: UInt64)
    case snapshotIsDurable(Position)
  }

  let mailbox = Mailbox<Request>()

  // Only the thread that runs `run` touches what follows.
  private let lineage: Lineage
  private let world: WorldNumber
  private let journals: [ShardJournal]
  /// Of several roots one shows that the world lives.
  private let beats: Bool
  private let rewriteInterval: TimeSpan
  private let events: EventQueue
  private let backlog: Backlog
  private var heldByteCount = 0
  private var beatCount: UInt64 = 0
  private var requestedCommits: UInt64 = 0
  private var durableCommits: UInt64 = 0
  private var complaints = Complaints { .failed($0) }

  init(
    _ lineage: Lineage, _ world: WorldNumber, _ journals: [ShardJournal], beats: Bool,
    rewriteInterval: TimeSpan, _ events: EventQueue, _ backlog: Backlog
  ) {
    self.rewriteInterval = rewriteInterval
    self.lineage = lineage
    self.world = world
    self.journals = journals
    self.beats = beats
    self.events = events
    self.backlog = backlog
  }

  /// Returns after ``Mailbox/close()`` with one last attempt at all that is left, or when fenced.
  func run() {
    let clock = MonotonicClock()
    var nextBeat = clock.now()
    var isBehind = false
    while true {
      let now = clock.now()
      if now >= nextBeat {
        if beats { beat() }
        nextBeat = now + Limits.beatInterval
      }
      let deadline = isBehind ? min(nextBeat, now + rewriteInterval) : nextBeat
      let (requests, isClosed) = mailbox.receive(until: deadline)
      for request in requests { take(request) }
      if isBehind || !requests.isEmpty {
        switch look() {
        case .taken(let newer):
          events.post(.fenced(by: newer))
          return
        case .gone: isBehind = true
        case .ours: isBehind = !write()
        }
      }
      if isClosed { return }
    }
  }

  private func take(_ request: Request) {
    switch request {
    case .append(let runs, let cut, let commits):
      for (place, runs) in runs {
        heldByteCount += runs.byteCount
        journals[place].append(runs)
      }
      if let cut {
        for journal in journals { journal.cut(at: cut) }
      }
      requestedCommits = commits
    case .giveUp:
      for journal in journals { journal.giveUp() }
      requestedCommits = durableCommits
      release()
    case .begin(let position, let commits):
      for journal in journals { journal.begin(at: position) }
      requestedCommits = commits
    case .snapshotIsDurable(let position):
      for journal in journals { journal.snapshotIsDurable(at: position) }
    }
  }

  /// False if something could not be written. One shard's trouble holds up no other's.
  private func write() -> Bool {
    var trouble: CheckpointError?
    var isWaiting = false
    for journal in journals {
      do throws(CheckpointError) {
        if try !journal.work() { isWaiting = true }
      } catch {
        trouble = trouble ?? error
      }
    }
    if let trouble {
      complaints.tell(trouble, to: events)
      return false
    }
    guard !isWaiting else { return true }
    complaints.forget()
    release()
    if requestedCommits > durableCommits {
      durableCommits = requestedCommits
      events.post(.committed(commits: durableCommits))
    }
    return true
  }

  private func release() {
    backlog.subtract(heldByteCount)
    heldByteCount = 0
  }

  private enum Directory {
    case ours
    case taken(WorldNumber)
    /// Moved or removed: what is written there counts for nothing.
    case gone
  }

  private func look() -> Directory {
    do throws(CheckpointError) {
      return try lineage.newerWorld(than: world).map { .taken($0) } ?? .ours
    } catch {
      complaints.tell(error, to: events)
      return error.code == .system(ENOENT) ? .gone : .ours
    }
  }

  /// Counts on in the beat file. A beat that cannot be written is no reason to stop: at worst the
  /// world is fenced, which it notices.
  private func beat() {
    beatCount += 1
    do throws(CheckpointError) {
      let file = try lineage.files.openForWriting(lineage.beatPath(world))
      try lineage.files.write(Array("\(padded(beatCount, 20))\n".utf8), to: file, at: 0)
    } catch {
      complaints.tell(error, to: events)
    }
  }
}

extension [[UInt8]] {
  /// Bytes of all runs.
  var byteCount: Int { reduce(0) { $0 + $1.count } }
}
