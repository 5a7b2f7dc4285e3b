package import AdaptiveCore

/// Whether the world that last took a directory still lives.
package enum Holder: Sendable, Equatable {
  /// It ended, or its process did; why we think so.
  case dead(String)
  case living(String)
  /// It cannot be seen from here: only its beat can tell.
  case unseen
}

/// What a world knows about itself when it asks for a directory.
package struct Claimant: Sendable {
  package var process: HostIdentity
  package var job: String?
  /// The world that the job's script ran before this one and has seen end.
  package var previousWorld: WorldNumber?

  package init(process: HostIdentity, job: String?, previousWorld: WorldNumber?) {
    self.process = process
    self.job = job
    self.previousWorld = previousWorld
  }

  /// Judges a holder by what can be known at once.
  package func judge(_ holder: WorldRecord, end: String?) -> Holder {
    if end != nil { return .dead("it wrote down its end") }
    if holder.process.sharesProcesses(with: process) {
      return holder.process.isRunning
        ? .living("its process runs") : .dead("its process is gone from this host")
    }
    if let job, holder.job == job, previousWorld == holder.world {
      return .dead("this job's script has seen it end")
    }
    return .unseen
  }
}

extension Lineage {
  /// Watches the beat of a world that cannot be seen: dead if it stays the same for three intervals
  /// by our own clock.
  ///
  /// - Parameter pause: waits for a time; tests do not.
  package func watchBeat(
    of world: WorldNumber, pause: (TimeSpan) -> Void
  ) throws(CheckpointError) -> Holder {
    let path = beatPath(world)
    func beat() throws(CheckpointError) -> [UInt8] {
      guard try files.exists(path) else { return [] }
      return try files.beginning(path, byteCountMax: 64)
    }
    let first = try beat()
    for _ in 0..<Limits.beatsMissedMax {
      pause(Limits.beatInterval)
      if try beat() != first { return .living("its beat goes on") }
    }
    return .dead("no beat for \(Limits.beatsMissedMax) intervals")
  }
}
