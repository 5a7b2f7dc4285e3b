import AdaptiveCore
import NodeRuntime

/// The journals' thread: writes and syncs what the root hands over, shows that the world lives, and
/// stops when a newer one has taken the directory.
final class JournalLoop: @unchecked Sendable {
  struct Request: Sendable {
    /// What each shard's journal gets.
    var runs: [(shard: Int, runs: [[UInt8]])]

    /// Where all journals are cut after that; nil if they are not.
    var cut: Position?

    /// Commits that are complete with this request.
    var commits: UInt64
  }

  let mailbox = Mailbox<Request>()

  // Only the thread that runs `run` touches what follows.
  private let lineage: Lineage
  private let world: WorldNumber
  private let journals: [ShardJournal]
  private let rewriteInterval: TimeSpan
  private let events: EventQueue
  private var beats: UInt64 = 0
  private var requestedCommits: UInt64 = 0
  private var durableCommits: UInt64 = 0
  private var complaints = Complaints()

  init(
    _ lineage: Lineage, _ world: WorldNumber, _ journals: [ShardJournal],
    rewriteInterval: TimeSpan, _ events: EventQueue
  ) {
    self.rewriteInterval = rewriteInterval
    self.lineage = lineage
    self.world = world
    self.journals = journals
    self.events = events
  }

  /// Returns after ``Mailbox/close()`` with one last attempt at all that is left, or when fenced.
  func run() {
    let clock = MonotonicClock()
    var nextBeat = clock.now()
    var isBehind = false
    while true {
      let now = clock.now()
      if now >= nextBeat {
        beat()
        nextBeat = now + Limits.beatInterval
      }
      let deadline = isBehind ? min(nextBeat, now + rewriteInterval) : nextBeat
      let (requests, isClosed) = mailbox.receive(until: deadline)
      for request in requests { take(request) }
      if isBehind || !requests.isEmpty {
        if let newer = newerWorld() {
          events.post(.fenced(by: newer))
          return
        }
        isBehind = !write()
      }
      if isClosed { return }
    }
  }

  private func take(_ request: Request) {
    for (shard, runs) in request.runs { journals[shard].append(runs) }
    if let cut = request.cut {
      for journal in journals { journal.cut(at: cut) }
    }
    requestedCommits = request.commits
  }

  /// False if something could not be written.
  private func write() -> Bool {
    do throws(CheckpointError) {
      for journal in journals { try journal.work() }
    } catch {
      complaints.tell(error, to: events)
      return false
    }
    complaints.forget()
    if requestedCommits > durableCommits {
      durableCommits = requestedCommits
      events.post(.committed(commits: durableCommits))
    }
    return true
  }

  private func newerWorld() -> WorldNumber? {
    do throws(CheckpointError) {
      return try lineage.newerWorld(than: world)
    } catch {
      complaints.tell(error, to: events)
      return nil
    }
  }

  /// Counts on in the beat file. A beat that cannot be written is no reason to stop: at worst the
  /// world is fenced, which it notices.
  private func beat() {
    beats += 1
    do throws(CheckpointError) {
      let file = try lineage.files.openForWriting(lineage.beatPath(world))
      try lineage.files.write(Array("\(padded(beats, 20))\n".utf8), to: file, at: 0)
    } catch {
      complaints.tell(error, to: events)
    }
  }
}
