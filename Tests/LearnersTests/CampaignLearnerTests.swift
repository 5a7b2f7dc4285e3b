import AdaptiveCore
import Testing

@testable import Learners

@Suite struct CampaignLearnerTests {
  private func ask(_ learner: inout CampaignLearner, _ count: Int) -> [Double] {
    var points = PointBuffer(dimension: 1)
    var improvements: [Double] = []
    learner.ask(count, appendingTo: &points, improvements: &improvements)
    #expect(improvements.count == points.count)
    return points.doubles
  }

  @Test func isTheLearnerOfItsDefinition() throws {
    let settings = try Learner1DSettings(lower: 0, upper: 4, loss: .uniform)
    var plain = Learner1D(settings, valueCount: 2)
    var learner = try CampaignLearner(
      LearnerDefinition(name: "a", kind: .oneDimensional(settings), valueCount: 2))
    for _ in 0..<30 {
      let points = ask(&learner, 3)
      #expect(points == plain.ask(3).points)
      for x in points.dropLast() {
        plain.tell(x, [x, -x])
        learner.tell([x].span, value: [x, -x].span)
      }
      learner.tellFailed([points[2]].span)
      plain.tellFailed(points[2])
    }
    #expect(learner.loss(includingPending: true) == plain.loss(includingPending: true))
    #expect(learner.pointCount == 60 && learner.pendingCount == 0)
    #expect(learner.snapshot() == plain.snapshot())
    #expect(learner.dimension == 1 && learner.valueCount == 2)
  }

  @Test func countingAsksForEachNumberOnce() throws {
    let definition = LearnerDefinition(name: "null", kind: .counting)
    var learner = try CampaignLearner(definition)
    #expect(learner.loss(includingPending: false) == .infinity)
    #expect(ask(&learner, 3) == [0, 1, 2])
    var log = ResultLog(dimension: 1, valueCount: 1)
    func tell(_ x: Double) {
      learner.tell([x].span, value: [0].span)
      log.append(point: [x].span, value: [0].span, seconds: 0, leaf: Rank(0))
    }
    tell(1)
    tell(4)
    learner.tellFailed([2].span)
    learner.tellPending([6].span)
    #expect(learner.loss(includingPending: false) == 0)
    #expect(learner.pointCount == 2 && learner.pendingCount == 2)
    #expect(learner.pendingPoints().doubles == [0, 6])
    var restored = try CampaignLearner(
      definition,
      LearnerRecord(
        results: log, failed: PointBuffer(dimension: 1, doubles: [2]),
        pending: learner.pendingPoints(), snapshot: learner.snapshot()))
    #expect(ask(&learner, 4) == [3, 5, 7, 8])
    #expect(ask(&restored, 4) == [3, 5, 7, 8])
    #expect(restored.pendingPoints() == learner.pendingPoints())
  }

  @Test func valuesWithoutNumbersAreRefused() throws {
    #expect(throws: LearnerError.self) {
      try CampaignLearner(LearnerDefinition(name: "a", kind: .counting, valueCount: 0))
    }
  }
}
