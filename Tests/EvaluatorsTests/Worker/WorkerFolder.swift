import AdaptiveCore
import Evaluators
import Foundation
import Learners
import NodeRuntime
import _TestSupport

/// Workers of functions that a test writes, with their logs in a folder of its own.
struct WorkerFolder {
  let folder: TemporaryDirectory

  init() throws { folder = try TemporaryDirectory() }

  /// What leaf 3 of 8 printed.
  var log: String { folder.read("logs/leaf-3.log") }

  func circumstances(
    timeout: Double? = nil, residentBytesMax: Int? = nil,
    environment: [EnvironmentVariable] = []
  ) -> WorkerPlan.Circumstances {
    var conduct = FunctionConduct()
    conduct.timeout = timeout.map { TimeSpan(seconds: $0) }
    conduct.residentBytesMax = residentBytesMax
    conduct.environment = environment
    return WorkerPlan.Circumstances(
      rank: 3, rankCount: 8, conduct: conduct,
      executable: Programs.products.appendingPathComponent("adaptive-mpi").path,
      runDirectory: folder.path)
  }

  /// The function `f` of a Python program.
  func python(
    _ program: String, name: String = "f", isBatch: Bool = false, interpreter: String? = nil,
    timeout: Double? = nil, residentBytesMax: Int? = nil
  ) throws -> WorkerEvaluator {
    let path = try folder.write(program, to: "function.py")
    let function = PythonFunction(
      .file(path), name: name, interpreter: try interpreter ?? Python.interpreter.get(),
      isBatch: isBatch, folder: folder.path)
    let script = Programs.repository.appendingPathComponent("python/adaptive_mpi/worker.py").path
    return WorkerEvaluator(
      .python(
        function, circumstances(timeout: timeout, residentBytesMax: residentBytesMax),
        script: script))
  }

  /// The function of a library in `Functions`.
  func library(
    _ name: String, symbol: String = "adaptive_mpi_function", timeout: Double? = nil
  ) throws -> WorkerEvaluator {
    WorkerEvaluator(
      .library(
        path: try Compiler.function(name), symbol: symbol, circumstances(timeout: timeout)))
  }

  func program(
    _ settings: ProgramSettings, timeout: Double? = nil, environment: [EnvironmentVariable] = []
  ) -> WorkerEvaluator {
    WorkerEvaluator(
      .program(settings, circumstances(timeout: timeout, environment: environment)))
  }
}

extension WorkerEvaluator {
  /// Values and failures of points of learner 0.
  func evaluated(_ points: [Double], learner: Int = 0) -> EvaluationBatch {
    var batch = EvaluationBatch(
      learner: LearnerIndex(learner), count: points.count, points: points)
    evaluate(&batch)
    return batch
  }
}
