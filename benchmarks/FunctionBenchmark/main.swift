// What a point costs beside its function: an empty function of each kind, on one leaf.
//
//   FunctionBenchmark LIBRARY PYTHON_FILE PROGRAM EXECUTABLE
//
// LIBRARY exports adaptive_mpi_function, PYTHON_FILE defines f and g (for batches), PROGRAM answers
// lines, EXECUTABLE is adaptive-mpi. Prints microseconds a point for batches of 1, 100 and 1000.
import AdaptiveCore
import Evaluators
import Glibc
import Learners
import NodeRuntime

private func microseconds(_ evaluator: some Evaluator, batchCount: Int) throws -> Double {
  var evaluator = evaluator
  let settings = try Learner1DSettings(lower: 0, upper: 1)
  try evaluator.setUp([LearnerDefinition(name: "one", kind: .oneDimensional(settings))])
  defer { evaluator.tearDown() }
  let clock = MonotonicClock()
  var best = Double.infinity
  for _ in 0..<5 {
    let rounds = max(1, 5000 / batchCount)
    let start = clock.now()
    for _ in 0..<rounds {
      let points = (0..<batchCount).map { Double($0) }
      var batch = EvaluationBatch(learner: LearnerIndex(0), count: batchCount, points: points)
      evaluator.evaluate(&batch)
      guard batch.failures.isEmpty else { fatalError("\(batch.failures[0].failure.text)") }
    }
    best = min(best, (clock.now() - start).seconds / Double(rounds * batchCount))
  }
  return best * 1e6
}

private func row(_ name: String, _ evaluator: () throws -> some Evaluator) throws {
  let figures = try [1, 100, 1000].map { count in
    let tenths = Int((try microseconds(evaluator(), batchCount: count) * 10).rounded())
    return "\(tenths / 10).\(tenths % 10)"
  }
  print("| \(name) | \(figures.joined(separator: " | ")) |")
}

let arguments = CommandLine.arguments
guard arguments.count == 5 else { fatalError("LIBRARY PYTHON_FILE PROGRAM EXECUTABLE") }
let circumstances = WorkerPlan.Circumstances(
  rank: 0, rankCount: 1, conduct: FunctionConduct(), executable: arguments[4], runDirectory: nil)
let folder = String(arguments[2].prefix(upTo: arguments[2].lastIndex(of: "/")!))

print("| empty function, µs a point | batches of 1 | 100 | 1000 |")
print("|---|---|---|---|")
try row("library, in the rank's process") {
  PluginEvaluator(try PluginLibrary(path: arguments[1]), rank: 0, rankCount: 1)
}
try row("library, isolated") {
  WorkerEvaluator(
    .library(path: arguments[1], symbol: PluginLibrary.symbolDefault, circumstances))
}
for (name, isBatch) in [("f", false), ("g", true)] {
  try row("Python\(isBatch ? ", batch: true" : "")") {
    WorkerEvaluator(
      .python(
        PythonFunction(.file(arguments[2]), name: name, isBatch: isBatch, folder: folder),
        circumstances))
  }
}
try row("persistent program") {
  WorkerEvaluator(
    .program(ProgramSettings(command: [arguments[3]], mode: .persistent), circumstances))
}
