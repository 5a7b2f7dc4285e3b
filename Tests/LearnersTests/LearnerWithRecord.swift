import AdaptiveCore
import _TestSupport

@testable import Learners

/// A learner and, beside it, what a checkpoint would hold of it.
struct LearnerWithRecord<Sampler: Learner> {
  var learner: Sampler
  private(set) var pending: [[Double]] = []
  private(set) var told: [([Double], [Double])] = []
  private var failed: [[Double]] = []

  init(_ learner: Sampler) { self.learner = learner }

  mutating func ask(_ count: Int) { pending += learner.proposals(count).points }

  /// Tells the value of any pending point, or that it failed, as one in `failures` does.
  mutating func answer(
    _ generator: inout SeededGenerator, _ function: ([Double]) -> [Double], failures: Int = 12
  ) {
    let point = pending.remove(at: Int.random(in: pending.indices, using: &generator))
    if failures > 0, Int.random(in: 0..<failures, using: &generator) == 0 {
      learner.tellFailed(point.span)
      failed.append(point)
    } else {
      learner.tell(point, function(point))
      told.append((point, function(point)))
    }
  }

  var record: LearnerRecord {
    var results = ResultLog(dimension: learner.dimension, valueCount: learner.valueCount)
    for (point, value) in told {
      results.append(point: point.span, value: value.span, seconds: 0, leaf: Rank(0))
    }
    var failures = PointBuffer(dimension: learner.dimension)
    for point in failed { failures.append(point.span) }
    return LearnerRecord(
      results: results, failed: failures, pending: learner.pendingPoints(),
      snapshot: learner.snapshot())
  }
}
