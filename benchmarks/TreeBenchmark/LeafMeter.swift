import AdaptiveCore
import Learners
import NodeRuntime
import Simulation

/// Wraps a leaf's evaluator and notes how long it computes and how long it waits in between.
///
/// Points of one batch follow each other at once, so the gaps within a batch count as none.
struct MeteredEvaluator<Base: Evaluator>: Evaluator {
  private var base: Base
  private let meter: LeafMeter
  private let clock = MonotonicClock()

  init(_ base: Base, _ meter: LeafMeter) {
    self.base = base
    self.meter = meter
  }

  mutating func setUp(_ learners: [LearnerDefinition]) throws(EvaluatorError) {
    try base.setUp(learners)
  }

  mutating func evaluate(_ batch: inout EvaluationBatch) {
    meter.begin(count: batch.count, at: clock.now())
    base.evaluate(&batch)
    meter.end(at: clock.now())
  }

  mutating func tearDown() { base.tearDown() }
}

/// What one leaf did. Evaluator calls follow one another, and others read after the last of them.
final class LeafMeter: @unchecked Sendable {
  private var first: Instant?
  private var started = Instant.origin
  private var last = Instant.origin
  private(set) var busySeconds = 0.0
  private(set) var gaps = GapHistogram()

  func begin(count: Int, at now: Instant) {
    if first == nil {
      first = now
    } else {
      gaps.add(now - last)
    }
    gaps.addNone(count - 1)
    started = now
  }

  func end(at now: Instant) {
    busySeconds += (now - started).seconds
    last = now
  }

  /// From the first point's start to the last one's end.
  var spanSeconds: Double { first.map { (last - $0).seconds } ?? 0 }
}
