import AdaptiveCore
package import NodeRuntime

/// What all leaves of a simulated world have in common.
final class SimulatedLeaves {
  let function: SimulatedFunction
  let faults: FaultPlan
  let valueCounts: [Int]
  let threadDelay: TimeSpan
  let seed: UInt64
  let clock: SimulatedClock
  let events: EventQueue
  let meter: WorldMeter
  let checker: ClusterChecker?

  init(
    _ function: SimulatedFunction, faults: FaultPlan, valueCounts: [Int], threadDelay: Double,
    seed: UInt64, clock: SimulatedClock, events: EventQueue, meter: WorldMeter,
    checker: ClusterChecker?
  ) {
    self.function = function
    self.faults = faults
    self.valueCounts = valueCounts
    self.threadDelay = TimeSpan(seconds: threadDelay)
    self.seed = seed
    self.clock = clock
    self.events = events
    self.meter = meter
    self.checker = checker
  }
}

/// Evaluates batches in virtual time. A batch of short points keeps its rank from doing anything
/// else, as it does where the function runs on the rank's only thread.
package struct SimulatedEvaluation: EvaluationService {
  private let leaves: SimulatedLeaves
  private let rank: Rank
  private let slowness: Double
  private var random: RandomSource
  private var running: EvaluationBatch?
  private var following: (batch: EvaluationBatch, since: Instant)?
  private var begun = Instant.origin
  private var end = Instant.origin
  private var hasBegun = false
  /// Seconds of the longest point of late, by which a leaf chooses the thread: long until some were
  /// short.
  private var longest = 5 * Limits.inlineEvaluation.seconds

  /// The function never returned, and was given up.
  private var hangsUntilTheEnd = false

  init(_ leaves: SimulatedLeaves, rank: Rank) {
    self.leaves = leaves
    self.rank = rank
    slowness = leaves.faults.slowness(of: rank, seed: leaves.seed)
    random = leaves.function.random(seed: leaves.seed, leaf: rank)
  }

  package mutating func start(_ batch: consuming EvaluationBatch) {
    if running == nil { return begin(batch, at: leaves.clock.instant) }
    precondition(following == nil, "a leaf started a third batch while one was being evaluated")
    following = (batch, leaves.clock.instant)
  }

  /// - Parameter follows: the thread goes on with it, and is not woken for it.
  private mutating func begin(
    _ batch: EvaluationBatch, at instant: Instant, follows: Bool = false
  ) {
    var batch = batch
    let seconds = fill(&batch) * slowness
    batch.secondsPerPoint = seconds / Double(batch.count)
    begun = instant
    let span = TimeSpan(seconds: seconds)
    let isInline = !follows && longest * Double(batch.count) < Limits.inlineEvaluation.seconds
    longest = max(batch.secondsPerPoint, 0.9 * longest)
    if !isInline, !follows { begun = begun + leaves.threadDelay }
    leaves.meter.evaluationBegan(at: begun, after: hasBegun ? end : nil)
    hasBegun = true
    if leaves.faults.hangShare > 0, random.nextUnit() < leaves.faults.hangShare {
      hang(batch)
      return
    }
    end = begun + span
    if isInline {
      leaves.events.occupy(rank, until: end)
      leaves.events.notify(rank, at: end)
    } else {
      leaves.events.setComputing(rank)
      leaves.events.notify(rank, at: end + leaves.threadDelay)
    }
    running = batch
  }

  /// Fills in values and failures, and returns the seconds that all points take together.
  private mutating func fill(_ batch: inout EvaluationBatch) -> Double {
    let function = leaves.function
    let valueCount = leaves.valueCounts[batch.learner.position]
    let points = batch.points
    let dimension = points.count / batch.count
    batch.values.reserveCapacity(batch.count * valueCount)
    var seconds = 0.0
    for index in 0..<batch.count {
      let x = points[index * dimension]
      leaves.checker?.evaluationStarted(batch.learner, at: x)
      seconds += function.cost.seconds(at: x, &random)
      if let value = function.value {
        let start = index * dimension
        value(
          batch.learner, points.span.extracting(start..<start + dimension), &batch.values)
      } else {
        for component in 0..<valueCount {
          batch.values.append(SimulatedFunction.value(batch.learner, at: x, component: component))
        }
      }
      if function.failureShare > 0, random.nextUnit() < function.failureShare {
        batch.failures.append(
          .init(index: index, failure: Failure(.raised, "no convergence at ξ = \(x)")))
      }
    }
    return seconds
  }

  /// The first point of the batch never returns; the others are not reached.
  private mutating func hang(_ batch: EvaluationBatch) {
    precondition(!hangsUntilTheEnd, "a leaf whose function hangs was given a point")
    hangsUntilTheEnd = true
    var batch = batch
    batch.isAbandoned = true
    batch.failures = (0..<batch.count).map { index in
      let failure =
        index == 0 ? Failure(.timedOut, "no answer in time") : Failure(.lost, "not reached")
      return EvaluationBatch.PointFailure(index: index, failure: failure)
    }
    running = batch
    end = leaves.faults.hangTimeout.map { begun + $0 } ?? Instant(nanoseconds: .max)
    if leaves.faults.hangTimeout != nil { leaves.events.notify(rank, at: end) }
  }

  package mutating func poll() -> EvaluationBatch? {
    guard running != nil, leaves.clock.instant >= end else { return nil }
    guard var batch = running.take() else { return nil }
    batch.ended = end
    leaves.meter.evaluationEnded(from: begun, to: end, count: batch.count)
    if let checker = leaves.checker {
      var nextFailure = 0
      for index in 0..<batch.count {
        if nextFailure < batch.failures.count, batch.failures[nextFailure].index == index {
          nextFailure += 1
        } else {
          checker.evaluationSucceeded(batch.learner, at: batch.points[index], by: rank)
        }
      }
    }
    if let next = following.take(), !batch.isAbandoned {
      begin(next.batch, at: max(end, next.since), follows: next.since <= end)
    }
    return batch
  }
}
