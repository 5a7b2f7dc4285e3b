package import AdaptiveCore
import Delegation
package import NodeRuntime

/// The line that rank 0 prints every few seconds. Always plain text: under mpirun rank 0 often has
/// a terminal of mpirun's making, whatever the output really goes to.
///
/// ```
///       5s      1 204 points    +241/s   loss 0.0123    leaves  97 %   saved  0.4 s ago
/// ```
package struct ProgressLine {
  private var isFirst = true
  private var shownAt: Instant
  private var toldCount = 0
  private var busySeconds = 0.0
  private let startedAt: Instant

  package init(at now: Instant) {
    shownAt = now
    startedAt = now
  }

  package func isDue(at now: Instant) -> Bool {
    let isLate = now - startedAt >= Limits.progressIsLater
    let interval = isLate ? Limits.progressIntervalLater : Limits.progressInterval
    return now - shownAt >= (isFirst ? Limits.progressFirst : interval)
  }

  /// The line for what happened since the last one.
  package mutating func line(_ progress: RootProgress, at now: Instant) -> String {
    let seconds = max((now - shownAt).seconds, 1e-9)
    let rate = Double(progress.counts.told - toldCount) / seconds
    let leafSeconds = Double(progress.leaves.leafCount) * seconds
    let busy = (progress.leaves.busySeconds - busySeconds) / leafSeconds
    isFirst = false
    shownAt = now
    toldCount = progress.counts.told
    busySeconds = progress.leaves.busySeconds
    let points = progress.learners.reduce(0) { $0 + $1.pointCount }
    let loss = progress.learners.map(\.loss).max() ?? .infinity
    let failed = progress.learners.reduce(0) { $0 + $1.failedCount }
    let columns = [
      Numbers.padded(progress.elapsed.text, to: 8),
      Numbers.padded(Numbers.grouped(points), to: 11) + " points",
      Numbers.padded("+\(Numbers.rate(rate))/s", to: 10),
      "loss " + Numbers.padded(Numbers.loss(loss), to: 8, isRight: false),
      "leaves " + Numbers.padded(Numbers.percent(busy), to: 5),
      progress.storeTrouble.map { "NOT SAVED: \($0)" }
        ?? "saved " + Numbers.padded(Numbers.fixed(progress.commitAge.seconds, decimals: 1), to: 4)
        + " s ago",
    ]
    let line = (columns + (progress.snapshotTrouble.map { ["NO SNAPSHOT: \($0)"] } ?? []))
      .joined(separator: "  ")
    return failed > 0 ? line + "  \(Numbers.grouped(failed)) given up" : line
  }
}
