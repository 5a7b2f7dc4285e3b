import AdaptiveCore
import Testing

@testable import Learners

/// Replays what Python adaptive did: every case of the reference files, recognised by its form.
@Suite struct Learner1DReplayTests {
  private func learner(for item: Reference, valueCount: Int) throws -> Learner1D {
    let bounds = try #require(item["bounds"]).doubles
    let name = try #require(item["loss"]).text
    let loss = try #require(Loss1D(referenceName: name), "unknown loss \(name)")
    #expect(loss.neighborCount == item["nth_neighbors"]?.integer)
    let settings = try Learner1DSettings(lower: bounds[0], upper: bounds[1], loss: loss)
    return Learner1D(settings, valueCount: valueCount)
  }

  /// How far losses may be off. Where adaptive takes the area of a triangle in space from a
  /// Cayley–Menger determinant, its own losses on two processors agree to this only.
  private func tolerance(_ learner: Learner1D) -> Double {
    learner.valueCount > 1 && learner.settings.loss.neighborCount > 0 ? 1e-3 : 1e-12
  }

  private func compare(
    _ found: Learner1D.Proposal, points: [Double], improvements: [Double],
    tolerance: Double = 1e-12, _ place: String
  ) {
    #expect(found.points == points, "\(place)")
    #expect(found.improvements.count == improvements.count, "\(place)")
    for (mine, theirs) in zip(found.improvements, improvements) {
      #expect(
        agree(mine, theirs, tolerance: tolerance),
        "\(place): improvement \(mine), expected \(theirs)")
    }
  }

  private func compare(
    _ found: [Learner1D.Interval], _ expected: [Reference], tolerance: Double = 1e-12,
    _ place: String
  ) {
    #expect(found.count == expected.count, "\(place)")
    for (mine, theirs) in zip(found, expected) {
      #expect([mine.left, mine.right] == theirs[0].doubles, "\(place)")
      #expect(
        agree(mine.loss, theirs[1].double, tolerance: tolerance),
        "\(place): loss \(mine.loss) right of \(mine.left), expected \(theirs[1].double)")
    }
  }

  private func place(_ file: String, _ item: Reference) -> String {
    "\(file) \(item["id"]?.text ?? "")"
  }

  @Test func sequences() throws {
    var replayed = 0
    for (file, content) in try Reference.files() {
      for item in content["cases"]?.array ?? [] {
        guard let points = item["points"]?.doubles, let values = item["values"]?.array,
          let improvements = item["loss_improvements"]?.doubles,
          item["bounds"]?[0].isArray == false,
          item["nth_neighbors"] != nil
        else { continue }
        try replaySequence(item, points, values.map(\.value), improvements, place(file, item))
        replayed += 1
      }
    }
    #expect(replayed >= 18)
  }

  private func replaySequence(
    _ item: Reference, _ points: [Double], _ values: [[Double]], _ improvements: [Double],
    _ place: String
  ) throws {
    var learner = try learner(for: item, valueCount: values[0].count)
    var losses: [Int: Double] = [:]
    for entry in item["loss_after"]?.array ?? [] { losses[entry[0].integer] = entry[1].double }
    for (index, point) in points.enumerated() {
      let found = learner.ask(1)
      try #require(found.points == [point], "\(place), point \(index)")
      #expect(
        agree(found.improvements[0], improvements[index], tolerance: tolerance(learner)),
        "\(place), point \(index): \(found.improvements[0]), expected \(improvements[index])")
      learner.tell(point, values[index])
      if let loss = losses[index + 1] {
        let mine = learner.loss(includingPending: false)
        #expect(
          agree(mine, loss, tolerance: tolerance(learner)),
          "\(place): loss \(mine) after \(index + 1), expected \(loss)")
      }
    }
    #expect(learner.pointCount == points.count)
    #expect(learner.pendingCount == 0)
    if let largest = item["largest_losses"]?.array { compareLargest(learner, largest, place) }
    if let scale = item["scale"]?.doubles {
      #expect(
        agree(learner.rule.width, scale[0]) && agree(learner.scale.range, scale[1]), "\(place)")
    }
  }

  /// The largest intervals are the expected ones, with their losses.
  private func compareLargest(_ learner: Learner1D, _ expected: [Reference], _ place: String) {
    let tolerance = tolerance(learner)
    let expectedLosses = Dictionary(
      uniqueKeysWithValues: expected.map { ($0[0].doubles, $0[1].double) })
    func rank(_ left: Double, _ right: Double, _ loss: Double) -> Double {
      learner.rule.priority(loss, length: right - left)
    }
    let smallest = expectedLosses.map { rank($0[0], $0[1], $1) }.min() ?? .infinity
    var matched = 0
    for mine in learner.realIntervals {
      if let loss = expectedLosses[[mine.left, mine.right]] {
        matched += 1
        #expect(
          agree(mine.loss, loss, tolerance: tolerance),
          "\(place): loss \(mine.loss) right of \(mine.left), expected \(loss)")
      } else {
        let mineRanked = rank(mine.left, mine.right, mine.loss)
        #expect(mineRanked <= smallest * (1 + tolerance), "\(place): right of \(mine.left)")
      }
    }
    #expect(matched == expected.count, "\(place)")
  }

  @Test func events() throws {
    var replayed = 0
    for (file, content) in try Reference.files() {
      for item in content["cases"]?.array ?? [] {
        guard let events = item["events"]?.array, item["bounds"]?[0].isArray == false,
          item["nth_neighbors"] != nil
        else { continue }
        try replayEvents(item, events, place(file, item))
        replayed += 1
      }
    }
    #expect(replayed >= 7)
  }

  private func replayEvents(_ item: Reference, _ events: [Reference], _ place: String) throws {
    let firstTell = events.first { $0[0].text == "tell" }
    var learner = try learner(for: item, valueCount: firstTell?[2].value.count ?? 1)
    for (index, event) in events.enumerated() {
      switch event[0].text {
      case "ask":
        let found = learner.ask(event[1].integer)
        try #require(found.points == event[2].doubles, "\(place), event \(index)")
        compare(
          found, points: event[2].doubles, improvements: event[3].doubles,
          tolerance: tolerance(learner), "\(place), event \(index)")
      case "tell": learner.tell(event[1].double, event[2].value)
      case "tell_pending": learner.tellPending(event[1].double)
      case let other: Issue.record("\(place): unknown event \(other)")
      }
    }
    if let expected = item["still_pending"] {
      #expect(learner.pendingPoints().doubles.sorted() == expected.doubles.sorted(), "\(place)")
    }
    if let expected = item["loss_real"] {
      let loss = learner.loss(includingPending: false)
      #expect(agree(loss, expected.double, tolerance: tolerance(learner)), "\(place)")
    }
    if let expected = item["loss_pending"] {
      let loss = learner.loss(includingPending: true)
      #expect(agree(loss, expected.double, tolerance: tolerance(learner)), "\(place)")
    }
    if let expected = item["losses"], expected.isArray {
      compare(
        learner.realIntervals, expected.array, tolerance: tolerance(learner), "\(place), real")
    }
    if let expected = item["losses_combined"], expected.isArray {
      compare(
        learner.combinedIntervals, expected.array, tolerance: tolerance(learner),
        "\(place), combined")
    }
  }
}
