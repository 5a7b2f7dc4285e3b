import AdaptiveCore
import Geometry
import Testing
import _TestSupport

@testable import Learners

/// What holds for whatever function, seed after seed; the properties are those of Python adaptive's
/// own tests, and some more.
@Suite struct Learner2DPropertyTests {
  private static let seedCount: UInt64 = 10
  private static let losses: [Loss2D] = [
    .deviation, .surface, .uniform, .resolution(min: 0.01, max: 0.3),
    .thresholded(lower: 0, upper: 20, factor: 0.1),
  ]

  /// A smooth function without symmetry.
  private struct Hill {
    let centre: [Double]
    let slope: Double

    init(_ generator: inout SeededGenerator) {
      centre = (0..<2).map { _ in Double.random(in: -0.9...0.9, using: &generator) }
      slope = Double.random(in: 0.2...2, using: &generator)
    }

    func callAsFunction(_ point: [Double]) -> [Double] {
      let (x, y) = (point[0] - centre[0], point[1] - centre[1])
      return [slope * point[0] + 1 / (0.02 + x * x + y * y)]
    }
  }

  private func each(
    _ body: (TestSeed, inout SeededGenerator) throws -> Void
  ) rethrows {
    let first = TestSeed().value
    for seed in first..<first + Self.seedCount {
      var generator = TestSeed(seed).generator(stream: 2)
      try body(TestSeed(seed), &generator)
    }
  }

  private func square(
    _ loss: Loss2D = .deviation, growth: Double = 1.1, stack: Int = 1, isCompatible: Bool = false
  ) throws -> Learner2DSettings {
    try Learner2DSettings(
      bounds: [-1, 1, -1, 1], loss: loss, stackCount: stack, isCompatible: isCompatible,
      rangeGrowthMax: growth)
  }

  private func run<Sampler: Learner>(
    _ learner: inout Sampler, _ count: Int, _ function: ([Double]) -> [Double]
  ) -> [[Double]] {
    var points: [[Double]] = []
    for _ in 0..<count {
      guard let point = learner.proposals(1).points.first else { break }
      learner.tell(point, function(point))
      points.append(point)
    }
    return points
  }

  /// Rounding aside, which shifted values do not share, but for how far gradients are followed.
  private func expectEqualLosses(
    _ a: Learner2D, _ b: Learner2D, _ loss: Loss2D, rounding: Double = 1e-12,
    _ context: String
  ) {
    let losses = (a.loss(includingPending: false), b.loss(includingPending: false))
    let tolerance = loss.needsGradients ? a.known.lossTolerance : 0
    #expect(
      losses.0 == losses.1 || (losses.0 - losses.1).magnitude <= tolerance + rounding * losses.0,
      "\(context): \(losses), off by \(tolerance)")
  }

  /// Losses depend on it only as far as gradients are followed.
  @Test(arguments: losses) func orderOfTellsDoesNotMatter(loss: Loss2D) throws {
    try each { seed, generator in
      let hill = Hill(&generator)
      var one = try Learner2D(square(loss, growth: 1), valueCount: 1)
      _ = run(&one, 40, { hill($0) })
      var other = one
      let points = one.proposals(12).points
      _ = other.proposals(12)
      for point in points { one.tell(point, hill(point)) }
      for point in points.shuffled(using: &generator) { other.tell(point, hill(point)) }
      expectEqualLosses(one, other, loss, "\(seed)")
      #expect(one.known.places == other.known.places, "\(seed)")
      #expect(one.all.places == other.all.places, "\(seed)")
      // What comes next does not depend on it at all, but where guests followed other planes.
      let next = (one.proposals(10).points, other.proposals(10).points)
      #expect(Set(next.0).intersection(next.1).count >= 9, "\(seed): \(next)")
    }
  }

  @Test(arguments: losses) func askingChangesNothingKnown(loss: Loss2D) throws {
    try each { seed, generator in
      let hill = Hill(&generator)
      var learner = try Learner2D(square(loss), valueCount: 1)
      let points = run(&learner, 60, { hill($0) })
      let loss = learner.loss(includingPending: false)
      let places = learner.known.places
      _ = learner.proposals(40)
      #expect(learner.loss(includingPending: false) == loss, "\(seed)")
      #expect(learner.known.places == places, "\(seed)")
      #expect(learner.pointCount == points.count)
      #expect(learner.known.disorders() == [], "\(seed)")
      #expect(learner.all.settled().disorders() == [], "\(seed)")
    }
  }

  @Test(arguments: [1, 10], [false, true])
  func noPointIsAskedTwice(stack: Int, isCompatible: Bool) throws {
    try each { seed, generator in
      let hill = Hill(&generator)
      var learner = try Learner2D(
        square(stack: stack, isCompatible: isCompatible), valueCount: 1)
      var asked: Set<[Double]> = []
      var out: [[Double]] = []
      for _ in 0..<40 {
        let count = Int.random(in: 1...12, using: &generator)
        let points = learner.proposals(count).points
        #expect(points.count == count, "\(seed)")
        for point in points {
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
        guard !isCompatible else { continue }
        #expect(learner.known.disorders() == [], "\(seed)")
        #expect(learner.all.settled().disorders() == [], "\(seed)")
      }
    }
  }

  /// Whoever tells points that a learner was about to ask for, or any other, is not asked for them.
  @Test(arguments: [1, 10], [false, true])
  func toldPointsAreNeverAsked(stack: Int, isCompatible: Bool) throws {
    try each { seed, generator in
      let hill = Hill(&generator)
      var learner = try Learner2D(
        square(stack: stack, isCompatible: isCompatible), valueCount: 1)
      var told: Set<[Double]> = []
      for _ in 0..<30 {
        var twin = learner
        var next = twin.proposals(5).points
        next.append((0..<2).map { _ in Double.random(in: -1...1, using: &generator) })
        for point in next.shuffled(using: &generator).prefix(3) {
          told.insert(point)
          learner.tell(point, hill(point))
        }
        let asked = learner.proposals(2).points
        #expect(asked.count == 2 && told.isDisjoint(with: asked), "\(seed): \(asked)")
        told.insert(asked[0])
        learner.tell(asked[0], hill(asked[0]))
      }
      #expect(learner.pointCount == told.count, "\(seed)")
    }
  }

  /// Stretched domains and values give the same points, stretched: exactly where the arithmetic is
  /// exact. Shifted values do, too, but for what rounding costs.
  @Test(arguments: losses) func scaleAndShiftDoNotMatter(loss: Loss2D) throws {
    if case .thresholded = loss { return }
    try each { seed, generator in
      let hill = Hill(&generator)
      let exponents = [-20...20, -60...60].map { Int.random(in: $0, using: &generator) }
      let (width, height) = (
        Double(sign: .plus, exponent: exponents[0], significand: 1),
        Double(sign: .plus, exponent: exponents[1], significand: 1)
      )
      var plain = try Learner2D(square(loss), valueCount: 1)
      var other = try Learner2D(
        Learner2DSettings(bounds: [-width, width, -1, 1], loss: loss), valueCount: 1)
      let points = run(&plain, 150, { hill($0) })
      for (index, point) in points.enumerated() {
        let next = other.proposals(1).points[0]
        #expect([next[0] / width, next[1]] == point, "\(seed), point \(index)")
        other.tell(next, hill(point).map { height * $0 })
      }
      let losses = (plain.loss(includingPending: false), other.loss(includingPending: false))
      #expect(losses.0 == losses.1, "\(seed)")
      var shifted = try Learner2D(square(loss), valueCount: 1)
      for point in points { shifted.tell(point, hill(point).map { $0 + 3 }) }
      expectEqualLosses(plain, shifted, loss, rounding: 1e-9, "\(seed)")
    }
  }

  /// Areas differ by little more than one division: a third, then a half of the rest.
  @Test func uniformLossSamplesUniformly() throws {
    var learner = try Learner2D(square(.uniform), valueCount: 1)
    _ = run(&learner, 800) { [$0[0]] }
    let areas = learner.known.losses.indices
      .filter { learner.known.triangulation.isFinite(Int32($0)) }
      .map { learner.known.losses[$0] * learner.known.losses[$0] }
    let mean = areas.reduce(0, +) / Double(areas.count)
    #expect((areas.max() ?? 0) <= 4 * mean)
    #expect((areas.reduce(0, +) - 1).magnitude < 1e-12)
  }

  @Test(arguments: [Loss2D.deviation, .surface, .uniform]) func lossFalls(loss: Loss2D) throws {
    try each { seed, generator in
      let hill = Hill(&generator)
      var learner = try Learner2D(square(loss), valueCount: 1)
      _ = run(&learner, 60, { hill($0) })
      let early = learner.loss(includingPending: false)
      _ = run(&learner, 300, { hill($0) })
      #expect(learner.loss(includingPending: false) < 0.7 * early, "\(seed)")
    }
  }

  /// Followed from change to change, gradients stay those that all values determine: within what
  /// the tolerance allows, however many changes there were.
  @Test(arguments: [40, 160]) func gradientsAreThoseOfAllValues(count: Int) throws {
    try each { seed, generator in
      let hill = Hill(&generator)
      var saved = LearnerWithRecord(try Learner2D(square(), valueCount: 1))
      while saved.learner.pointCount < count {
        saved.ask(3)
        while saved.pending.count > 4 { saved.answer(&generator, { hill($0) }) }
      }
      for mesh in [saved.learner.known, saved.learner.all.settled()] {
        try expectExact(mesh, "\(seed)")
      }
    }
  }

  /// A value that changes by itself moves gradients around it, even where its own stays.
  @Test func gradientsAroundAChangedValue() throws {
    var mesh = Mesh2D(
      loss: .deviation, valueCount: 1, isComplex: false, scale: 1, isIncremental: true)
    for place in [[0.0, 0], [0, 1], [1, 0], [1, 1], [0.5, 0.5]] {
      let point: InlineArray<2, Double> = [place[0], place[1]]
      _ = mesh.addVertex(point, [0.0].span)
    }
    mesh.begin()
    mesh.setRange(1, factor: 1)
    mesh.setValue(4, [1.0].span)
    mesh.settle()
    try expectExact(mesh, "the middle of a square")
    #expect(mesh.gradients[0] > 0.5)
  }

  /// Changes that are each too small to be followed add up to one that is.
  @Test func slowDriftIsFollowed() throws {
    try each { seed, generator in
      let hill = Hill(&generator)
      var learner = try Learner2D(square(), valueCount: 1)
      _ = run(&learner, 80, { hill($0) })
      var mesh = learner.known
      let vertex = Int32(40)
      let value = mesh.value(vertex)[40]
      for step in 1...3_000 {
        mesh.setValue(vertex, [value + Double(step) / 1_000 * mesh.range].span)
        mesh.settle()
      }
      try expectExact(mesh, "\(seed)")
      #expect(mesh.disorders() == [], "\(seed)")
    }
  }

  /// Whether the gradients are those that all values determine, within what the tolerance allows.
  private func expectExact(_ mesh: Mesh2D, _ context: String) throws {
    let exact = mesh.exactGradients(component: 0)
    try #require(exact.count == mesh.vertexCount)
    for (vertex, gradient) in exact.enumerated() {
      let error = max(
        (mesh.gradients[2 * vertex] - gradient.x).magnitude,
        (mesh.gradients[2 * vertex + 1] - gradient.y).magnitude)
      let size = max(mesh.range, gradient.x.magnitude, gradient.y.magnitude)
      #expect(error <= 10 * Mesh2D.followedTolerance * size, "\(context), vertex \(vertex)")
    }
  }

  /// A learner with results, failures and pending points, saved and restored, asks for ever what
  /// the saved one asks.
  @Test(arguments: losses, [1, 10])
  func restoredIsSaved(loss: Loss2D, stack: Int) throws {
    for isCompatible in [false, true] {
      try each { seed, generator in
        let hill = Hill(&generator)
        let settings = try square(loss, stack: stack, isCompatible: isCompatible)
        var saved = LearnerWithRecord(try Learner2D(settings, valueCount: 1))
        for _ in 0..<Int.random(in: 1...40, using: &generator) {
          saved.ask(Int.random(in: 1...4, using: &generator))
          while saved.pending.count > 6 { saved.answer(&generator, { hill($0) }) }
        }
        var restored = try Learner2D(restoring: settings, saved.record, valueCount: 1)
        let state = saved.learner
        #expect(
          restored.loss(includingPending: false) == state.loss(includingPending: false), "\(seed)")
        #expect(restored.nextImprovement == state.nextImprovement, "\(seed)")
        #expect(restored.pendingPoints() == state.pendingPoints(), "\(seed)")
        #expect(restored.snapshot() == state.snapshot(), "\(seed)")
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
  @Test func pendingRemovedIsNeverAsked() throws {
    try each { seed, generator in
      let hill = Hill(&generator)
      var saved = LearnerWithRecord(try Learner2D(square(.surface), valueCount: 1))
      for _ in 0..<25 {
        saved.ask(3)
        while saved.pending.count > 4 { saved.answer(&generator, { hill($0) }, failures: 0) }
      }
      var again = try Learner2D(square(.surface, growth: 1), valueCount: 1)
      var fresh = try Learner2D(square(.surface, growth: 1), valueCount: 1)
      for (point, value) in saved.told {
        again.tellPending(point.span)
        again.tell(point, value)
        fresh.tell(point, value)
      }
      #expect(again.all.settled().places == fresh.all.settled().places, "\(seed)")
      let next = (again.proposals(20).points, fresh.proposals(20).points)
      #expect(next.0 == next.1, "\(seed)")
    }
  }

  /// A value of equal components is the scalar: twice as far from its tangents if there are two.
  @Test func vectorAndScalarAgree() throws {
    try each { seed, generator in
      let hill = Hill(&generator)
      var sampler = try Learner2D(square(), valueCount: 1)
      var vector = try Learner2D(square(.deviation), valueCount: 2)
      var plain = try Learner2D(square(.deviation), valueCount: 1)
      for point in run(&sampler, 100, { hill($0) }) {
        let value = hill(point)[0]
        vector.tell(point, [value, value])
        plain.tell(point, [value])
      }
      for triangle in plain.known.losses.indices
      where plain.known.triangulation.isFinite(Int32(triangle)) {
        let corners = plain.known.corners(Int32(triangle))
        let area = TriangleLoss(
          loss: .uniform, valueCount: 1, isComplex: false, scale: 1, factor: 1
        ).area(corners, plain.known.triangulation.coordinates.span)
        let one = plain.known.losses[triangle] - 0.3 * area
        let two = vector.known.losses[triangle] - 0.3 * area
        #expect((two - 2 * one).magnitude < 1e-12, "\(seed)")
      }
    }
  }
}
