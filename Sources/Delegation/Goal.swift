package import AdaptiveCore

/// When a learner has been sampled enough.
package indirect enum Goal: Sendable, Equatable {
  /// The loss of the known points is at or below this.
  case loss(Double)
  /// At least this many points are known.
  case npoints(Int)
  /// The campaign has run this long, all its worlds together.
  case time(TimeSpan)
  /// Leaves have spent this many hours in the function for the learner's values, all worlds
  /// together.
  case coreHours(Double)
  case any([Goal])
  case all([Goal])

  /// What a goal is measured by.
  package struct Progress: Sendable, Equatable {
    package var pointCount: Int
    package var loss: Double
    package var elapsed: TimeSpan
    /// Seconds that the evaluations took that gave the known values.
    package var evaluationSeconds: Double

    package init(
      pointCount: Int, loss: Double, elapsed: TimeSpan, evaluationSeconds: Double = 0
    ) {
      self.pointCount = pointCount
      self.loss = loss
      self.elapsed = elapsed
      self.evaluationSeconds = evaluationSeconds
    }

    var coreHours: Double { evaluationSeconds / 3600 }
  }

  package func isReached(by progress: Progress) -> Bool {
    switch self {
    case .loss(let limit): progress.loss <= limit
    case .npoints(let count): progress.pointCount >= count
    case .time(let span): progress.elapsed >= span
    case .coreHours(let hours): progress.coreHours >= hours
    case .any(let goals): goals.contains { $0.isReached(by: progress) }
    case .all(let goals): goals.allSatisfy { $0.isReached(by: progress) }
    }
  }

  /// How much of the goal is reached, from 0 to 1, and 1 exactly where it is reached: known points
  /// of those wanted, the wanted loss by the present one, time run of the time to run, core-hours
  /// spent of those to spend. Of several
  /// goals the nearest counts where any will do, and the furthest where all must be reached.
  package func share(reachedBy progress: Progress) -> Double {
    guard !isReached(by: progress) else { return 1 }
    let share =
      switch self {
      case .loss(let limit): limit / progress.loss
      case .npoints(let count): Double(progress.pointCount) / Double(count)
      case .time(let span): Double(progress.elapsed.nanoseconds) / Double(span.nanoseconds)
      case .coreHours(let hours): progress.coreHours / hours
      case .any(let goals): goals.map { $0.share(reachedBy: progress) }.max() ?? 0
      case .all(let goals): goals.map { $0.share(reachedBy: progress) }.min() ?? 0
      }
    // Not a number where the loss is none.
    return share > 0 ? min(share, 1.nextDown) : 0
  }

  /// Points past which no more are needed, whatever the loss: asking stops there, so that a goal of
  /// 1000 points ends at 1000. Nil where more points could be needed.
  package var pointCountMax: Int? {
    switch self {
    case .npoints(let count): count
    case .loss, .time, .coreHours: nil
    case .any(let goals): goals.compactMap(\.pointCountMax).min()
    case .all(let goals):
      goals.allSatisfy { $0.pointCountMax != nil } ? goals.compactMap(\.pointCountMax).max() : nil
    }
  }

  /// True if time alone, without another result, can reach the goal.
  package var dependsOnTime: Bool {
    switch self {
    case .time: true
    case .loss, .npoints, .coreHours: false
    case .any(let goals), .all(let goals): goals.contains { $0.dependsOnTime }
    }
  }
}
