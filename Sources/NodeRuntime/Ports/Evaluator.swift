package import AdaptiveCore
package import Learners

/// The user's function as a leaf sees it.
///
/// Never two of these calls run at once, but they need not be made on the same thread.
package protocol Evaluator {
  /// Called once, before the first point.
  mutating func setUp(_ learners: [LearnerDefinition]) throws(EvaluatorError)

  /// Evaluates every point of the batch and fills in its values and failures. A function that fails
  /// is a failure in the batch, never an error of this call.
  mutating func evaluate(_ batch: inout EvaluationBatch)

  /// Called once, after the last point, if ``setUp(_:)`` succeeded.
  mutating func tearDown()
}

/// When and on which thread an evaluator runs: inline, on a thread of its own, or in virtual time.
package protocol EvaluationService {
  /// Starts to evaluate a batch. While one is being evaluated, one more may be started, which
  /// follows it; not by a team.
  mutating func start(_ batch: consuming EvaluationBatch)

  /// The batch that was started first, once it is evaluated; nil until then.
  mutating func poll() -> EvaluationBatch?
}

/// Points of one learner on their way through an evaluator, and what became of them.
package struct EvaluationBatch: Sendable {
  package struct PointFailure: Sendable {
    package var index: Int
    package var failure: Failure

    package init(index: Int, failure: Failure) {
      self.index = index
      self.failure = failure
    }
  }

  package var learner: LearnerIndex

  /// Points in the batch.
  package var count: Int

  /// `count` × dimension coordinates, point after point.
  package var points: [Double]

  /// `count` × valueCount values, point after point; those of failed points mean nothing.
  package var values: [Double]

  /// Failed points in ascending order of index.
  package var failures: [PointFailure]

  /// Seconds that one point took: the batch's time divided by its count.
  package var secondsPerPoint: Double

  /// When the last point was done; nil where that is when the batch is fetched.
  package var ended: Instant?

  /// The function was given up while it ran: it may never return, and the service must not be
  /// started again. Every point without a value has failed.
  package var isAbandoned = false

  /// A number for each point that a function may seed its own random numbers with; empty until
  /// ``drawSeeds(learnerSeed:dimension:)``.
  package var seeds: [UInt64] = []

  /// It may end the process in which it is evaluated, and must not end this one.
  package var isSuspect = false

  /// It was evaluated in a process beside the leaf.
  package var isIsolated = false

  /// Such processes that had to be started again meanwhile.
  package var restartCount = 0

  package init(learner: LearnerIndex, count: Int, points: [Double]) {
    self.learner = learner
    self.count = count
    self.points = points
    values = []
    failures = []
    secondsPerPoint = 0
  }
}

extension EvaluationBatch {
  /// Gives each point a seed that depends on the learner's seed and the point alone: the same on
  /// every leaf, in every attempt and in every world.
  package mutating func drawSeeds(learnerSeed: UInt64, dimension: Int) {
    seeds.removeAll(keepingCapacity: true)
    for index in 0..<count {
      var stream: UInt64 = 0
      for offset in 0..<dimension {
        var mixed = RandomSource(seed: stream ^ points[index * dimension + offset].bitPattern)
        stream = mixed.next()
      }
      var source = RandomSource(seed: learnerSeed, stream: stream)
      seeds.append(source.next())
    }
  }
}

/// Why a function cannot be used at all.
package struct EvaluatorError: Error, Sendable, CustomStringConvertible {
  /// What was found, where, what is allowed, and what to do.
  package var detail: String

  package init(_ detail: String) { self.detail = detail }

  package var description: String { detail }
}
