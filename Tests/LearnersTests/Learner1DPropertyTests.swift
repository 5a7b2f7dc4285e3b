import AdaptiveCore
import Foundation
import Testing

@testable import Learners

/// One call to a learner of scalars.
private enum Step {
  case ask(Int)
  case tell(Double, Double)
  case tellPending(Double)
  case fail(Double)
}

/// A reproducible stream of calls; results are late, out of order, repeated, foreign, failed or
/// NaN.
private struct Scenario {
  var random: RandomSource
  let lower: Double
  let upper: Double
  let loss: Loss1D
  let feature: Double
  var asked: [Double] = []
  var told: [Double] = []

  init(seed: UInt64) {
    random = RandomSource(seed: seed)
    let losses: [Loss1D] = [
      .distance, .uniform, .absMinLog, .triangle, .resolution(min: 0.02, max: 0.3),
      .curvature(area: 1, euclid: 0.02, horizontal: 0.02),
    ]
    loss = losses[Int(seed % UInt64(losses.count))]
    lower = [-1, 0, -3.3, 1e3][Int(random.next() % 4)]
    upper = lower + [2, 1, 0.7, 10.4][Int(random.next() % 4)]
    feature = random.nextUnit()
  }

  var settings: Learner1DSettings {
    get throws { try Learner1DSettings(lower: lower, upper: upper, loss: loss) }
  }

  mutating func value(_ x: Double) -> Double {
    if random.nextUnit() < 0.03 { return .nan }
    let u = (x - lower) / (upper - lower) - feature
    return u + 0.0004 / (0.0004 + u * u) + (u > 0 ? 3 : 0)
  }

  mutating func next() -> Step {
    let draw = random.nextUnit()
    if draw < 0.35 { return .ask(1 + Int(random.next() % 6)) }
    if draw < 0.80, !asked.isEmpty {
      let x = asked.remove(at: Int(random.next() % UInt64(asked.count)))
      told.append(x)
      return .tell(x, value(x))
    }
    if draw < 0.86, !asked.isEmpty {
      return .fail(asked.remove(at: Int(random.next() % UInt64(asked.count))))
    }
    if draw < 0.88, let x = told.randomElement(using: &random) { return .tell(x, value(x)) }
    // Foreign points, some of them outside the domain.
    let x = lower + (random.nextUnit() * 1.1 - 0.05) * (upper - lower)
    if draw < 0.93 {
      asked.append(x)
      return .tellPending(x)
    }
    if draw < 0.95 { return .fail(x) }
    told.append(x)
    return .tell(x, value(x))
  }
}

extension Learner1D {
  fileprivate mutating func take(_ step: Step) -> Proposal? {
    switch step {
    case .ask(let count): return ask(count)
    case .tell(let x, let y): tell(x, y)
    case .tellPending(let x): tellPending(x)
    case .fail(let x): tellFailed(x)
    }
    return nil
  }
}

private let seeds: [UInt64] = Array(1...200)

@Suite struct Learner1DPropertyTests {
  @Test(arguments: seeds) func equalsItsRules(seed: UInt64) throws {
    var scenario = Scenario(seed: seed)
    var learner = Learner1D(try scenario.settings, valueCount: 1)
    var naive = NaiveLearner1D(lower: scenario.lower, upper: scenario.upper, loss: scenario.loss)
    for turn in 0..<80 {
      let step = scenario.next()
      let proposal = learner.take(step)
      switch step {
      case .ask(let count):
        let expected = naive.ask(count)
        scenario.asked += expected.points
        try #require(proposal?.points == expected.points, "seed \(seed), turn \(turn)")
        for (mine, theirs) in zip(proposal!.improvements, expected.improvements) {
          try #require(agree(mine, theirs), "seed \(seed), turn \(turn)")
        }
      case .tell(let x, let y): naive.tell(x, y)
      case .tellPending(let x): naive.tellPending(x)
      case .fail(let x): naive.tellFailed(x)
      }
      for isPending in [false, true] {
        let mine = learner.loss(includingPending: isPending)
        let theirs = naive.loss(includingPending: isPending)
        try #require(agree(mine, theirs), "seed \(seed), turn \(turn), \(mine), \(theirs)")
      }
      try #require(learner.pendingPoints().doubles == naive.pending, "seed \(seed), turn \(turn)")
      try #require(learner.pointCount == naive.known.count + naive.outside.count)
      try #require(learner.pendingCount == naive.pending.count)
    }
  }

  @Test(arguments: seeds) func restoredGoesOnTheSame(seed: UInt64) throws {
    var scenario = Scenario(seed: seed)
    var learner = Learner1D(try scenario.settings, valueCount: 1)
    var log = ResultLog(dimension: 1, valueCount: 1)
    var failed = PointBuffer(dimension: 1)
    func record(_ step: Step) {
      if case .tell(let x, let y) = step {
        log.append(point: [x].span, value: [y].span, seconds: 0, leaf: Rank(0))
      }
      if case .fail(let x) = step { failed.append(x) }
    }
    for _ in 0..<Int(scenario.random.next() % 200) {
      let step = scenario.next()
      if let proposal = learner.take(step) { scenario.asked += proposal.points }
      record(step)
    }
    var restored = try Learner1D(
      restoring: learner.settings, valueCount: 1, results: log, failed: failed,
      pending: learner.pendingPoints(), snapshot: learner.snapshot())
    #expect(restored.combinedIntervals.elementsEqual(learner.combinedIntervals, by: ==~))
    #expect(restored.realIntervals.elementsEqual(learner.realIntervals, by: ==~))
    #expect(restored.pendingPoints() == learner.pendingPoints())
    for turn in 0..<200 {
      let step = scenario.next()
      let proposal = learner.take(step)
      let other = restored.take(step)
      try #require(proposal?.points == other?.points, "seed \(seed), turn \(turn)")
      for (mine, theirs) in zip(proposal?.improvements ?? [], other?.improvements ?? []) {
        try #require(mine == theirs || mine.isNaN && theirs.isNaN, "seed \(seed), turn \(turn)")
      }
      scenario.asked += proposal?.points ?? []
      let loss = learner.loss(includingPending: false)
      let otherLoss = restored.loss(includingPending: false)
      try #require(loss == otherLoss || loss.isNaN && otherLoss.isNaN, "seed \(seed), turn \(turn)")
    }
  }

  @Test(arguments: seeds.prefix(60)) func noPointIsAskedTwice(seed: UInt64) throws {
    var scenario = Scenario(seed: seed)
    var learner = Learner1D(try scenario.settings, valueCount: 1)
    var seen: Set<Double> = []
    for turn in 0..<300 {
      let step = scenario.next()
      switch step {
      case .ask: break
      case .tell(let x, _), .tellPending(let x), .fail(let x): seen.insert(x)
      }
      for x in learner.take(step)?.points ?? [] {
        try #require(seen.insert(x).inserted, "seed \(seed), turn \(turn): \(x) again")
        scenario.asked.append(x)
      }
    }
  }
}

infix operator ==~ : ComparisonPrecedence

/// Equality in which NaN equals NaN.
private func ==~ (a: Learner1D.Interval, b: Learner1D.Interval) -> Bool {
  a == b || (a.left == b.left && a.right == b.right && a.loss.isNaN && b.loss.isNaN)
}
