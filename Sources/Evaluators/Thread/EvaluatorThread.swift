package import AdaptiveCore
package import Learners
package import NodeRuntime
import Synchronization

/// Runs an evaluator for a leaf: on a thread of its own, so that the leaf's main thread keeps MPI
/// moving meanwhile, or inline once batches have proved to be short.
///
/// Never two calls of the evaluator run at once, and each sees all that the calls before it wrote,
/// whatever their thread. Set-up, tear-down and long batches run on the own thread.
package final class EvaluatorThread<
  Function: Evaluator & SendableMetatype, Clock: TimeSource & Sendable
>: EvaluationService {
  private let desk: Desk<Function>
  private let clock: Clock
  private var thread: OwnedThread?
  private var estimate = DurationEstimate()
  private var finishedInline: EvaluationBatch?
  /// Batches that were started and not polled yet, at most two.
  private var startedCount = 0
  private let timeout: TimeSpan?
  /// What hangs unless it ends in time, and what follows it.
  private var handedOver: (batch: EvaluationBatch, deadline: Instant)?
  private var following: EvaluationBatch?
  private var isGivenUp = false

  /// `wake` is called on the own thread whenever it has finished something: it must make the main
  /// thread stop waiting and call ``poll()``.
  ///
  /// - Parameter timeout: how long a point may take before the function is given up for good, which
  ///   is all that can be done about one that hangs in this process. Nothing runs inline then.
  package init(
    _ function: Function, clock: Clock, timeout: TimeSpan? = nil,
    wake: @escaping @Sendable () -> Void
  ) {
    desk = Desk(function, wake: wake)
    self.clock = clock
    self.timeout = timeout
  }

  /// Starts the thread and sets the function up on it; returns when that is done.
  package func setUp(_ learners: [LearnerDefinition]) throws(EvaluatorError) {
    let desk = self.desk
    let clock = self.clock
    do {
      thread = try OwnedThread(stackBytes: Limits.evaluatorStackBytes) { desk.serve(clock) }
    } catch {
      throw EvaluatorError("starting the evaluator's thread: \(error)")
    }
    desk.hand(over: .setUp(learners))
    if case .refused(let error) = desk.take() {
      endThread()
      throw error
    }
  }

  package func start(_ batch: consuming EvaluationBatch) {
    invariant(startedCount < 2 && thread != nil, "a batch is started while two are evaluated")
    invariant(!isGivenUp, "a function that hangs is given points")
    startedCount += 1
    if startedCount == 2 {
      if timeout != nil { following = batch }
      desk.hand(over: .evaluate(batch))
    } else if let timeout, !batch.isSuspect {
      handedOver = (batch, clock.now() + timeout)
      desk.hand(over: .evaluate(batch))
    } else if !batch.isSuspect, estimate.isShort(count: batch.count) {
      finishedInline = desk.evaluate(batch, clock)
    } else {
      desk.hand(over: .evaluate(batch))
    }
  }

  package func poll() -> EvaluationBatch? {
    guard startedCount > 0 else { return nil }
    guard let batch = finishedInline.take() ?? finishedBatch() else { return abandonedBatch() }
    startedCount -= 1
    handedOver = nil
    if let timeout, let next = following.take() { handedOver = (next, clock.now() + timeout) }
    estimate.record(secondsPerPoint: batch.secondsPerPoint)
    return batch
  }

  /// What was handed over, once its time is over. A batch of several points is one of short ones:
  /// which of them hangs is not known, so that all have failed.
  private func abandonedBatch() -> EvaluationBatch? {
    guard let handed = handedOver, let timeout, clock.now() >= handed.deadline else { return nil }
    startedCount = 0
    isGivenUp = true
    handedOver = nil
    following = nil
    var batch = handed.batch
    batch.isAbandoned = true
    batch.secondsPerPoint = timeout.seconds / Double(batch.count)
    let failure = Failure(
      .timedOut, "no answer within \(Double(timeout.nanoseconds) / 1e9) s; the leaf is given up")
    batch.failures = (0..<batch.count).map { .init(index: $0, failure: failure) }
    return batch
  }

  /// Tears the function down and ends the thread; not while a batch is being evaluated, for that
  /// may take hours: a leaf that must end then leaves the thread alone and ends the process.
  package func tearDown() {
    invariant(startedCount == 0, "a function is torn down while it runs")
    guard thread != nil, !isGivenUp else { return }
    desk.hand(over: .tearDown)
    _ = desk.take()
    endThread()
  }

  private func finishedBatch() -> EvaluationBatch? {
    guard desk.hasAnswer, case .evaluated(let batch) = desk.take() else { return nil }
    return batch
  }

  private func endThread() {
    desk.hand(over: .end)
    thread.take()?.join()
  }
}

/// What main thread and evaluator thread hand to and fro, each in order. The own thread may touch
/// the function while anything is handed over and not handed back, otherwise the main thread.
private final class Desk<Function: Evaluator & SendableMetatype>: @unchecked Sendable {
  enum Work {
    case setUp([LearnerDefinition])
    case evaluate(EvaluationBatch)
    case tearDown
    case end
  }

  enum Answer {
    case ready
    case refused(EvaluatorError)
    case evaluated(EvaluationBatch)
  }

  private var function: Function
  private let work = Mutex<[Work]>([])
  private let answers = Mutex<[Answer]>([])
  private let wake: @Sendable () -> Void
  private let handedOver = Semaphore()
  private let answered = Semaphore()

  init(_ function: Function, wake: @escaping @Sendable () -> Void) {
    self.function = function
    self.wake = wake
  }

  // On the main thread.

  func hand(over work: consuming Work) {
    let handed = work
    self.work.withLock { $0.append(handed) }
    handedOver.signal()
  }

  var hasAnswer: Bool { answers.withLock { !$0.isEmpty } }

  /// What the own thread hands back next, once it does.
  func take() -> Answer {
    answered.wait()
    return answers.withLock { $0.removeFirst() }
  }

  /// On the thread that may touch the function.
  func evaluate(_ batch: consuming EvaluationBatch, _ clock: some TimeSource) -> EvaluationBatch {
    let start = clock.now()
    function.evaluate(&batch)
    let end = clock.now()
    batch.secondsPerPoint = (end - start).seconds / Double(batch.count)
    batch.ended = end
    return batch
  }

  // On the own thread.

  func serve(_ clock: some TimeSource) {
    while true {
      handedOver.wait()
      let answer: Answer
      switch work.withLock({ $0.removeFirst() }) {
      case .setUp(let learners): answer = setUp(learners)
      case .evaluate(let batch): answer = .evaluated(evaluate(batch, clock))
      case .tearDown:
        function.tearDown()
        answer = .ready
      case .end: return
      }
      answers.withLock { $0.append(answer) }
      answered.signal()
      wake()
    }
  }

  private func setUp(_ learners: [LearnerDefinition]) -> Answer {
    do {
      try function.setUp(learners)
      return .ready
    } catch {
      return .refused(error)
    }
  }
}
