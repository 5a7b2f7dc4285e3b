import AdaptiveCore
import Delegation
import Evaluators
import Learners
import NodeRuntime

/// What to measure, from arguments of the form `key=value`.
struct TreeSettings {
  let learner: LearnerDefinition
  let function: BuiltinFunction
  let goal: Goal
  let secondsPerPoint: Double
  let distribution: String
  let leavesPerSubmaster: Int?
  let levels: Int?

  /// Where to keep checkpoints; nil to keep nothing.
  let directory: String?

  /// Compare every value at the root with the function's.
  let checksValues: Bool

  /// Keep points waiting at the leaves; without, each message carries one point.
  let keepsWaiting: Bool

  /// How many seconds the root stays as it is after the goal, to be looked at.
  let hold: Double

  /// When mpirun was started, in seconds since 1970; nil if nobody said.
  let startedAt: Double?

  private static let functionKeys = ["seconds", "cost", "distribution", "sigma", "alpha", "seed"]
  private static let ownKeys = [
    "npoints", "time", "learner", "function", "leaves", "levels", "directory", "check", "started",
    "waiting", "hold",
  ]

  init(_ arguments: some Sequence<String>) throws {
    let pairs = arguments.map { argument in
      let parts = argument.split(separator: "=", maxSplits: 1)
      return (String(parts[0]), parts.count > 1 ? String(parts[1]) : "")
    }
    let known = Self.ownKeys + Self.functionKeys
    for (key, _) in pairs where !known.contains(key) {
      throw EvaluatorError("'\(key)': unknown, allowed are \(known.joined(separator: ", "))")
    }
    let values = Dictionary(pairs, uniquingKeysWith: { _, last in last })
    function = try BuiltinFunction(
      name: values["function"] ?? "peak",
      settings: Self.functionKeys.compactMap { key in
        values[key].map { BuiltinFunction.Setting(key, $0) }
      })
    let kind: LearnerKind =
      values["learner"] == "counting"
      ? .counting : .oneDimensional(try Learner1DSettings(lower: -1, upper: 1))
    learner = LearnerDefinition(name: "bench", kind: kind)
    let time = values["time"].flatMap { Double($0) }
    goal =
      time.map { .time(TimeSpan(seconds: $0)) }
      ?? .npoints(values["npoints"].flatMap { Int($0) } ?? 100_000)
    secondsPerPoint = function.cost.seconds
    distribution = values["distribution"] ?? "fixed"
    leavesPerSubmaster = values["leaves"].flatMap { Int($0) }
    levels = values["levels"].flatMap { Int($0) }
    directory = values["directory"]
    checksValues = values["check"] == "1"
    keepsWaiting = values["waiting"] != "0"
    hold = values["hold"].flatMap { Double($0) } ?? 0
    startedAt = values["started"].flatMap { Double($0) }
  }
}
