package import AdaptiveCore

/// What a simulated world did until a moment.
package struct WorldMark: Sendable, Equatable {
  package var at = Instant.origin
  /// Seconds that all leaves together have spent in the user's function.
  package var busySeconds = 0.0
  /// Seconds of its core that the root has spent, and all sub-masters together.
  package var rootSeconds = 0.0
  package var submasterSeconds = 0.0
  package var toldCount = 0
  /// Points that are asked and not told, times the seconds they were.
  package var pendingSeconds = 0.0
}

/// Counts what happens in a simulated world, in constant time and memory.
///
/// The steady state is from when every leaf has begun a first point to when the root asks its
/// learners for the last time: neither the start nor the tail, in which leaves find nothing left to
/// do, are in it.
package final class WorldMeter {
  private let leafCount: Int
  private var startedCount = 0

  private var evaluatingCount = 0
  private var endedSeconds = 0.0
  private var beginnings = 0.0

  private var mark = WorldMark()
  package private(set) var pendingCount = 0

  /// The most points that were asked and not told at once, since the last look.
  package private(set) var pendingMax = 0
  /// The most frames that waited for the root, or for one sub-master, at once.
  package private(set) var rootQueueMax = 0
  package private(set) var submasterQueueMax = 0

  /// When every leaf had begun a first point.
  package private(set) var full: WorldMark?
  /// When a learner was asked last.
  package private(set) var lastAsked: WorldMark?
  package private(set) var firstToldAt: Instant?

  /// Between two evaluations at a leaf, once every leaf had begun a first point.
  package private(set) var gaps = GapHistogram()

  /// Points evaluated to their end, failures included.
  package private(set) var evaluatedCount = 0
  /// Messages that were received by the root.
  package private(set) var rootMessageCount = 0

  init(leafCount: Int) { self.leafCount = leafCount }

  /// All that happened until now.
  package func marked(at now: Instant) -> WorldMark {
    var mark = mark
    mark.pendingSeconds += Double(pendingCount) * (now - mark.at).seconds
    mark.at = now
    mark.busySeconds =
      endedSeconds + Double(evaluatingCount) * (now - .origin).seconds - beginnings
    return mark
  }
}

// MARK: - Leaves

extension WorldMeter {
  /// - Parameter last: when the leaf's evaluation before ended; nil for its first.
  func evaluationBegan(at now: Instant, after last: Instant?) {
    evaluatingCount += 1
    beginnings += (now - .origin).seconds
    if let last {
      if full != nil { gaps.add(now - last) }
      return
    }
    startedCount += 1
    if startedCount == leafCount { full = marked(at: now) }
  }

  func evaluationEnded(from begun: Instant, to end: Instant, count: Int) {
    evaluatingCount -= 1
    beginnings -= (begun - .origin).seconds
    endedSeconds += (end - begun).seconds
    evaluatedCount += count
  }
}

// MARK: - Root and sub-masters

extension WorldMeter {
  func asked(at now: Instant) {
    changePending(by: 1, at: now)
    pendingMax = max(pendingMax, pendingCount)
    lastAsked = marked(at: now)
  }

  func told(at now: Instant) {
    changePending(by: -1, at: now)
    mark.toldCount += 1
    if firstToldAt == nil { firstToldAt = now }
  }

  func gaveUp(at now: Instant) { changePending(by: -1, at: now) }

  /// Points of the world before are asked again.
  func resumed(_ count: Int) { pendingCount += count }

  private func changePending(by change: Int, at now: Instant) {
    mark.pendingSeconds += Double(pendingCount) * (now - mark.at).seconds
    mark.at = now
    pendingCount += change
  }

  func spentByRoot(_ span: TimeSpan) { mark.rootSeconds += span.seconds }

  func spentBySubmaster(_ span: TimeSpan) { mark.submasterSeconds += span.seconds }

  func waitsForRoot(_ count: Int) {
    rootMessageCount += 1
    rootQueueMax = max(rootQueueMax, count)
  }

  func waitsForSubmaster(_ count: Int) { submasterQueueMax = max(submasterQueueMax, count) }
}
