import AdaptiveCore
package import Delegation
import NodeRuntime

/// What a simulated world came to: simulated, by the costs of a cluster that have a name.
package struct SimulationResult: Sendable {
  package var costsName: String
  package var rankCount: Int
  package var leafCount: Int
  package var submasterCount: Int
  package var rootCount: Int
  package var levels: Int
  package var rootChildCount: Int

  /// Why the world ended; nil if it was cut off.
  package var verdict: Verdict?
  /// From the start of the first rank to the end.
  package var seconds: Double
  package var pointCount: Int
  /// The largest of all learners, of what was known at the end.
  package var loss: Double

  /// The steady state: from when every leaf had begun a first point to the last point asked. Nil
  /// if there was none, for too few points were asked.
  package var steady: Steady?
  /// From the start to when every leaf had begun a point; nil if that never was.
  package var startSeconds: Double?
  /// From the last point asked to the end.
  package var tailSeconds: Double
  /// Share of the leaves' time that was spent in the function, start and tail included.
  package var busyShareOverall: Double

  /// Frames that waited for the root, and for one sub-master, at most.
  package var rootQueueMax: Int
  package var submasterQueueMax: Int
  /// Points asked and not told, at most.
  package var pendingMax: Int
  package var eventCount: Int

  package struct Steady: Sendable {
    package var seconds: Double
    /// Share of the leaves' time that was spent in the function.
    package var busyShare: Double
    /// Share of its core's time that the root needed, or a root on average, and a sub-master on
    /// average.
    package var rootLoad: Double
    package var submasterLoad: Double
    /// Of the busiest sub-master, at most: what it did in the tail is in it.
    package var submasterLoadMax: Double
    package var pointsPerSecond: Double
    /// Points asked and not told, on average.
    package var pendingMean: Double
    /// Seconds that a leaf waits from one point to the next, on average.
    package var gapSeconds: Double
    /// Of the spans between two evaluations at a leaf: half are shorter, and 99 of 100.
    package var gapMedian: Double?
    package var gap99: Double?
  }
}

extension SimulationResult {
  init(_ cluster: SimulatedCluster, costsName: String, ranks: RankTable, topology: Topology) {
    let meter = cluster.meter
    let progress = cluster.progress
    let end = meter.marked(at: cluster.clock.instant)
    self.costsName = costsName
    rankCount = ranks.count
    leafCount = ranks.leafCount
    submasterCount = ranks.submasterCount
    rootCount = ranks.rootCount
    levels = topology.levels
    rootChildCount = topology.isSingle ? 0 : topology.children(of: Rank(0)).count
    verdict = cluster.verdict
    seconds = (end.at - .origin).seconds
    pointCount = end.toldCount
    loss = progress?.learners.map(\.loss).max() ?? .infinity
    startSeconds = meter.full.map { ($0.at - .origin).seconds }
    let lastAsked = meter.lastAsked ?? end
    // A world that is cut off has no tail: its root was asking.
    let last = cluster.verdict == nil ? end : lastAsked
    tailSeconds = (end.at - last.at).seconds
    busyShareOverall = end.busySeconds / max(Double(ranks.leafCount) * seconds, 1e-9)
    rootQueueMax = meter.rootQueueMax
    submasterQueueMax = meter.submasterQueueMax
    pendingMax = meter.pendingMax
    eventCount = cluster.eventCount
    steady = meter.full.flatMap { full in
      full.at < last.at && full.toldCount < last.toldCount
        ? Steady(from: full, to: last, ranks, meter.gaps) : nil
    }
  }
}

extension SimulationResult.Steady {
  fileprivate init(
    from first: WorldMark, to last: WorldMark, _ ranks: RankTable, _ gaps: GapHistogram
  ) {
    seconds = (last.at - first.at).seconds
    let leafSeconds = seconds * Double(ranks.leafCount)
    let pointCount = Double(last.toldCount - first.toldCount)
    busyShare = (last.busySeconds - first.busySeconds) / leafSeconds
    rootLoad =
      (last.rootSeconds - first.rootSeconds) / (seconds * Double(ranks.rootCount))
    submasterLoad =
      (last.submasterSeconds - first.submasterSeconds)
      / (seconds * Double(max(1, ranks.submasterCount)))
    submasterLoadMax = ranks.busiestSubmasterSeconds / seconds
    pointsPerSecond = pointCount / seconds
    pendingMean = (last.pendingSeconds - first.pendingSeconds) / seconds
    gapSeconds = max(0, 1 - busyShare) * leafSeconds / pointCount
    gapMedian = gaps.quantile(0.5)
    gap99 = gaps.quantile(0.99)
  }
}

// MARK: - What limits

extension SimulationResult {
  /// What keeps leaves from being busier, or points from coming faster.
  package enum Limit: Sendable, Equatable {
    /// Every leaf gets too few points for a steady state.
    case tooFewPoints
    /// The root's core has no time left.
    case root
    /// The sub-masters' cores have no time left.
    case submasters
    /// Leaves wait for messages.
    case waiting
    /// Leaves do nothing but evaluate.
    case function
    /// The end, in which leaves find nothing to do, takes much of the time.
    case tail
  }

  package var limit: Limit {
    guard let steady else { return .tooFewPoints }
    if steady.busyShare < 0.99 || steady.pendingMean > 2 * Double(leafCount) {
      if steady.rootLoad >= 0.9 { return .root }
      if steady.submasterLoadMax >= 0.9 { return .submasters }
    }
    if steady.busyShare < 0.99 { return .waiting }
    return tailSeconds > 0.1 * seconds ? .tail : .function
  }
}
