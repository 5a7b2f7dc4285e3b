import AdaptiveCore
import Testing

@testable import Learners

private func ask(_ learner: inout some Learner, _ count: Int) -> (PointBuffer, [Double]) {
  var points = PointBuffer(dimension: learner.dimension)
  var improvements: [Double] = []
  learner.ask(count, appendingTo: &points, improvements: &improvements)
  return (points, improvements)
}

private func isClose(_ a: Double, _ b: Double) -> Bool {
  a == b || abs(a - b) <= 1e-12 * max(abs(a), abs(b))
}

@Suite struct AverageLearnerTests {
  @Test func replaysTheReference() throws {
    var replayedCount = 0
    for file in try Reference.files() where file.content["gap_filling"] != nil {
      for example in file.content["cases"]!.array {
        guard let points = example["points"]?.doubles, let losses = example["losses"]?.doubles
        else { continue }
        let parameters = example["params"]!
        var learner = AverageLearner(
          try AverageSettings(
            absoluteTolerance: parameters["atol"]?.double ?? .infinity,
            relativeTolerance: parameters["rtol"]?.double ?? .infinity,
            pointCountMin: parameters["min_npoints"]?.integer ?? 2))
        let values = example["values"]!.doubles
        let improvements = example["loss_improvements"]!.doubles
        for index in points.indices {
          let (asked, promised) = ask(&learner, 1)
          #expect(asked.doubles == [points[index]])
          #expect(isClose(promised[0], improvements[index]), "\(index)")
          learner.tell([points[index]].span, value: [values[index]].span)
          #expect(isClose(learner.loss(includingPending: false), losses[index]), "\(index)")
        }
        #expect(isClose(learner.estimate!.value, example["mean"]!.double))
        #expect(isClose(learner.deviation, example["std"]!.double))
        replayedCount += 1
      }
    }
    #expect(replayedCount >= 3)
  }

  @Test func largeValuesKeepTheirDeviation() throws {
    var learner = AverageLearner(try AverageSettings(absoluteTolerance: 1e-9))
    var random = RandomSource(seed: 3)
    var values: [Double] = []
    for number in 0..<1000 {
      values.append(1e8 + random.nextNormal())
      learner.tell([Double(number)].span, value: [values[number]].span)
    }
    let mean = values.reduce(0) { $0 + ($1 - 1e8) } / 1000
    let variance = values.reduce(0) { $0 + ($1 - 1e8 - mean) * ($1 - 1e8 - mean) } / 999
    #expect(abs(learner.deviation - variance.squareRoot()) < 1e-6)
  }

  @Test func freeNumbersAreFoundWhereOthersAreTaken() throws {
    var learner = AverageLearner(try AverageSettings(absoluteTolerance: 0.1))
    for number in [0.0, 2, 4, 5, 6] { learner.tell([number].span, value: [1].span) }
    learner.tellFailed([3].span)
    // 6 are taken, and 6 is one of them: the smallest free ones.
    #expect(ask(&learner, 3).0.doubles == [1, 7, 8])
    #expect(ask(&learner, 2).0.doubles == [9, 10])
  }
}

@Suite struct SequenceLearnerTests {
  private func learner() throws -> SequenceLearner {
    let points = PointBuffer(dimension: 2, doubles: [3, 0, -1, 0, 3, 0, 2, 1, 5, -0.0])
    return SequenceLearner(try SequenceSettings(points: points), valueCount: 1)
  }

  @Test func eachPointOnceInOrder() throws {
    var learner = try learner()
    let (first, promised) = ask(&learner, 2)
    #expect(first.doubles == [3, 0, -1, 0] && promised == [0.25, 0.25])
    #expect(learner.loss(includingPending: false) == 1)
    #expect(learner.loss(includingPending: true) == 0.5)
    learner.tell([-1, 0].span, value: [1].span)
    learner.tell([-1, 0].span, value: [2].span)
    learner.tell([9, 9].span, value: [2].span)
    learner.tellFailed([2, 1].span)
    #expect(learner.pointCount == 2)
    #expect(learner.loss(includingPending: false) == 0.5)
    #expect(ask(&learner, 9).0.doubles == [5, 0])
    #expect(learner.nextImprovement == -.infinity && ask(&learner, 1).0.isEmpty)
    learner.tell([5, 0].span, value: [1].span)
    learner.tell([3, 0].span, value: [1].span)
    #expect(learner.loss(includingPending: false) == 0)
  }
}

@Suite struct SobolTests {
  @Test func plainPointsAreScipys() throws {
    var comparedCount = 0
    for file in try Reference.files() where file.name == "sobol.json" {
      let rows = file.content["points"]!.array.map(\.doubles)
      let sequence = SobolSequence(dimension: 21)
      for (number, row) in rows.enumerated() {
        for (axis, value) in row.enumerated() {
          #expect(sequence.coordinate(axis, of: UInt32(number)) * 64 == value)
          comparedCount += 1
        }
      }
    }
    #expect(comparedCount == 64 * 21)
  }

  /// Of 2^m points, each interval of 2^-m holds one, scrambled or not; and squares of 2^-k × 2^-j
  /// hold as many as their area says, for the first two coordinates are a (0, 2)-sequence.
  @Test(arguments: 1...10) func scrambledPointsStayANet(seed: Int) {
    let sequence = SobolSequence(dimension: 21, scrambling: RandomSource(seed: UInt64(seed)))
    for axis in 0..<21 {
      let cells = (0..<256).map { Int(sequence.coordinate(axis, of: UInt32($0)) * 256) }
      #expect(Set(cells).count == 256, "axis \(axis)")
    }
    for split in 0...8 {
      let cells = (0..<256).map { number -> Int in
        let x = Int(sequence.coordinate(0, of: UInt32(number)) * Double(1 << split))
        let y = Int(sequence.coordinate(1, of: UInt32(number)) * Double(1 << (8 - split)))
        return x << (8 - split) | y
      }
      #expect(Set(cells).count == 256, "seed \(seed), split \(split)")
    }
  }

  /// A scrambled point is uniform: over seeds, the mean of its coordinates is 1/2.
  @Test func scramblingIsUnbiased() {
    var sum = 0.0
    for seed in 0..<2000 {
      let sequence = SobolSequence(dimension: 2, scrambling: RandomSource(seed: UInt64(seed)))
      sum += sequence.coordinate(1, of: 5)
    }
    // Six standard deviations of the mean.
    #expect(abs(sum / 2000 - 0.5) < 6 * (1.0 / 12 / 2000).squareRoot())
  }

  @Test func theLearnerFillsItsBox() throws {
    let settings = try SobolSettings(box: [-1, 1, 10, 30], isScrambled: false)
    var learner = SobolLearner(settings, valueCount: 1, seed: 1)
    learner.tellFailed([0, 20].span)
    #expect(ask(&learner, 3).0.doubles == [-1, 10, 0.5, 15, -0.5, 25])
    #expect(learner.pendingCount == 3 && learner.loss(includingPending: false) == .infinity)
  }
}
