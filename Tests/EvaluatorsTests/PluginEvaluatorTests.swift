import AdaptiveCore
import Evaluators
import Glibc
import Learners
import NodeRuntime
import Testing

@Suite struct PluginEvaluatorTests {
  @Test func aBatchOfPointsIsEvaluatedWithTheLearnersParameters() throws {
    let library = try PluginLibrary(path: Compiler.function("sums"))
    let evaluator = PluginEvaluator(library, rank: 3, rankCount: 8)
    try evaluator.setUp([
      learner(parameters: [("shift", 0.5), ("scale", 2)]),
      learner(parameters: [("scale", -1)], valueCount: 3),
    ])
    var batch = EvaluationBatch(learner: LearnerIndex(0), count: 3, points: [1, 2, 3])
    evaluator.evaluate(&batch)
    #expect(batch.values == [102.5, 104.5, 106.5])
    #expect(batch.failures.isEmpty)

    batch = EvaluationBatch(learner: LearnerIndex(1), count: 2, points: [10, 20])
    evaluator.evaluate(&batch)
    #expect(batch.values == [90, 91, 92, 80, 81, 82])
    #expect(batch.failures.isEmpty)
    #expect(try exported("set_up_rank", library) == 3008)
  }

  /// With a team, without, and looked at by a header that is newer than the program.
  @Test func aBatchTellsOfItsTeam() throws {
    let library = try PluginLibrary(path: Compiler.function("team_fields"))
    let team = TeamPlace(rank: 2, size: 5, communicator: -17)
    for (place, expected) in [(team, [1, 2, 5, -17, 0]), (nil, [0, 0, 0, 0, 0.0])] {
      let evaluator = PluginEvaluator(library, rank: 7, rankCount: 9, team: place)
      try evaluator.setUp([learner(valueCount: 5)])
      var batch = EvaluationBatch(learner: LearnerIndex(0), count: 1, points: [1])
      evaluator.evaluate(&batch)
      #expect(batch.values == expected)
    }
  }

  @Test func tearDownIsCalledOnce() throws {
    let library = try PluginLibrary(path: Compiler.function("sums"))
    let evaluator = PluginEvaluator(library, rank: 0, rankCount: 1)
    try evaluator.setUp([learner()])
    #expect(try exported("tear_down_count", library) == 0)
    evaluator.tearDown()
    #expect(try exported("tear_down_count", library) == 1)
  }

  @Test func aRefusedSetUpIsAnErrorWithTheFunctionsText() throws {
    let library = try PluginLibrary(path: Compiler.function("refusing_set_up"))
    let evaluator = PluginEvaluator(library, rank: 0, rankCount: 1)
    let error = #expect(throws: EvaluatorError.self) { try evaluator.setUp([learner()]) }
    #expect(error?.detail.contains("no table in data/") == true)
    #expect(error?.detail.contains(library.path) == true)
    #expect(try exported("tear_down_count", library) == 0)
  }

  @Test func aMissingParameterFailsEveryPointOfTheBatch() throws {
    let evaluator = try misbehaving()
    let batch = evaluate([10, 0], evaluator)
    #expect(batch.failures.map(\.index) == [0, 1])
    #expect(batch.failures.allSatisfy { $0.failure.kind == .raised })
    #expect(batch.failures.last?.failure.text == "the campaign sets no parameter 'width'")
  }

  /// Each misbehaves between two good points, whose values must survive.
  @Test(arguments: [
    (1, Failure(.raised, "no convergence after 17 steps")),
    (2, Failure(.raised, "status -7, without a text")),
    (3, Failure(.raised, "overlong" + String(repeating: " ", count: 503))),
    (4, Failure(.raised, String(repeating: "u", count: 512))),
    (5, Failure(.raised, "caf\u{FFFD} \u{FFFD}  [2J.")),
    (6, Failure(.notFinite, "value 1 of 1 is nan")),
    (7, Failure(.notFinite, "value 1 of 1 is -inf")),
  ])
  func aMisbehavingPointFailsAlone(mode: Int, expected: Failure) throws {
    let evaluator = try misbehaving()
    for _ in 0..<2 {
      let batch = evaluate([0, Double(mode), 0], evaluator)
      try #require(batch.failures.count == 1)
      #expect(batch.failures[0].index == 1)
      #expect(batch.failures[0].failure == expected)
      #expect([batch.values[0], batch.values[2]] == [1, 1])
    }
  }

  @Test func theTextOfAnEarlierFailureIsNotRepeated() throws {
    let evaluator = try misbehaving()
    let texts = [1, 2].map { evaluate([$0], evaluator).failures.first?.failure.text }
    #expect(texts == ["no convergence after 17 steps", "status -7, without a text"])
  }

  @Test func aValueThatIsNotSetIsNoticed() throws {
    let library = try PluginLibrary(path: Compiler.function("misbehaving"), symbol: "incomplete")
    let evaluator = PluginEvaluator(library, rank: 0, rankCount: 1)
    try evaluator.setUp([learner(valueCount: 4)])
    let batch = evaluate([0], evaluator)
    #expect(batch.failures.map(\.failure) == [Failure(.wrongCount, "value 2 of 4 was not set")])
  }

  @Test func writingPastTheEndFailsTheBatch() throws {
    let batch = evaluate([0, 9], try misbehaving())
    #expect(batch.failures.map(\.failure.kind) == [.wrongCount, .wrongCount])
    #expect(batch.failures.first?.failure.text.contains("past the 2 numbers") == true)
  }

  @Test func batchesMayGrowAndShrink() throws {
    let evaluator = try misbehaving()
    for count in [1, 1000, 3, 2000, 1] {
      var points = [Double](repeating: 0, count: count)
      points[count - 1] = 1
      let batch = evaluate(points, evaluator)
      #expect(batch.failures.map(\.index) == [count - 1])
      #expect(batch.values.count == count)
    }
  }

  private func misbehaving() throws -> PluginEvaluator {
    let library = try PluginLibrary(path: Compiler.function("misbehaving"))
    let evaluator = PluginEvaluator(library, rank: 0, rankCount: 1)
    try evaluator.setUp([learner()])
    return evaluator
  }

  private func evaluate(_ points: [Double], _ evaluator: PluginEvaluator) -> EvaluationBatch {
    var batch = EvaluationBatch(learner: LearnerIndex(0), count: points.count, points: points)
    evaluator.evaluate(&batch)
    return batch
  }

  /// An integer that the library exports.
  private func exported(_ name: String, _ library: PluginLibrary) throws -> Int64 {
    let handle = try #require(dlopen(library.path, RTLD_NOW | RTLD_NOLOAD))
    return try #require(dlsym(handle, name)).load(as: Int64.self)
  }
}
