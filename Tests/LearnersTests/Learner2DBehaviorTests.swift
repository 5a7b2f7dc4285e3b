import AdaptiveCore
import Geometry
import Testing
import _TestSupport

@testable import Learners

@Suite struct Learner2DBehaviorTests {
  private func square(
    _ loss: Loss2D = .deviation, isCompatible: Bool = false
  ) throws -> Learner2D {
    try Learner2D(
      Learner2DSettings(bounds: [0, 1, 0, 1], loss: loss, isCompatible: isCompatible),
      valueCount: 1)
  }

  private func bump(_ p: [Double]) -> [Double] {
    [p[0] + 1 / (0.01 + (p[0] - 0.3) * (p[0] - 0.3) + (p[1] - 0.6) * (p[1] - 0.6))]
  }

  private func expectOrder(_ learner: Learner2D, _ context: String = "") {
    #expect(learner.known.disorders() == [], "\(context)")
    #expect(learner.all.settled().disorders() == [], "\(context)")
  }

  @Test func cornersComeFirst() throws {
    for isCompatible in [false, true] {
      var learner = try square(isCompatible: isCompatible)
      #expect(learner.nextImprovement == .infinity)
      let first = learner.proposals(4)
      #expect(first.points == [[0, 0], [0, 1], [1, 0], [1, 1]])
      #expect(first.improvements == [.infinity, .infinity, .infinity, .infinity])
      #expect(learner.loss(includingPending: false) == .infinity)
      // While values are missing, areas count: that of half the square, at whose centroid it is
      // divided.
      let next = learner.proposals(2)
      #expect((next.improvements[0] - 0.15).magnitude < 1e-12)
      #expect(Set(next.points[0].map { ($0 * 3).rounded() / 3 }) == [1.0 / 3, 2.0 / 3])
      #expect((next.points[0][0] * 3).rounded() != (next.points[0][1] * 3).rounded())
      for point in first.points.dropLast() { learner.tell(point, bump(point)) }
      #expect(learner.loss(includingPending: false) == .infinity)
      learner.tell([1, 1], bump([1, 1]))
      #expect(learner.loss(includingPending: false).isFinite)
    }
  }

  /// A pending point has the value of the plane around it, so that a linear function stays one.
  @Test func guestsFollowThePlane() throws {
    var learner = try square()
    for point in learner.proposals(4).points { learner.tell(point, [point[0] - 2 * point[1]]) }
    let points = learner.proposals(30).points
    let all = learner.all.settled()
    for point in points {
      let number = learner.register.find(point.span) ?? -1
      let value = all.value(learner.vertices[number]).first ?? .nan
      #expect((value - point[0] + 2 * point[1]).magnitude < 1e-12)
    }
    // Nothing bends: areas are all there is, of which the largest makes the loss.
    #expect((learner.loss(includingPending: false) - 0.15).magnitude < 1e-3)
  }

  @Test func valuesThatAreNoNumbersDoNotStop() throws {
    var learner = try square()
    var inHole = 0
    for _ in 0..<300 {
      let point = learner.proposals(1).points[0]
      if point[0] > 0.5 { inHole += 1 }
      let none = point[1] > 0.5 ? Double.nan : .infinity
      learner.tell(point, [point[0] > 0.5 ? none : point[0]])
    }
    #expect(learner.pointCount == 300)
    #expect(learner.loss(includingPending: false).isFinite)
    expectOrder(learner)
    // The hole is sampled by area, as the rest is, where the function is a plane.
    #expect((120...180).contains(inHole), "\(inHole)")
  }

  /// A failed corner counts as the mean of the others; a late value is taken all the same.
  @Test func failedCorner() throws {
    var learner = try square()
    for point in learner.proposals(4).points {
      if point == [1, 1] {
        learner.tellFailed(point.span)
      } else {
        learner.tell(point, [6 * point[0]])
      }
    }
    #expect(learner.known.value(3) == [2])
    #expect(learner.loss(includingPending: false).isFinite)
    _ = learner.proposals(20)
    for _ in 0..<60 {
      let point = learner.proposals(1).points[0]
      learner.tell(point, [6 * point[0]])
    }
    learner.tell([1, 1], [6])
    #expect(learner.pointCount == 64)
    #expect(learner.known.value(3) == [6])
    #expect(learner.loss(includingPending: false) < 0.15)
    expectOrder(learner)
  }

  @Test func allCornersFail() throws {
    var learner = try square()
    for point in learner.proposals(4).points { learner.tellFailed(point.span) }
    for _ in 0..<50 {
      let point = learner.proposals(1).points[0]
      learner.tell(point, bump(point))
    }
    #expect(learner.pointCount == 50)
    expectOrder(learner)
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
    expectOrder(learner)
  }

  /// Points of other runs: anywhere, outside, twice, at places where another already is, before
  /// the corners and after.
  @Test func foreignPoints() throws {
    let seed = TestSeed()
    var generator = seed.generator()
    var learner = try square()
    for turn in 0..<500 {
      if turn == 100 { for p in learner.proposals(4).points { learner.tell(p, bump(p)) } }
      let point = (0..<2).map { _ in Double.random(in: -0.2...1.2, using: &generator) }
      if turn % 7 == 0 { learner.tellPending(point.span) }
      if turn % 11 == 0 {
        learner.tellFailed(point.span)
      } else {
        learner.tell(point, bump(point))
        learner.tell(point, [7])
      }
    }
    learner.tell([0.5, 0.5], [1])
    learner.tell([0.5, 0.5 + 1e-17], [2])
    learner.tell([0.5, 0.5.nextUp], [2])
    learner.tell([.nan, 0.5], [2])
    for _ in 0..<100 {
      let point = learner.proposals(1).points[0]
      learner.tell(point, bump(point))
    }
    expectOrder(learner, "\(seed)")
  }

  /// Thousands of points out at once, then answered in any order.
  @Test func manyPending() throws {
    let seed = TestSeed()
    var generator = seed.generator()
    var learner = try square(.surface)
    for point in learner.proposals(4).points { learner.tell(point, bump(point)) }
    var out = learner.proposals(1_500).points
    #expect(Set(out).count == 1_500)
    out.shuffle(using: &generator)
    for point in out.prefix(500) { learner.tell(point, bump(point)) }
    #expect(learner.pendingCount == 1_000)
    #expect(Set(learner.proposals(300).points).isDisjoint(with: out))
    expectOrder(learner, "\(seed)")
  }

  /// A stack as large as what is asked for at once: each point once, in order of its loss.
  @Test func aLargeStack() throws {
    var learner = try Learner2D(
      Learner2DSettings(bounds: [0, 1, 0, 1], loss: .surface, stackCount: 300), valueCount: 1)
    for _ in 0..<900 {
      let point = learner.proposals(1).points[0]
      learner.tell(point, bump(point))
    }
    let most = learner.nextImprovement
    let found = learner.proposals(300)
    #expect(Set(found.points).count == 300)
    #expect(found.improvements[0] == most)
    // The last stack may have had points left, which come first.
    let turns = zip(found.improvements, found.improvements.dropFirst()).filter { $0 < $1 }.count
    #expect(turns <= 1)
    expectOrder(learner)
  }

  /// Where no double is left, fewer points are offered; nobody is asked for twice.
  @Test func aDomainOfFewDoublesIsExhausted() throws {
    let lower = 1.0
    var learner = try Learner2D(
      Learner2DSettings(bounds: [lower, lower + 4 * 0x1p-52, lower, lower + 4 * 0x1p-52]),
      valueCount: 1)
    var asked: Set<[Double]> = []
    for _ in 0..<200 {
      let points = learner.proposals(3).points
      for point in points {
        #expect(asked.insert(point).inserted)
        learner.tell(point, [0])
      }
      if points.isEmpty { break }
    }
    #expect((5...25).contains(asked.count))
    #expect(learner.proposals(1).points.isEmpty)
    #expect(learner.nextImprovement == -.infinity)
  }

  /// Triangles come out as wide as the ratio says.
  @Test(arguments: [0.25, 1, 4]) func aspectRatio(ratio: Double) throws {
    var learner = try Learner2D(
      Learner2DSettings(bounds: [0, 1, 0, 1], loss: .uniform, aspectRatio: ratio), valueCount: 1)
    for _ in 0..<600 {
      let point = learner.proposals(1).points[0]
      learner.tell(point, [0])
    }
    var (width, height) = (0.0, 0.0)
    for triangle in 0..<Int32(learner.known.losses.count)
    where learner.known.triangulation.isFinite(triangle) {
      let corners = learner.known.corners(triangle)
      let places = corners.indices.map { learner.known.place(corners[$0]) }
      let (xs, ys) = (places.map { $0[0] }.sorted(), places.map { $0[1] }.sorted())
      width += xs[2] - xs[0]
      height += ys[2] - ys[0]
    }
    // Both sides of the place where points are triangulated belong to sides of 1.
    let sides = (1 / max(1, ratio), ratio / max(1, ratio))
    let found = width / sides.0 / (height / sides.1)
    #expect((0.7...1.4).contains(found / ratio), "\(found)")
  }

  @Test func thresholdsLeaveAlone() throws {
    let loss = Loss2D.thresholded(lower: -.infinity, upper: 20, factor: 0.01)
    func share(_ loss: Loss2D) throws -> Int {
      var learner = try square(loss)
      var above = 0
      for _ in 0..<300 {
        let point = learner.proposals(1).points[0]
        let value = bump(point)
        if value[0] > 20 { above += 1 }
        learner.tell(point, value)
      }
      return above
    }
    let found = (try share(loss), try share(.deviation))
    #expect(found.0 * 2 < found.1, "\(found)")
  }

  @Test func settingsAreChecked() {
    #expect(throws: LearnerError.self) { try Learner2DSettings(bounds: [0, 1]) }
    #expect(throws: LearnerError.self) { try Learner2DSettings(bounds: [0, 1, 1, 0]) }
    #expect(throws: LearnerError.self) { try Learner2DSettings(bounds: [0, 1, 0, .infinity]) }
    #expect(throws: LearnerError.self) {
      try Learner2DSettings(bounds: [0, 1, 0, 1], aspectRatio: 1e4)
    }
    #expect(throws: LearnerError.self) {
      try Learner2DSettings(bounds: [0, 1, 0, 1], stackCount: 0)
    }
    #expect(throws: LearnerError.self) {
      try Learner2D(Learner2DSettings(bounds: [0, 1, 0, 1]), valueCount: 0)
    }
  }

  /// Settings survive being written down.
  @Test func settingsAreWhatTheirFieldsSay() throws {
    for settings in [
      try Learner2DSettings(bounds: [0, 1, 2, 3], loss: .surface, isCompatible: true),
      try Learner2DSettings(bounds: [0, 1, 2, 3], loss: .uniform, aspectRatio: 3, stackCount: 7),
      try Learner2DSettings(
        bounds: [0, 1, 2, 3],
        loss: .thresholded(lower: -.infinity, upper: 2, factor: 0.5)),
      try Learner2DSettings(bounds: [0, 1, 2, 3], loss: .resolution(min: 0.01, max: 0.2)),
    ] {
      #expect(try Learner2DSettings(settings.fields) == settings)
    }
  }

  /// Saved states that do not fit are refused with a reason; none stops the process.
  @Test func damagedSnapshots() throws {
    var learner = try square()
    var results = ResultLog(dimension: 2, valueCount: 1)
    for _ in 0..<30 {
      let point = learner.proposals(1).points[0]
      learner.tell(point, bump(point))
      results.append(point: point.span, value: bump(point).span, seconds: 0, leaf: Rank(0))
    }
    _ = learner.proposals(3)
    let record = LearnerRecord(
      results: results, failed: PointBuffer(dimension: 2), pending: learner.pendingPoints(),
      snapshot: learner.snapshot())
    _ = try Learner2D(restoring: learner.settings, record, valueCount: 1)
    for field in record.snapshot.fields.indices {
      var changes: [LearnerSnapshot.Content?] = [nil]
      switch record.snapshot.fields[field].content {
      case .doubles(let numbers):
        changes += [.integers([1]), .doubles(numbers + [1]), .doubles(Array(numbers.dropLast()))]
        if !numbers.isEmpty { changes.append(.doubles(numbers.map { _ in .nan })) }
      case .integers(let numbers):
        changes += [.doubles([1]), .integers(numbers + [1]), .integers(numbers.map { $0 + 40 })]
        changes.append(.integers(numbers.map { _ in .max }))
      }
      for change in changes {
        var damaged = record
        if let change {
          damaged.snapshot.fields[field].content = change
        } else {
          damaged.snapshot.fields.remove(at: field)
        }
        guard var other = try? Learner2D(restoring: learner.settings, damaged, valueCount: 1)
        else { continue }
        #expect(change != nil, "a snapshot without \(record.snapshot.fields[field].name)")
        for _ in 0..<5 {
          for point in other.proposals(2).points { other.tell(point, bump(point)) }
        }
      }
    }
  }
}
