import AdaptiveCore
import Learners
import Testing

@Suite struct OutputLayoutTests {
  private let layout = OutputLayout(
    [.init(name: "spectrum", size: 3), .init(name: "energy"), .init(name: "z", size: 2)],
    learnedPlace: 1)

  @Test func numbersStandInOrder() throws {
    let layout = try #require(layout)
    #expect(layout.valueCount == 6 && layout.learned == 3..<4)
    #expect(
      layout.columnNames == ["spectrum.0", "spectrum.1", "spectrum.2", "energy", "z.0", "z.1"])
    #expect(OutputLayout(layout.outputs)?.learned == 0..<3)
    #expect(OutputLayout(layout.outputs, learnedPlace: 2)?.learned == 4..<6)
    #expect(OutputLayout([]) == nil && OutputLayout([.init(name: "a", size: 0)]) == nil)
    #expect(OutputLayout([.init(name: "a"), .init(name: "a")]) == nil)
    #expect(OutputLayout(layout.outputs, learnedPlace: 3) == nil)
  }

  /// A learner of one output among others asks what it asks for that one alone, restored or not.
  @Test func theOthersAreNotLearned() throws {
    let layout = try #require(layout)
    let settings = try Learner1DSettings(lower: -1, upper: 2, loss: .distance)
    let kind = LearnerKind.oneDimensional(settings)
    let rich = LearnerDefinition(name: "a", kind: kind, outputs: layout)
    var learner = try CampaignLearner(rich)
    var alone = try CampaignLearner(LearnerDefinition(name: "a", kind: kind))
    // More than a segment of results.
    var log = ResultLog(dimension: 1, valueCount: 6)
    #expect(learner.valueCount == 6 && alone.valueCount == 1)
    for round in 0..<3000 {
      var points = PointBuffer(dimension: 1)
      var same = PointBuffer(dimension: 1)
      var improvements: [Double] = []
      learner.ask(2, appendingTo: &points, improvements: &improvements)
      alone.ask(2, appendingTo: &same, improvements: &improvements)
      try #require(points == same)
      for x in points.doubles {
        let value = [Double(round), -x, 7, x * x * x, x, 2]
        learner.tell([x].span, value: value.span)
        alone.tell([x].span, value: [x * x * x].span)
        log.append(point: [x].span, value: value.span, seconds: 0, leaf: Rank(0))
      }
    }
    let nothing = PointBuffer(dimension: 1)
    let restored = try CampaignLearner(
      rich,
      LearnerRecord(results: log, failed: nothing, pending: nothing, snapshot: learner.snapshot()))
    #expect(restored.loss(includingPending: false) == alone.loss(includingPending: false))
    #expect(restored.snapshot() == alone.snapshot() && restored.pointCount == 6000)
    #expect(throws: LearnerError.self) {
      var short = ResultLog(dimension: 1, valueCount: 5)
      short.append(point: [0].span, value: [1, 2, 3, 4, 5].span, seconds: 0, leaf: Rank(0))
      _ = try CampaignLearner(
        rich,
        LearnerRecord(
          results: short, failed: nothing, pending: nothing, snapshot: learner.snapshot()))
    }
  }
}
