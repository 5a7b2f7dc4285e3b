import AdaptiveCore
import Foundation
import Geometry
import Testing
import _TestSupport

@testable import Learners

/// What holds for whatever function, seed after seed; the properties are those of Python adaptive's
/// own tests, and some more.
@Suite struct LearnerNDPropertyTests {
  private static let seedCount: UInt64 = 12

  /// A smooth function of any dimension, without symmetry.
  private struct Hill {
    let centre: [Double]
    let slope: Double

    init(_ dimension: Int, _ generator: inout SeededGenerator) {
      centre = (0..<dimension).map { _ in Double.random(in: -0.9...0.9, using: &generator) }
      slope = Double.random(in: 0.2...2, using: &generator)
    }

    func callAsFunction(_ point: [Double]) -> [Double] {
      var squared = 0.0
      for (x, c) in zip(point, centre) { squared += (x - c) * (x - c) }
      return [slope * point[0] + 1 / (0.02 + squared)]
    }
  }

  private func each(
    _ dimension: Int, _ body: (TestSeed, inout SeededGenerator) throws -> Void
  ) rethrows {
    let first = TestSeed().value
    for seed in first..<first + Self.seedCount {
      var generator = TestSeed(seed).generator(stream: UInt64(dimension))
      try body(TestSeed(seed), &generator)
    }
  }

  private func box(
    _ dimension: Int, _ loss: LossND = .volume, growth: Double = 1.1
  ) throws -> LearnerNDSettings {
    let bounds = (0..<dimension).flatMap { _ in [-1.0, 1] as [Double] }
    return try LearnerNDSettings(domain: .box(bounds), loss: loss, rangeGrowthMax: growth)
  }

  private func run(
    _ learner: inout LearnerND, _ count: Int, _ function: ([Double]) -> [Double]
  ) -> [[Double]] {
    var points: [[Double]] = []
    for _ in 0..<count {
      guard let point = learner.proposals(1).points.first else { break }
      learner.tell(point, function(point))
      points.append(point)
    }
    return points
  }

  @Test(arguments: 2...4)
  func orderOfTellsDoesNotMatter(dimension: Int) throws {
    try each(dimension) { seed, generator in
      let hill = Hill(dimension, &generator)
      var one = try LearnerND(box(dimension, growth: 1), valueCount: 1)
      _ = run(&one, 30, { hill($0) })
      var other = one
      let points = one.proposals(12).points
      _ = other.proposals(12)
      for point in points { one.tell(point, hill(point)) }
      for point in points.shuffled(using: &generator) { other.tell(point, hill(point)) }
      #expect(
        agree(
          one.loss(includingPending: false), other.loss(includingPending: false),
          tolerance: 1e-12), "\(seed)")
      #expect(places(one) == places(other), "\(seed)")
    }
  }

  /// Every simplex by where its vertices lie.
  private func places(_ learner: LearnerND) -> Set<Set<[Double]>> {
    let d = learner.dimension
    let all = learner.triangulation.coordinates
    return Set(
      learner.simplices.map { simplex in
        Set(simplex.map { Array(all[Int($0) * d..<(Int($0) + 1) * d]) })
      })
  }

  @Test(arguments: 2...4)
  func askingChangesNothingKnown(dimension: Int) throws {
    try each(dimension) { seed, generator in
      let hill = Hill(dimension, &generator)
      var learner = try LearnerND(box(dimension), valueCount: 1)
      let points = run(&learner, 40, { hill($0) })
      let loss = learner.loss(includingPending: false)
      let simplices = learner.simplices
      _ = learner.proposals(25)
      #expect(learner.loss(includingPending: false) == loss, "\(seed)")
      #expect(learner.simplices == simplices, "\(seed)")
      #expect(learner.pointCount == points.count)
      #expect(learner.disorders() == [], "\(seed)")
    }
  }

  @Test(arguments: 2...4)
  func noPointIsAskedTwice(dimension: Int) throws {
    try each(dimension) { seed, generator in
      let hill = Hill(dimension, &generator)
      var learner = try LearnerND(box(dimension), valueCount: 1)
      var asked: Set<[Double]> = []
      var out: [[Double]] = []
      for _ in 0..<40 {
        for point in learner.proposals(Int.random(in: 1...8, using: &generator)).points {
          #expect(asked.insert(point).inserted, "\(seed): \(point)")
          #expect(point.allSatisfy { (-1...1).contains($0) }, "\(seed)")
          out.append(point)
        }
        out.shuffle(using: &generator)
        while out.count > 10 {
          let point = out.removeLast()
          if Int.random(in: 0..<20, using: &generator) == 0 {
            learner.tellFailed(point.span)
          } else {
            learner.tell(point, hill(point))
          }
        }
        #expect(learner.disorders() == [], "\(seed)")
      }
    }
  }

  /// Stretched domains and values give the same points, stretched: exactly where the arithmetic is
  /// exact. Shifted values do, too, but for what rounding costs.
  @Test(arguments: 2...3)
  func scaleAndShiftDoNotMatter(dimension: Int) throws {
    try each(dimension) { seed, generator in
      let hill = Hill(dimension, &generator)
      let scale = Double(
        sign: .plus, exponent: Int.random(in: -20...20, using: &generator), significand: 1)
      let height = Double(
        sign: .plus, exponent: Int.random(in: -60...60, using: &generator), significand: 1)
      var plain = try LearnerND(box(dimension), valueCount: 1)
      let bounds = (0..<dimension).flatMap { _ in
        [-scale, scale] as [Double]
      }
      var other = try LearnerND(LearnerNDSettings(domain: .box(bounds)), valueCount: 1)
      let points = run(&plain, 120, { hill($0) })
      for (index, point) in points.enumerated() {
        let next = other.proposals(1).points[0]
        #expect(isNear(next.map { $0 / scale }, point, 1e-9), "\(seed), point \(index)")
        other.tell(next, hill(point).map { height * $0 })
      }
      let losses = (plain.loss(includingPending: false), other.loss(includingPending: false))
      #expect(agree(losses.0, losses.1, tolerance: 1e-9), "\(seed)")
      var shifted = try LearnerND(box(dimension), valueCount: 1)
      for point in points { shifted.tell(point, hill(point).map { $0 + 3 }) }
      #expect(agree(losses.0, shifted.loss(includingPending: false), tolerance: 1e-9), "\(seed)")
    }
  }

  /// Volumes differ by little more than one division.
  @Test(arguments: 2...3)
  func uniformLossSamplesUniformly(dimension: Int) throws {
    var learner = try LearnerND(box(dimension, .uniform), valueCount: 1)
    _ = run(&learner, 600) { [$0[0]] }
    let all = (0..<Int32(learner.losses.count)).filter {
      learner.whole.contains($0)
    }.map { learner.losses[Int($0)] }
    let mean = all.reduce(0, +) / Double(all.count)
    #expect(learner.loss(includingPending: false) <= 4 * mean)
  }

  @Test(arguments: 2...4)
  func lossFalls(dimension: Int) throws {
    try each(dimension) { seed, generator in
      let hill = Hill(dimension, &generator)
      var learner = try LearnerND(box(dimension), valueCount: 1)
      _ = run(&learner, 50, { hill($0) })
      let early = learner.loss(includingPending: false)
      _ = run(&learner, 250, { hill($0) })
      #expect(learner.loss(includingPending: false) < 0.7 * early, "\(seed)")
    }
  }

  /// A learner with results, failures and pending points, saved and restored, asks for ever what
  /// the saved one asks.
  @Test(
    arguments: 2...3,
    [LossND.volume, .std, .curvature(exploration: 0.05), .level(5, exploration: 0)])
  func restoredIsSaved(dimension: Int, loss: LossND) throws {
    // By adaptive's rules more than results counts: only what a replay of them restores is
    // promised.
    for isCompatible in loss == .volume ? [false, true] : [false] {
      try each(dimension) { seed, generator in
        let hill = Hill(dimension, &generator)
        let bounds = (0..<dimension).flatMap { [-1.0, Double($0) + 0.5] as [Double] }
        let settings = try LearnerNDSettings(
          domain: .box(bounds), loss: loss, isCompatible: isCompatible)
        var saved = LearnerWithRecord(try LearnerND(settings, valueCount: 1))
        for _ in 0..<Int.random(in: 1...60, using: &generator) {
          saved.ask(Int.random(in: 1...4, using: &generator))
          // By adaptive's rules it counts for a divider when it came.
          while saved.pending.count > (isCompatible ? 0 : 6) {
            saved.answer(&generator, { hill($0) }, failures: isCompatible ? 0 : 12)
          }
        }
        var restored = try LearnerND(restoring: settings, saved.record, valueCount: 1)
        #expect(restored.disorders() == [], "\(seed)")
        let state = saved.learner
        // Of losses that are equal but for rounding, any may be named.
        let losses = (
          restored.loss(includingPending: false), state.loss(includingPending: false)
        )
        #expect(agree(losses.0, losses.1, tolerance: 1e-10), "\(seed)")
        #expect(
          agree(restored.nextImprovement, state.nextImprovement, tolerance: 1e-10), "\(seed)")
        #expect(restored.pendingPoints() == state.pendingPoints(), "\(seed)")
        for _ in 0..<15 {
          let (mine, theirs) = (restored.proposals(2), saved.learner.proposals(2))
          #expect(mine.points == theirs.points, "\(seed) \(isCompatible)")
          for point in theirs.points {
            restored.tell(point, hill(point))
            saved.learner.tell(point, hill(point))
          }
        }
      }
    }
  }

  /// What was asked and never answered leaves nothing behind once it is struck out.
  @Test(arguments: 2...3)
  func pendingRemovedIsNeverAsked(dimension: Int) throws {
    try each(dimension) { seed, generator in
      let hill = Hill(dimension, &generator)
      var saved = LearnerWithRecord(try LearnerND(box(dimension), valueCount: 1))
      for _ in 0..<25 {
        saved.ask(3)
        while saved.pending.count > 4 { saved.answer(&generator, { hill($0) }, failures: 0) }
      }
      var record = saved.record
      record.pending = PointBuffer(dimension: dimension)
      var without = try LearnerND(restoring: box(dimension), record, valueCount: 1)
      var told = try LearnerND(box(dimension), valueCount: 1)
      for (point, value) in saved.told { told.tell(point, value) }
      #expect(
        agree(
          without.loss(includingPending: true), told.loss(includingPending: true),
          tolerance: 0.11), "\(seed)")
      var again = try LearnerND(box(dimension, growth: 1), valueCount: 1)
      var fresh = try LearnerND(box(dimension, growth: 1), valueCount: 1)
      for (point, value) in saved.told {
        again.tellPending(point.span)
        again.tell(point, value)
        fresh.tell(point, value)
      }
      #expect(again.proposals(20).points == fresh.proposals(20).points, "\(seed)")
      #expect(!without.proposals(5).points.isEmpty)
    }
  }

  /// A value of equal components is the scalar, stretched.
  @Test(arguments: 2...3)
  func vectorAndScalarAgree(dimension: Int) throws {
    try each(dimension) { seed, generator in
      let hill = Hill(dimension, &generator)
      var scalar = try LearnerND(box(dimension), valueCount: 1)
      var vector = try LearnerND(box(dimension), valueCount: 3)
      for point in run(&scalar, 80, { hill($0) }) {
        let value = hill(point)[0]
        vector.tell(point, [value, value, value])
      }
      // Equal components are one component, stretched by √3.
      #expect(vector.simplices == scalar.simplices, "\(seed)")
      let losses = (
        scalar.loss(includingPending: false), vector.loss(includingPending: false)
      )
      #expect((1...1.7321).contains(losses.1 / losses.0), "\(seed): \(losses)")
    }
  }
}
