import AdaptiveCore
import Testing
import _TestSupport

@testable import Learners

@Suite struct LearnerNDBehaviorTests {
  private func square(_ loss: LossND = .volume) throws -> LearnerND {
    try LearnerND(LearnerNDSettings(domain: .box([0, 1, 0, 1]), loss: loss), valueCount: 1)
  }

  private func bump(_ p: [Double]) -> [Double] {
    [p[0] + 1 / (0.01 + (p[0] - 0.3) * (p[0] - 0.3) + (p[1] - 0.6) * (p[1] - 0.6))]
  }

  @Test func cornersComeFirst() throws {
    var learner = try square()
    #expect(learner.proposals(3).points == [[0, 0], [0, 1], [1, 0]])
    #expect(learner.loss(includingPending: true) == .infinity)
    #expect(learner.nextImprovement == .infinity)
    let next = learner.proposals(2)
    #expect(next.points[0] == [1, 1])
    // Adaptive's first random point, of its generator with its seed.
    #expect(next.points[1] == [0.13436424411240122, 0.8474337369372327])
  }

  @Test func generatorIsPythons() {
    var generator = MersenneTwister(seed: 1)
    let first = (0..<4).map { _ in generator.next() }
    #expect(
      first == [0.13436424411240122, 0.8474337369372327, 0.763774618976614, 0.2550690257394217])
  }

  @Test func valuesThatAreNoNumbersDoNotStop() throws {
    var learner = try square()
    for _ in 0..<300 {
      let point = learner.proposals(1).points[0]
      learner.tell(point, point[0] > 0.5 ? [.nan] : bump(point))
    }
    #expect(learner.pointCount == 300)
    #expect(learner.disorders() == [])
    // The hole is sampled by volume, no more than the rest.
    let all = learner.register
    let inHole = (0..<all.count).filter { all.coordinates[2 * $0] > 0.5 }.count
    #expect((20...200).contains(inHole))
  }

  /// A failed corner bounds the domain without a value; a late one is taken all the same.
  @Test func failedCorner() throws {
    var learner = try square()
    for point in learner.proposals(4).points {
      if point == [1, 1] {
        learner.tellFailed(point.span)
      } else {
        learner.tell(point, bump(point))
      }
    }
    #expect(learner.loss(includingPending: false).isFinite)
    for _ in 0..<60 {
      let point = learner.proposals(1).points[0]
      learner.tell(point, bump(point))
    }
    #expect(learner.loss(includingPending: false) < 0.2)
    learner.tell([1, 1], bump([1, 1]))
    #expect(learner.pointCount == 64)
    #expect(learner.missing.isEmpty)
    #expect(learner.disorders() == [])
  }

  @Test func failedPointsAreNotWaitedFor() throws {
    var learner = try square()
    for _ in 0..<200 {
      let point = learner.proposals(1).points[0]
      if point[0] > 0.7, point[1] > 0.7, point != [1, 1] {
        learner.tellFailed(point.span)
      } else {
        learner.tell(point, bump(point))
      }
    }
    #expect(learner.pendingCount == 0)
    #expect(learner.pointCount > 100)
    #expect(learner.disorders() == [])
  }

  /// Points of other runs: anywhere, outside, twice, at places where another already is.
  @Test func foreignPoints() throws {
    let seed = TestSeed()
    var generator = seed.generator()
    var learner = try square()
    for _ in 0..<500 {
      let point = (0..<2).map { _ in Double.random(in: -0.2...1.2, using: &generator) }
      learner.tell(point, bump(point))
      learner.tell(point, [7])
    }
    #expect(learner.pointCount == 500, "\(seed)")
    learner.tell([0.5, 0.5], [1])
    learner.tell([0.5, 0.5 + 1e-17], [2])
    learner.tell([0.5, 0.5.nextUp], [2])
    for _ in 0..<100 {
      let point = learner.proposals(1).points[0]
      learner.tell(point, bump(point))
    }
    #expect(learner.disorders() == [], "\(seed)")
  }

  /// Twenty thousand points out at once, then answered in any order.
  @Test func manyPending() throws {
    let seed = TestSeed()
    var generator = seed.generator()
    var learner = try square()
    var out = learner.proposals(4).points
    for point in out { learner.tell(point, bump(point)) }
    out = learner.proposals(2_000).points
    #expect(Set(out).count == 2_000)
    out.shuffle(using: &generator)
    for point in out.prefix(600) { learner.tell(point, bump(point)) }
    #expect(learner.pendingCount == 1_400)
    #expect(learner.disorders() == [], "\(seed)")
    #expect(Set(learner.proposals(500).points).isDisjoint(with: out))
  }

  @Test func hullsKeepTheirPoints() throws {
    let corners = PointBuffer(dimension: 2, doubles: [0, 0, 4, 1, 5, 5, 1, 3, 2, 2, 2, 2])
    var learner = try LearnerND(LearnerNDSettings(domain: .hull(corners)), valueCount: 1)
    let first = learner.proposals(4).points
    #expect(first == [[0, 0], [1, 3], [4, 1], [5, 5]])
    for point in first { learner.tell(point, [point[0] * point[1]]) }
    for _ in 0..<300 {
      let point = learner.proposals(1).points[0]
      // Counterclockwise edges: a point inside lies left of each.
      let ring: [[Double]] = [[0, 0], [4, 1], [5, 5], [1, 3]]
      for (a, b) in zip(ring, ring[1...] + ring[..<1]) {
        let side = (b[0] - a[0]) * (point[1] - a[1]) - (b[1] - a[1]) * (point[0] - a[0])
        #expect(side >= -1e-6)
      }
      learner.tell(point, [point[0] * point[1]])
    }
    #expect(learner.disorders() == [])
  }

  @Test func hullsThatEncloseNothing() {
    let line = PointBuffer(dimension: 2, doubles: [0, 0, 1, 1, 2, 2])
    #expect(throws: LearnerError.self) { try LearnerNDSettings(domain: .hull(line)) }
    #expect(throws: LearnerError.self) { try LearnerNDSettings(domain: .box([0, 1])) }
    #expect(throws: LearnerError.self) { try LearnerNDSettings(domain: .box([0, 1, 1, 0])) }
    #expect(throws: LearnerError.self) {
      try LearnerND(
        LearnerNDSettings(domain: .box([0, 1, 0, 1]), isAnisotropic: true), valueCount: 2)
    }
  }

  /// Six dimensions work; they are slow.
  @Test(arguments: 5...6)
  func manyDimensions(dimension: Int) throws {
    let bounds = (0..<dimension).flatMap { _ in [0.0, 1] as [Double] }
    var learner = try LearnerND(LearnerNDSettings(domain: .box(bounds)), valueCount: 1)
    for _ in 0..<(1 << dimension) + 12 {
      let point = learner.proposals(1).points[0]
      learner.tell(point, [point.reduce(1) { $0 * ($1 + 0.5) }])
    }
    #expect(learner.loss(includingPending: false).isFinite)
    #expect(learner.disorders() == [])
  }

  /// Settings survive being written down.
  @Test func settingsAreWhatTheirFieldsSay() throws {
    let hull = PointBuffer(dimension: 3, doubles: [0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1])
    for settings in [
      try LearnerNDSettings(domain: .box([0, 1, 2, 3]), loss: .std, isCompatible: true),
      try LearnerNDSettings(domain: .hull(hull), loss: .curvature(exploration: 0.1)),
      try LearnerNDSettings(
        domain: .box([0, 1, 2, 3]), loss: .resolution(min: 0.01, max: 0.2), isAnisotropic: true),
    ] {
      #expect(try LearnerNDSettings(settings.fields) == settings)
    }
  }
}
