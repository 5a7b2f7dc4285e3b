import AdaptiveCore
import Dispatch
import Evaluators
import Glibc
import Learners
import NodeRuntime
import Synchronization
import Testing

@Suite struct EvaluatorThreadTests {
  @Test func aBatchOfUnknownLengthLeavesTheMainThreadFree() throws {
    let lab = Lab()
    let thread = lab.makeThread()
    try thread.setUp([learner()])
    lab.gate = DispatchSemaphore(value: 0)
    thread.start(lab.batch())
    // The function is held at the gate, which this thread opens: it could not if it were inside.
    #expect(thread.poll() == nil)
    lab.gate?.signal()
    let done = lab.waitForBatch(thread)
    #expect(done.values == [42])
    #expect(done.secondsPerPoint == 1)
    thread.tearDown()
    #expect(lab.calls == [.setUp, .evaluate, .tearDown])
    #expect(lab.threads.allSatisfy { $0 == lab.threads[0] && $0 != currentThread() })
  }

  @Test func whatFollowsABatchIsBegunWithoutTheMainThread() throws {
    let lab = Lab()
    let thread = lab.makeThread()
    try thread.setUp([learner()])
    lab.gate = DispatchSemaphore(value: 0)
    thread.start(lab.batch())
    thread.start(lab.batch())
    lab.gate?.signal()
    lab.gate?.signal()
    // Set-up and both batches are done before the first of them is fetched.
    lab.waitUntilWoken(times: 3)
    #expect(thread.poll()?.values == [42])
    #expect(thread.poll()?.values == [42])
    #expect(thread.poll() == nil)
    thread.tearDown()
    #expect(lab.calls == [.setUp, .evaluate, .evaluate, .tearDown])
  }

  @Test func shortBatchesComeInlineAndALongOneEndsThat() throws {
    let lab = Lab()
    let thread = lab.makeThread()
    try thread.setUp([learner()])
    lab.seconds = 0.001
    for _ in 0..<16 { run(thread, lab) }
    #expect(lab.threads.dropFirst().allSatisfy { $0 == lab.threads[0] })
    run(thread, lab)
    #expect(lab.threads.last == currentThread())

    // Eleven points of 1 ms are long together.
    for _ in 0..<100 { run(thread, lab) }
    run(thread, lab, count: 9)
    #expect(lab.threads.last == currentThread())
    run(thread, lab, count: 11)
    #expect(lab.threads.last == lab.threads[0])

    // One long point is remembered for a while, not for ever.
    lab.seconds = 0.02
    run(thread, lab)
    #expect(lab.threads.last == currentThread())
    lab.seconds = 0.001
    run(thread, lab)
    #expect(lab.threads.last == lab.threads[0])
    for _ in 0..<10 { run(thread, lab) }
    #expect(lab.threads.last == currentThread())
    thread.tearDown()
    #expect(lab.threads.last == lab.threads[0])
  }

  /// As a leaf is put together: a campaign's function, the doorbell of its loop, the real clock.
  @Test func aLibraryIsEvaluatedOnTheThread() throws {
    let library = try PluginLibrary(path: Compiler.function("sums"))
    let doorbell = Doorbell()
    let thread = EvaluatorThread(
      PluginEvaluator(library, rank: 0, rankCount: 1),
      clock: MonotonicClock()
    ) { doorbell.ring() }
    try thread.setUp([learner(parameters: [("scale", 2)])])
    for count in 1...40 {
      let points = (0..<count).map(Double.init)
      thread.start(EvaluationBatch(learner: LearnerIndex(0), count: count, points: points))
      var finished = thread.poll()
      while finished == nil {
        doorbell.wait(upTo: TimeSpan(seconds: 60))
        finished = thread.poll()
      }
      #expect(finished?.values == points.map { 100 + 2 * $0 })
    }
    thread.tearDown()
  }

  @Test func aRefusedSetUpEndsTheThread() throws {
    let lab = Lab()
    lab.refusal = EvaluatorError("no table")
    let thread = lab.makeThread()
    let error = #expect(throws: EvaluatorError.self) { try thread.setUp([learner()]) }
    #expect(error?.detail == "no table")
    thread.tearDown()
    #expect(lab.calls == [.setUp])
  }

  private func run(_ thread: Lab.Thread, _ lab: Lab, count: Int = 1) {
    thread.start(lab.batch(count: count))
    _ = lab.waitForBatch(thread)
  }
}

private func currentThread() -> UInt { UInt(pthread_self()) }

/// An evaluator that records who calls it, on a clock that only it advances.
private final class Lab: @unchecked Sendable {
  typealias Thread = EvaluatorThread<Function, Clock>

  enum Call { case setUp, evaluate, tearDown }

  // Touched by whichever thread has the turn, as the evaluator itself.
  var calls: [Call] = []
  var threads: [UInt] = []
  var seconds = 1.0
  var gate: DispatchSemaphore?
  var refusal: EvaluatorError?

  private let nanoseconds = Atomic<Int64>(0)
  private let woken = DispatchSemaphore(value: 0)

  struct Clock: TimeSource, Sendable {
    let lab: Lab
    func now() -> Instant { Instant(nanoseconds: lab.nanoseconds.load(ordering: .relaxed)) }
  }

  struct Function: Evaluator {
    let lab: Lab

    func setUp(_ learners: [LearnerDefinition]) throws(EvaluatorError) {
      lab.record(.setUp)
      if let refusal = lab.refusal { throw refusal }
    }

    func evaluate(_ batch: inout EvaluationBatch) {
      lab.record(.evaluate)
      lab.gate?.wait()
      let span = TimeSpan(seconds: lab.seconds * Double(batch.count))
      lab.nanoseconds.add(span.nanoseconds, ordering: .relaxed)
      batch.values = [Double](repeating: 42, count: batch.count)
    }

    func tearDown() { lab.record(.tearDown) }
  }

  func makeThread() -> Thread {
    Thread(Function(lab: self), clock: Clock(lab: self)) { self.woken.signal() }
  }

  func batch(count: Int = 1) -> EvaluationBatch {
    EvaluationBatch(
      learner: LearnerIndex(0), count: count, points: [Double](repeating: 0, count: count))
  }

  /// Waits for wake-ups, as a leaf does.
  func waitForBatch(_ thread: Thread) -> EvaluationBatch {
    while true {
      if let batch = thread.poll() { return batch }
      woken.wait()
    }
  }

  func waitUntilWoken(times: Int) { for _ in 0..<times { woken.wait() } }

  private func record(_ call: Call) {
    calls.append(call)
    threads.append(currentThread())
  }
}
