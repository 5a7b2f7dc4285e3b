package import AdaptiveCore
package import NodeRuntime

/// Makes a status's bytes of what the root saw at a moment; lives on the writer's thread.
package protocol StatusRendering: Sendable {
  associatedtype Moment: Sendable

  mutating func bytes(_ moment: Moment) -> [UInt8]
}

/// Writes a world's ``StatusFile`` on a thread of its own, so that the root waits for no disk. Of
/// moments that come faster than the disk takes them only the latest is written.
package final class StatusWriter<Rendering: StatusRendering> {
  private let moments = Mailbox<Rendering.Moment>()
  /// Closed when the thread has nothing more to do.
  private let ended = Mailbox<Never>()
  private var thread: OwnedThread?

  init(_ lineage: Lineage, _ world: WorldNumber, _ rendering: Rendering) throws(ThreadError) {
    let (moments, ended) = (moments, ended)
    thread = try OwnedThread {
      Self.run(moments, rendering, lineage, world)
      ended.close()
    }
  }

  deinit { moments.close() }

  /// Has this moment written next. Returns at once.
  package func write(_ moment: Rendering.Moment) { moments.replaceAll(with: moment) }

  /// Ends the thread after the last moment is written. A disk that does not answer within `limit`
  /// holds nobody up: the thread then ends with the process.
  package func close(within limit: TimeSpan) {
    moments.close()
    let isEnded = ended.receive(until: MonotonicClock().now() + limit).isClosed
    guard let thread = thread.take(), isEnded else { return }
    thread.join()
  }

  private static func run(
    _ moments: Mailbox<Rendering.Moment>, _ rendering: Rendering, _ lineage: Lineage,
    _ world: WorldNumber
  ) {
    var rendering = rendering
    let clock = MonotonicClock()
    let file = StatusFile(lineage.files, directory: lineage.directory)
    while true {
      let (received, isClosed) = moments.receive(until: clock.now() + Limits.statusPause)
      if let moment = received.last {
        do throws(CheckpointError) {
          // A newer world writes its own.
          guard try lineage.newerWorld(than: world) == nil else { return }
          try file.replace(with: rendering.bytes(moment))
        } catch {
          // The next moment is written again, and readers see how old the last one is. What is
          // wrong with the disk is said by those who must write to it.
        }
      }
      if isClosed { return }
    }
  }
}

extension WorldClaim {
  /// Begins to write this world's status.
  package func openStatus<Rendering: StatusRendering>(
    _ rendering: Rendering
  ) throws(ThreadError) -> StatusWriter<Rendering> {
    try StatusWriter(lineage, record.world, rendering)
  }
}
