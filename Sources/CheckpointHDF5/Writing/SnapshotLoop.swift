import AdaptiveCore
import NodeRuntime

/// The snapshots' thread: writes whole generations, one at a time, and removes those that are no
/// longer needed.
final class SnapshotLoop: @unchecked Sendable {
  let mailbox = Mailbox<[ShardSnapshot]>()

  // Only the thread that runs `run` touches what follows.
  private let lineage: Lineage
  private let world: WorldNumber
  private let rewriteInterval: TimeSpan
  private let events: EventQueue
  private var complaints = Complaints { .snapshotFailed($0) }

  /// For each shard the newest snapshot known to be whole.
  private var newestWhole: [Position?]

  init(
    _ lineage: Lineage, _ world: WorldNumber, newestWhole: [Position?],
    rewriteInterval: TimeSpan, _ events: EventQueue
  ) {
    self.rewriteInterval = rewriteInterval
    self.lineage = lineage
    self.world = world
    self.newestWhole = newestWhole
    self.events = events
  }

  /// Returns after ``Mailbox/close()``, or when fenced.
  func run() {
    let clock = MonotonicClock()
    var waiting: [ShardSnapshot] = []
    var pause = rewriteInterval
    while true {
      let (generations, isClosed) = mailbox.receive(until: clock.now() + pause)
      if let newest = generations.last { waiting = newest }
      pause = rewriteInterval
      if !waiting.isEmpty {
        let began = clock.now()
        do throws(CheckpointError) {
          while let snapshot = waiting.first {
            if let newer = try lineage.newerWorld(than: world) {
              events.post(.fenced(by: newer))
              return
            }
            try write(snapshot)
            waiting.removeFirst()
          }
          complaints.forget()
          events.post(.snapshotDurable(cost: clock.now() - began))
        } catch {
          complaints.tell(error, to: events)
          let spent = (clock.now() - began).nanoseconds
          pause = max(
            rewriteInterval, TimeSpan(nanoseconds: Limits.snapshotRewritePause * spent))
        }
      }
      if isClosed { return }
    }
  }

  private func write(_ snapshot: ShardSnapshot) throws(CheckpointError) {
    let folder = "\(lineage.directory)/\(ShardMap.folderName(snapshot.shard))"
    try SnapshotFile(lineage.files, folder: folder, position: snapshot.position).write(snapshot)
    let before = newestWhole[snapshot.shard]
    newestWhole[snapshot.shard] = snapshot.position
    if let before { removeFiles(in: folder, before: before) }
  }

  /// Two whole snapshots stay, with every journal from the older one on. What cannot be removed is
  /// only said: it does no harm.
  private func removeFiles(in folder: String, before oldest: Position) {
    do throws(CheckpointError) {
      for name in try lineage.files.names(in: folder) where !SetAside.isMarked(name) {
        guard let position = Position(fileName: name), position < oldest else { continue }
        try lineage.files.remove("\(folder)/\(name)")
      }
    } catch {
      complaints.tell(error, to: events)
    }
  }
}
