import AdaptiveCore
import Delegation
import NodeRuntime

/// What happened a second lately: since a mark that is half a minute to a minute old, or as old as
/// the world. Shorter would only show chance where points take seconds.
struct RecentRates {
  private struct Mark {
    var at: Instant
    var told: Int
    var busyAt: Instant
    var busySeconds: Double
    /// Of each learner.
    var points: [Int]

    init(_ progress: RootProgress, at now: Instant) {
      at = now
      told = progress.counts.told
      busyAt = now
      busySeconds = progress.leaves.busySeconds
      points = progress.learners.map(\.pointCount)
    }
  }

  private var older: Mark
  private var newer: Mark
  private let now: Mark
  private let leafCount: Int64

  /// At a world's first moment.
  init(_ progress: RootProgress, at now: Instant) {
    let mark = Mark(progress, at: now)
    older = mark
    newer = mark
    self.now = mark
    leafCount = progress.leaves.leafCount
  }

  /// At a later moment.
  init(_ progress: RootProgress, at now: Instant, after before: RecentRates) {
    let mark = Mark(progress, at: now)
    (older, newer) = (before.older, before.newer)
    if before.leafCount == 0 {
      // The leaves have only now told how they are: what they did before is not known in time.
      (older.busyAt, older.busySeconds) = (mark.busyAt, mark.busySeconds)
      (newer.busyAt, newer.busySeconds) = (mark.busyAt, mark.busySeconds)
    }
    if now - newer.at >= Limits.statusRateWindow {
      older = newer
      newer = mark
    }
    self.now = mark
    leafCount = progress.leaves.leafCount
  }

  /// nil at the first moment of a world.
  private var seconds: Double? {
    let seconds = (now.at - older.at).seconds
    return seconds > 0 ? seconds : nil
  }

  var pointsPerSecond: Double? { seconds.map { Double(now.told - older.told) / $0 } }

  /// Of all leaves together, from 0 to 1.
  var busyShare: Double? {
    let seconds = (now.at - older.busyAt).seconds
    guard seconds > 0, leafCount > 0 else { return nil }
    let share = (now.busySeconds - older.busySeconds) / (seconds * Double(leafCount))
    return min(max(share, 0), 1)
  }

  func pointsPerSecond(ofLearner position: Int) -> Double? {
    seconds.map { Double(now.points[position] - older.points[position]) / $0 }
  }
}
