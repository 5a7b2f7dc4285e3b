package import AdaptiveCore
import Glibc
package import Learners
package import NodeRuntime

/// What a leaf needs to know to have its points evaluated by a worker.
package struct WorkerPlan: Sendable {
  package var command: ChildProgram

  /// Told to every worker; the learners are filled in.
  package var start: WorkerStart

  /// How long one point may take; nil: for ever.
  package var timeout: TimeSpan?

  /// A worker that holds more than this is replaced between points; nil: any.
  package var residentBytesMax: Int?

  /// Where the function's output goes; nil: to standard error.
  package var logPath: String?

  package init(
    command: ChildProgram, start: WorkerStart, timeout: TimeSpan? = nil,
    residentBytesMax: Int? = nil, logPath: String? = nil
  ) {
    self.command = command
    self.start = start
    self.timeout = timeout
    self.residentBytesMax = residentBytesMax
    self.logPath = logPath
  }
}

/// Has points evaluated by a worker: a process that is started once, kept, and started again when
/// it ends, hangs or has grown too large. What it does to itself costs one attempt of one point.
package final class WorkerEvaluator: Evaluator {
  private var plan: WorkerPlan
  private let log: OutputLog
  private let clock = MonotonicClock()
  private var connection: WorkerConnection?
  private var seeds: [UInt64] = []
  private var pause = TimeSpan.zero
  private var lookAt = Instant.origin
  private var frame = WorkerFrame()

  /// What the worker said it is.
  package private(set) var greeting = ""

  package init(_ plan: WorkerPlan) {
    self.plan = plan
    log = OutputLog(path: plan.logPath)
  }

  package func setUp(_ learners: [LearnerDefinition]) throws(EvaluatorError) {
    prepare(learners)
    connection = try connect()
  }

  /// Instead of ``setUp(_:)``, where no worker is started before it is needed.
  func prepare(_ learners: [LearnerDefinition]) {
    plan.start.learners = learners.map(WorkerStart.Learner.init)
    seeds = learners.map(\.seed)
  }

  package func tearDown() {
    guard let connection = connection.take() else { return }
    stop(connection)
  }

  package func evaluate(_ batch: inout EvaluationBatch) {
    let learner = plan.start.learners[batch.learner.position]
    batch.values = Array(repeating: 0, count: batch.count * learner.valueCount)
    batch.failures.removeAll(keepingCapacity: true)
    batch.isIsolated = true
    batch.drawSeeds(learnerSeed: seeds[batch.learner.position], dimension: learner.dimension)
    var next = 0
    // After a loss one by one, so that it is known which point it was.
    var isCareful = false
    while next < batch.count {
      let range = next..<(isCareful ? next + 1 : batch.count)
      do throws(WorkerConnection.Loss) {
        try evaluate(&batch, range, learner)
        next = range.upperBound
        pause = .zero
      } catch {
        end()
        batch.restartCount += 1
        if error.kind == .ended { lengthenPause() }
        batch.failures.removeAll { range.contains($0.index) }
        guard range.count == 1 else {
          isCareful = true
          continue
        }
        batch.failures.append(.init(index: next, failure: describe(error)))
        next += 1
      }
    }
    BatchCheck.refuseNotFinite(&batch, valueCount: learner.valueCount)
    replaceIfLarge(&batch)
  }

  private func evaluate(
    _ batch: inout EvaluationBatch, _ range: Range<Int>, _ learner: WorkerStart.Learner
  ) throws(WorkerConnection.Loss) {
    let connection = try living()
    log.forgetLastLine()
    frame.removeAll()
    frame.write(points: batch, range, dimension: learner.dimension)
    frame.close(.points)
    let deadline = plan.timeout.map { clock.now() + $0 }
    try connection.send(frame, until: deadline)
    let (kind, body) = try connection.receive(until: deadline)
    guard kind == .results else { throw unexpected(kind) }
    let read = unsafe body.withUnsafeBytes { bytes -> Result<Void, DecodingError> in
      do throws(DecodingError) {
        var reader = unsafe ByteReader(bytes)
        return .success(
          try reader.readWorkerResults(into: &batch, range, valueCount: learner.valueCount))
      } catch { return .failure(error) }
    }
    if case .failure(let error) = read {
      throw WorkerConnection.Loss(
        kind: .ended, text: "the worker does not keep to its protocol: \(error.detail)")
    }
  }

  private func describe(_ loss: WorkerConnection.Loss) -> Failure {
    guard loss.kind == .timedOut, let timeout = plan.timeout else { return loss.failure }
    return Failure(.timedOut, "no answer within \(Double(timeout.nanoseconds) / 1e9) s")
  }
}

// MARK: - The worker

extension WorkerEvaluator {
  /// The worker, started again if there is none.
  private func living() throws(WorkerConnection.Loss) -> WorkerConnection {
    if let connection { return connection }
    if pause > Limits.workerPauseMin { usleep(useconds_t(pause.nanoseconds / 1000)) }
    do throws(EvaluatorError) {
      let connection = try connect()
      self.connection = connection
      return connection
    } catch {
      throw WorkerConnection.Loss(
        kind: .ended, text: "the worker cannot be started again: \(error.detail)")
    }
  }

  /// A worker that dies again and again is not started again at once.
  private func lengthenPause() {
    pause = min(
      max(Limits.workerPauseMin, TimeSpan(nanoseconds: pause.nanoseconds * 2)),
      Limits.workerPauseMax)
  }

  private func connect() throws(EvaluatorError) -> WorkerConnection {
    do throws(WorkerConnection.Loss) {
      let connection = try WorkerConnection(plan.command, log: log)
      frame.removeAll()
      frame.write(plan.start)
      frame.close(.start)
      let deadline = clock.now() + Limits.workerStartMax
      do throws(WorkerConnection.Loss) {
        try connection.send(frame, until: deadline)
        let (kind, body) = try connection.receive(until: deadline)
        let text = unsafe body.withUnsafeBytes { bytes in
          var reader = unsafe ByteReader(bytes)
          return (try? reader.readWorkerText()) ?? "without a reason"
        }
        switch kind {
        case .ready: greeting = text
        case .refused:
          connection.end()
          throw WorkerConnection.Loss(kind: .raised, text: text)
        default: throw unexpected(kind)
        }
        return connection
      } catch {
        connection.end()
        throw error
      }
    } catch {
      let start = "starting the function's worker (\(plan.command.program))"
      switch error.kind {
      case .raised: throw EvaluatorError(error.text)
      case .timedOut:
        throw EvaluatorError("\(start): not ready within \(Limits.workerStartMax.seconds) s")
      default: throw EvaluatorError("\(start): \(error.text)")
      }
    }
  }

  private func unexpected(_ kind: WorkerMessage.Kind) -> WorkerConnection.Loss {
    WorkerConnection.Loss(
      kind: .ended, text: "the worker does not keep to its protocol: it said \(kind)")
  }

  private func stop(_ connection: WorkerConnection) {
    frame.removeAll()
    frame.close(.stop)
    do throws(WorkerConnection.Loss) {
      try connection.send(frame, until: clock.now() + Limits.workerPatience)
      connection.endAfterStop()
    } catch {
      connection.end()
    }
  }

  private func end() {
    connection.take()?.end()
  }

  /// Between points, a worker that has grown too large makes place for a new one.
  private func replaceIfLarge(_ batch: inout EvaluationBatch) {
    guard let limit = plan.residentBytesMax, let connection else { return }
    let now = clock.now()
    guard now >= lookAt else { return }
    lookAt = now + Limits.workerLookInterval
    guard connection.residentBytes > limit else { return }
    stop(connection)
    self.connection = nil
    batch.restartCount += 1
  }
}
