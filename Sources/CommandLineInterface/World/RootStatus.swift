import AdaptiveCore
import CheckpointHDF5
import NodeRuntime

/// When a root gathers its status for the writer, and the status of its end.
struct RootStatus {
  private let writer: StatusWriter<WorldStatus>?
  private var dueAt: Instant

  /// Due at once: who looks on sees that the world has begun.
  init(_ writer: StatusWriter<WorldStatus>?, at now: Instant) {
    self.writer = writer
    dueAt = now
  }

  func isDue(at now: Instant) -> Bool { writer != nil && now >= dueAt }

  /// - Parameter cost: what gathering took.
  mutating func write(_ progress: RootProgress, cost: TimeSpan, at now: Instant) {
    let interval = Self.interval(cost: cost)
    dueAt = now + interval
    writer?.write(moment(progress, interval, at: now, end: nil))
  }

  /// Writes how the world ended, and waits for that a little.
  func conclude(_ progress: RootProgress, _ end: StatusDocument.End, at now: Instant) {
    writer?.write(moment(progress, Limits.statusInterval, at: now, end: end))
    writer?.close(within: Limits.statusEndMax)
  }

  static func interval(cost: TimeSpan) -> TimeSpan {
    let affordable = TimeSpan(seconds: cost.seconds / Limits.statusCostShare)
    return min(max(Limits.statusInterval, affordable), Limits.statusIntervalMax)
  }

  private func moment(
    _ progress: RootProgress, _ interval: TimeSpan, at now: Instant, end: StatusDocument.End?
  ) -> WorldStatus.Moment {
    WorldStatus.Moment(
      progress: progress, at: now, epochSeconds: WallClock.exactEpochSeconds, interval: interval,
      end: end)
  }
}
