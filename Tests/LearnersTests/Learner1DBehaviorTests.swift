import AdaptiveCore
import Foundation
import Testing

@testable import Learners

/// What users of Learner1D rely on, in adaptive too, and what it promises beyond.
@Suite struct Learner1DBehaviorTests {
  private func learner(
    _ lower: Double = -1, _ upper: Double = 1, loss: Loss1D = .distance, valueCount: Int = 1
  ) throws -> Learner1D {
    Learner1D(
      try Learner1DSettings(lower: lower, upper: upper, loss: loss), valueCount: valueCount)
  }

  private func peak(_ x: Double) -> Double { x + 0.0001 / (0.0001 + (x - 0.3) * (x - 0.3)) }

  @Test(arguments: 1...20) func orderOfBulkTellingDoesNotMatter(seed: UInt64) throws {
    var random = RandomSource(seed: seed)
    let points = (0..<50).map { _ in 2 * random.nextUnit() - 1 }
    var intervals: [[Learner1D.Interval]] = []
    for _ in 0..<3 {
      var learner = try learner(loss: .curvature(area: 1, euclid: 0.02, horizontal: 0.02))
      learner.tellPending(0.25)
      let order = points.shuffled(using: &random)
      learner.tellMany(
        PointBuffer(dimension: 1, doubles: order),
        values: PointBuffer(dimension: 1, doubles: order.map(peak)))
      intervals.append(learner.combinedIntervals)
    }
    #expect(intervals[0].count == 50)
    #expect(intervals[0] == intervals[1] && intervals[1] == intervals[2], "seed \(seed)")
  }

  @Test(arguments: 1...20) func askedThenToldIsTold(seed: UInt64) throws {
    var random = RandomSource(seed: seed)
    var asked = try learner()
    var told = try learner()
    for _ in 0..<80 {
      for x in asked.ask(1 + Int(random.next() % 4)).points.shuffled(using: &random) {
        asked.tell(x, peak(x))
        told.tell(x, peak(x))
      }
    }
    #expect(asked.realIntervals == told.realIntervals, "seed \(seed)")
    #expect(asked.ask(20) == told.ask(20), "seed \(seed)")
  }

  @Test(arguments: [0.25, 1024, 1e-3, 3e5], [1, 1e-6, 7e7])
  func scalingScalesTheSequence(xFactor: Double, yFactor: Double) throws {
    var plain = try learner()
    var scaled = try learner(-xFactor, xFactor)
    for _ in 0..<300 {
      let x = plain.ask(1).points[0]
      let other = scaled.ask(1).points[0]
      try #require(agree(x * xFactor, other, tolerance: 1e-10))
      plain.tell(x, peak(x))
      scaled.tell(other, yFactor * peak(x))
    }
    #expect(
      agree(
        plain.loss(includingPending: false), scaled.loss(includingPending: false),
        tolerance: 1e-10))
  }

  @Test func uniformLossSamplesUniformly() throws {
    var learner = try learner(0.1, 0.7, loss: .uniform)
    for count in 1...100 {
      for x in learner.ask(1).points { learner.tell(x, peak(x)) }
      let lengths = learner.realIntervals.map { $0.right - $0.left }
      guard count > 1, let longest = lengths.max(), let shortest = lengths.min() else { continue }
      #expect(longest <= 2 * shortest * (1 + 1e-9))
    }
  }

  @Test func lossFallsAtFixedScale() throws {
    var learner = try learner()
    var last = Double.infinity
    for _ in 0..<300 {
      let x = learner.ask(1).points[0]
      learner.tell(x, tanh(9 * x))
      let loss = learner.loss(includingPending: false)
      // Losses that are equal to 12 decimals are one loss.
      #expect(loss <= last + 1e-12)
      last = loss
    }
    #expect(last < 0.03)
  }

  @Test func knownPointToldAgainIsIgnored() throws {
    var learner = try learner()
    for _ in 0..<20 { for x in learner.ask(1).points { learner.tell(x, peak(x)) } }
    let before = learner.realIntervals
    for interval in before { learner.tell(interval.left, 1e9) }
    learner.tell(5, 1)
    learner.tell(5, 2)
    #expect(learner.realIntervals == before)
    #expect(learner.pointCount == 21)
  }

  @Test func negativeZeroIsZero() throws {
    var learner = try learner(-0.0, 1)
    #expect(learner.ask(3).points == [0, 0.5, 1])
    learner.tell(-0.0, 1)
    #expect(learner.pendingCount == 2 && learner.pointCount == 1)
    learner.tell(0, 7)
    #expect(learner.pointCount == 1)
  }

  @Test func failedBoundDoesNotHoldTheLossUp() throws {
    var learner = try learner()
    #expect(learner.ask(2).points == [-1, 1])
    learner.tellFailed(1)
    learner.tell(-1, 0)
    #expect(learner.loss(includingPending: false) == 1)
    var near = 0
    for _ in 0..<200 {
      let x = learner.ask(1).points[0]
      if x > 0.9 { near += 1 }
      if x > 0.999 { learner.tellFailed(x) } else { learner.tell(x, 1 + x) }
    }
    #expect(learner.loss(includingPending: false) < 0.05)
    #expect(near < 40)
  }

  @Test func failedPointDividesForGood() throws {
    var learner = try learner()
    for x in learner.ask(2).points { learner.tell(x, 0) }
    #expect(learner.ask(1).points == [0])
    learner.tellFailed(0)
    #expect(learner.pendingCount == 0)
    #expect(learner.ask(2).points == [-0.5, 0.5])
    #expect(learner.realIntervals.count == 1)
    learner.tell(0, 3)
    #expect(learner.realIntervals.map(\.left) == [-1, 0])
  }

  @Test func aFullDomainHasNothingToOffer() throws {
    var learner = try learner(1, 1 + 8 * Double.ulpOfOne)
    var seen: Set<Double> = []
    for _ in 0..<5 {
      for x in learner.ask(7).points {
        #expect(seen.insert(x).inserted)
        learner.tell(x, x)
      }
    }
    #expect(seen.count == 9)
    #expect(learner.ask(3).points.isEmpty)
  }

  @Test func aStepEndsAtTheShortestInterval() throws {
    var learner = try learner()
    for _ in 0..<400 {
      let x = learner.ask(1).points[0]
      learner.tell(x, x < 0.3 ? -1 : 1)
    }
    let shortest = learner.realIntervals.map { $0.right - $0.left }.min() ?? 0
    #expect(shortest < 1e-14)
    #expect(learner.loss(includingPending: false) < 0.02)
  }

  @Test func manyPartsOfAStepAreAllDifferent() throws {
    var learner = try learner()
    for _ in 0..<120 {
      for x in learner.ask(1).points { learner.tell(x, x < 0.3 ? -1 : 1) }
    }
    let asked = learner.ask(5000).points
    #expect(asked.count == 5000 && Set(asked).count == 5000)
  }
}
