import AdaptiveCore
import Testing
import _TestSupport

@testable import Learners

/// For learners of every kind: a saved learner goes on as the one that was saved, whatever order
/// asks, answers and failures came in.
@Suite struct SavedLearnerTests {
  private func kind(_ name: LearnerKind.Name) throws -> LearnerKind {
    switch name {
    case .oneDimensional: .oneDimensional(try Learner1DSettings(lower: -1, upper: 1))
    case .twoDimensional: .twoDimensional(try Learner2DSettings(bounds: [0, 1, -2, 2]))
    case .simplicial: .simplicial(try LearnerNDSettings(domain: .box([0, 1, -2, 2, 5, 6])))
    case .levelSet: .levelSet(try LevelSetSettings(domain: .box([0, 1, -2, 2]), level: 0.5))
    case .integrator:
      .integrator(try IntegratorSettings(lower: -1, upper: 2, relativeTolerance: 1e-9))
    case .average: .average(try AverageSettings(relativeTolerance: 1e-3))
    case .average1D:
      .average1D(
        try Average1DSettings(
          curve: Learner1DSettings(lower: -1, upper: 1), sampleCountMin: 4, sampleCountMax: 30))
    case .sequence:
      .sequence(
        try SequenceSettings(points: PointBuffer(dimension: 2, doubles: (0..<400).map(Double.init)))
      )
    case .sobol: .sobol(try SobolSettings(box: [0, 1, -2, 2, 5, 6], isScrambled: true))
    case .counting: .counting
    }
  }

  @Test(arguments: LearnerKind.Name.allCases) func goesOnAsTheSavedOneWould(name: LearnerKind.Name)
    throws
  {
    try goOn(name, TestSeed())
  }

  /// Pending points once divided flat simplices, of which rounding said that they held anything.
  @Test func dividersBesideFlatSimplicesAreRestored() throws {
    try goOn(.simplicial, TestSeed(313_416_557))
  }

  private func goOn(_ name: LearnerKind.Name, _ seed: TestSeed) throws {
    let kind = try kind(name)
    let definition = LearnerDefinition(name: "a", kind: kind, seed: 7)
    for turn in 0..<12 {
      var random = seed.generator(stream: UInt64(turn))
      var run = Run(learner: try CampaignLearner(definition), dimension: kind.dimension)
      for _ in 0..<60 { run.step(&random) }
      var restored = run
      restored.learner = try CampaignLearner(definition, run.record)
      #expect(restored.learner.snapshot() == run.learner.snapshot(), "\(seed)")
      for step in 0..<40 {
        var same = random
        let mine = run.step(&random)
        let other = restored.step(&same)
        #expect(mine == other, "\(kind.name), step \(step), \(seed)")
        #expect(
          run.learner.loss(includingPending: true).bitPattern
            == restored.learner.loss(includingPending: true).bitPattern, "\(seed)")
        guard mine == other else { return }
      }
      #expect(run.learner.pendingPoints() == restored.learner.pendingPoints(), "\(seed)")
    }
  }

  /// A journal names asked points one by one: whoever is told that they are pending asks on alike.
  @Test(arguments: LearnerKind.Name.allCases) func pendingPointsAreAsGoodAsAsked(
    name: LearnerKind.Name
  ) throws {
    try pendingIsAsked(try kind(name))
  }

  /// Nor does it matter how many of a stack had been asked.
  @Test func pendingPointsOfAStackAreAsGoodAsAsked() throws {
    try pendingIsAsked(
      .twoDimensional(try Learner2DSettings(bounds: [0, 1, -2, 2], stackCount: 10)))
  }

  private func pendingIsAsked(_ kind: LearnerKind) throws {
    let seed = TestSeed()
    let definition = LearnerDefinition(name: "a", kind: kind, seed: 7)
    var random = seed.generator()
    var run = Run(learner: try CampaignLearner(definition), dimension: kind.dimension)
    var twin = run
    for _ in 0..<60 {
      var same = random
      let asked = run.step(&random)
      for index in 0..<asked.count { asked.withPoint(index) { twin.learner.tellPending($0) } }
      twin.outstanding += (0..<asked.count).map { Array(asked[$0]) }
      twin.answer(count: asked.count, &same)
    }
    #expect(run.step(&random).doubles == twin.ask(3).doubles, "\(seed)")
  }

  /// Settings come back from their fields, and learners never ask for a point twice.
  @Test(arguments: LearnerKind.Name.allCases) func fieldsAreWhole(name: LearnerKind.Name) throws {
    let kind = try kind(name)
    #expect(try LearnerKind(kind.name, kind.settings.fields) == kind)
    let definition = LearnerDefinition(name: "a", kind: kind)
    var run = Run(learner: try CampaignLearner(definition), dimension: kind.dimension)
    var random = TestSeed(5).generator()
    var seen: Set<[Double]> = []
    for _ in 0..<80 {
      let asked = run.step(&random)
      for index in 0..<asked.count { #expect(seen.insert(Array(asked[index])).inserted) }
    }
  }
}

/// A learner with everything that a campaign keeps of it.
private struct Run {
  var learner: CampaignLearner
  var outstanding: [[Double]] = []
  var results: ResultLog
  var failed: PointBuffer

  init(learner: CampaignLearner, dimension: Int) {
    self.learner = learner
    results = ResultLog(dimension: dimension, valueCount: 1)
    failed = PointBuffer(dimension: dimension)
  }

  var record: LearnerRecord {
    LearnerRecord(
      results: results, failed: failed, pending: learner.pendingPoints(),
      snapshot: learner.snapshot())
  }

  mutating func ask(_ count: Int) -> PointBuffer {
    var points = PointBuffer(dimension: learner.dimension)
    var improvements: [Double] = []
    learner.ask(count, appendingTo: &points, improvements: &improvements)
    return points
  }

  /// Asks for some points and answers some of those that are out; the asked ones.
  @discardableResult
  mutating func step(_ random: inout SeededGenerator) -> PointBuffer {
    let asked = ask(3)
    outstanding += (0..<asked.count).map { Array(asked[$0]) }
    answer(count: asked.count, &random)
    return asked
  }

  mutating func answer(count: Int, _ random: inout SeededGenerator) {
    for _ in 0..<Int.random(in: 0...4, using: &random) where !outstanding.isEmpty {
      let chosen = Int.random(in: outstanding.indices, using: &random)
      let point = outstanding.remove(at: chosen)
      if Int.random(in: 0..<20, using: &random) == 0 {
        learner.tellFailed(point.span)
        failed.append(point.span)
      } else {
        let value = [abs(point[0] - 0.3) + 0.1 * point[0]]
        learner.tell(point.span, value: value.span)
        results.append(point: point.span, value: value.span, seconds: 0, leaf: Rank(0))
      }
    }
  }
}
