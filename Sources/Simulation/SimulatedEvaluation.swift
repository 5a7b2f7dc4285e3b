import AdaptiveCore
package import NodeRuntime

/// Evaluates batches in virtual time. A batch of short points keeps its rank from doing anything
/// else, as it does where the function runs on the rank's only thread.
package struct SimulatedEvaluation: EvaluationService {
  private let function: SimulatedFunction
  private let faults: FaultPlan
  private let slowness: Double
  private let valueCounts: [Int]
  private let rank: Rank
  private let clock: SimulatedClock
  private let events: EventQueue
  private let busy: BusyIntegral
  private let checker: ClusterChecker?
  private var random: RandomSource
  private var running: EvaluationBatch?
  private var end = Instant.origin

  /// The function never returned, and was given up.
  private var hangsUntilTheEnd = false

  init(
    _ function: SimulatedFunction, faults: FaultPlan, valueCounts: [Int], rank: Rank, seed: UInt64,
    clock: SimulatedClock, events: EventQueue, busy: BusyIntegral, checker: ClusterChecker?
  ) {
    self.function = function
    self.faults = faults
    slowness = faults.slowness(of: rank, seed: seed)
    self.valueCounts = valueCounts
    self.rank = rank
    self.clock = clock
    self.events = events
    self.busy = busy
    self.checker = checker
    random = function.random(seed: seed, leaf: rank)
  }

  package mutating func start(_ batch: consuming EvaluationBatch) {
    precondition(running == nil, "a leaf started a batch while one was being evaluated")
    var batch = batch
    var seconds = 0.0
    for index in 0..<batch.count {
      checker?.evaluationStarted(batch.learner, at: batch.points[index])
      seconds += random.nextLogNormal(median: function.seconds, sigma: function.sigma)
      for component in 0..<valueCounts[batch.learner.position] {
        batch.values.append(
          SimulatedFunction.value(batch.learner, at: batch.points[index], component: component))
      }
      if random.nextUnit() < function.failureShare {
        let failure = Failure(.raised, "no convergence at ξ = \(batch.points[index])")
        batch.failures.append(.init(index: index, failure: failure))
      }
    }
    seconds *= slowness
    batch.secondsPerPoint = seconds / Double(batch.count)
    if faults.hangShare > 0, random.nextUnit() < faults.hangShare {
      hang(batch)
      return
    }
    let span = TimeSpan(seconds: seconds)
    end = clock.instant + span
    if span < Limits.inlineEvaluation { events.occupy(rank, until: end) }
    events.notify(rank, at: end)
    busy.begin(at: clock.instant)
    running = batch
  }

  /// The first point of the batch never returns; the others are not reached.
  private mutating func hang(_ batch: EvaluationBatch) {
    precondition(!hangsUntilTheEnd, "a leaf whose function hangs was given a point")
    hangsUntilTheEnd = true
    busy.begin(at: clock.instant)
    var batch = batch
    batch.isAbandoned = true
    batch.failures = (0..<batch.count).map { index in
      let failure =
        index == 0 ? Failure(.timedOut, "no answer in time") : Failure(.lost, "not reached")
      return EvaluationBatch.PointFailure(index: index, failure: failure)
    }
    running = batch
    end = faults.hangTimeout.map { clock.instant + $0 } ?? Instant(nanoseconds: .max)
    if faults.hangTimeout != nil { events.notify(rank, at: end) }
  }

  package mutating func poll() -> EvaluationBatch? {
    guard let batch = running, clock.instant >= end else { return nil }
    running = nil
    busy.end(at: end, noticedAt: clock.instant)
    if let checker {
      var nextFailure = 0
      for index in 0..<batch.count {
        if nextFailure < batch.failures.count, batch.failures[nextFailure].index == index {
          nextFailure += 1
        } else {
          checker.evaluationSucceeded(batch.learner, at: batch.points[index], by: rank)
        }
      }
    }
    return batch
  }
}

/// Seconds that all leaves together have spent in the user's function.
package final class BusyIntegral {
  private var runningCount = 0
  private var integratedUntil = Instant.origin
  private var seconds = 0.0

  func begin(at now: Instant) {
    integrate(until: now)
    runningCount += 1
  }

  /// - Parameters:
  ///   - end: when the evaluation was over.
  ///   - now: when its leaf looked.
  func end(at end: Instant, noticedAt now: Instant) {
    integrate(until: now)
    runningCount -= 1
    seconds -= (now - end).seconds
  }

  func seconds(at now: Instant) -> Double {
    integrate(until: now)
    return seconds
  }

  private func integrate(until now: Instant) {
    seconds += Double(runningCount) * (now - integratedUntil).seconds
    integratedUntil = now
  }
}
