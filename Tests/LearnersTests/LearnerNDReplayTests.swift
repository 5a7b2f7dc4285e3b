import AdaptiveCore
import Testing

@testable import Learners

/// Replays what Python adaptive's LearnerND did, by adaptive's own rules.
@Suite struct LearnerNDReplayTests {
  private func settings(
    for item: Reference, isCompatible: Bool = true
  ) throws -> LearnerNDSettings {
    let domain: LearnerNDSettings.Domain
    if let points = item["hull_points"]?.array {
      let flat = points.flatMap(\.doubles)
      domain = .hull(PointBuffer(dimension: points[0].array.count, doubles: flat))
    } else {
      domain = .box(try #require(item["bounds"]).array.flatMap(\.doubles))
    }
    let name = try #require(item["loss"]).text
    let loss = try #require(LossND(referenceName: name), "unknown loss \(name)")
    return try LearnerNDSettings(
      domain: domain, loss: loss, isAnisotropic: isAnisotropic(item), isCompatible: isCompatible)
  }

  private func isAnisotropic(_ item: Reference) -> Bool {
    if case .flag(true)? = item["anisotropic"] { true } else { false }
  }

  /// Whether losses agree. Adaptive takes the volume of a simplex with a neighbouring vertex from a
  /// Cayley–Menger determinant, whose digits cancel: its losses are off by 1e-9 of the box, and
  /// more under a root.
  private func agrees(_ mine: Double, _ theirs: Double, _ loss: LossND) -> Bool {
    guard loss.needsNeighbors, mine.isFinite else { return agree(mine, theirs, tolerance: 1e-12) }
    return (mine - theirs).magnitude <= (loss == .triangle ? 5e-9 : 5e-6)
  }

  /// The cases of the files whose names begin so, of those that are LearnerND's.
  private func cases(_ start: String) throws -> [Reference] {
    try Reference.files().filter { $0.name.hasPrefix(start) }
      .flatMap { $0.content["cases"]?.array ?? [] }
  }

  @Test func sequences() throws {
    let cases = try cases("learnernd_sequential")
    #expect(cases.count >= 12)
    for item in cases {
      let place = item["id"]?.text ?? ""
      let points = try #require(item["points"]).array.map(\.doubles)
      let values = try #require(item["values"]).array.map(\.value)
      let improvements = try #require(item["loss_improvements"]).doubles
      var learner = try LearnerND(settings(for: item), valueCount: values[0].count)
      var losses: [Int: Double] = [:]
      for entry in item["loss_after"]?.array ?? [] { losses[entry[0].integer] = entry[1].double }
      for (index, point) in points.enumerated() {
        let found = learner.proposals(1)
        guard isNear(found.points[0], point) else {
          Issue.record("\(place), point \(index): \(found), expected \(point)")
          break
        }
        #expect(
          agrees(found.improvements[0], improvements[index], learner.settings.loss),
          "\(place), point \(index): \(found.improvements[0]), expected \(improvements[index])")
        learner.tell(found.points[0], values[index])
        if let loss = losses[index + 1] {
          let mine = learner.loss(includingPending: false)
          #expect(
            agrees(mine, loss, learner.settings.loss), "\(place), loss after \(index + 1)")
        }
      }
      if let simplices = item["simplices"]?.array {
        let theirs = simplices.map { $0.array.map { Int32($0.integer) } }
        #expect(
          learner.simplices == theirs.sorted { $0.lexicographicallyPrecedes($1) }, "\(place)")
      }
      #expect(learner.disorders() == [])
    }
  }

  @Test func events() throws {
    let cases = try cases("learnernd_events")
    #expect(cases.count >= 3)
    for item in cases {
      let place = item["id"]?.text ?? ""
      let events = try #require(item["events"]).array
      let valueCount = events.first { $0[0].text == "tell" }?[2].value.count ?? 1
      var learner = try LearnerND(settings(for: item), valueCount: valueCount)
      // Adaptive's points by ours: they agree but for rounding.
      var asked: [([Double], [Double])] = []
      for (index, event) in events.enumerated() {
        if event[0].text == "ask" {
          let theirs = event[2].array.map(\.doubles)
          let found = learner.proposals(event[1].integer)
          #expect(found.points.count == theirs.count)
          for (mine, point) in zip(found.points, theirs) {
            try #require(isNear(mine, point), "\(place), event \(index): \(mine) \(point)")
            asked.append((point, mine))
          }
          for (mine, improvement) in zip(found.improvements, event[3].doubles) {
            #expect(
              agrees(mine, improvement, learner.settings.loss), "\(place), event \(index)")
          }
        } else {
          let point = event[1].doubles
          let mine = asked.first { $0.0 == point }?.1 ?? point
          learner.tell(mine, event[2].value)
        }
      }
      let loss = try #require(item["loss_real"]).double
      #expect(
        agrees(learner.loss(includingPending: false), loss, learner.settings.loss), "\(place)")
      #expect(learner.disorders() == [])
    }
  }

  /// With the defects mended the points differ where adaptive's rules for ties and ranges decide;
  /// the loss does not suffer. Adaptive's points are measured by the same loss, with the same
  /// range.
  @Test func lossWithoutTheDefects() throws {
    for item in try cases("learnernd_sequential") {
      let place = item["id"]?.text ?? ""
      // What adaptive's stale entries divide first is chance: only the others can be compared.
      guard ["default", "uniform", "std"].contains(item["loss"]?.text), !isAnisotropic(item) else {
        continue
      }
      let name = try #require(item["function"]).text
      let function = try #require(referenceFunctionND(name), "unknown function \(name)")
      let settings = try settings(for: item, isCompatible: false)
      let points = try #require(item["points"]).array.map(\.doubles)
      let values = try #require(item["values"]).array.map(\.value)
      var mine = try LearnerND(settings, valueCount: values[0].count)
      var theirs = mine
      for (point, value) in zip(points, values) {
        theirs.tell(point, value)
        let next = mine.proposals(1).points[0]
        mine.tell(next, function(next))
        let counts = (item["loss_after"]?.array ?? []).map { $0[0].integer }
        guard counts.contains(mine.pointCount), mine.pointCount >= 10 else { continue }
        let own = mine.loss(includingPending: false)
        let loss = theirs.loss(includingPending: false)
        #expect(own <= 1.02 * loss, "\(place), \(mine.pointCount) points")
      }
    }
  }

  @Test func losses() throws {
    for (_, content) in try Reference.files() {
      for item in content["learnernd"]?.array ?? [] {
        let corners = try #require(item["simplex"]).array.map(\.doubles)
        let values = try #require(item["values"]).array.map(\.value)
        let name = try #require(item["loss"]).text
        let loss = try #require(LossND(referenceName: name))
        let beyond = (item["neighbors"]?.array ?? []).map { $0.isNull ? nil : $0.doubles }
        let beyondValues = (item["neighbor_values"]?.array ?? []).map {
          $0.isNull ? nil : $0.value
        }
        let mine = SimplexLossCase(
          loss: loss, corners: corners, values: values, beyond: beyond,
          beyondValues: beyondValues
        ).value
        let theirs = try #require(item["value"]).double
        #expect(agree(mine, theirs, tolerance: 1e-9), "\(name): \(mine), expected \(theirs)")
      }
    }
  }
}

/// One loss function with arguments of its own.
struct SimplexLossCase {
  var loss: LossND
  var corners: [[Double]]
  var values: [[Double]]
  var beyond: [[Double]?]
  var beyondValues: [[Double]?]

  var value: Double {
    switch corners.count - 1 {
    case 2: evaluate(LossDimension<2>.self)
    case 3: evaluate(LossDimension<3>.self)
    case 4: evaluate(LossDimension<4>.self)
    default: .nan
    }
  }

  private func evaluate<let D: Int>(_: LossDimension<D>.Type) -> Double {
    var points = corners.flatMap { $0 }
    var all = values.flatMap { $0 }
    let valueCount = values[0].count
    var own = InlineArray<8, Int32>(repeating: 0)
    var opposite = InlineArray<8, Int32>(repeating: -1)
    for corner in corners.indices { own[corner] = Int32(corner) }
    for (slot, (point, value)) in zip(beyond, beyondValues).enumerated() {
      guard let point, let value else { continue }
      opposite[slot] = Int32(points.count / D)
      points += point
      all += value
    }
    var scratch = [Double](repeating: 0, count: SimplexLossScratch.count(D, valueCount))
    return scratch.withUnsafeMutableBufferPointer { scratch in
      all.withUnsafeBufferPointer { all in
        points.withUnsafeBufferPointer { points in
          SimplexLoss<D>(
            loss: loss, coordinates: points.baseAddress!, values: all.baseAddress!,
            valueCount: valueCount, factor: 1, scratch: scratch.baseAddress!
          ).evaluate(own, opposite: opposite)
        }
      }
    }
  }
}

extension LossND {
  /// The loss that a reference file means by a name.
  init?(referenceName name: String) {
    switch name {
    case "default": self = .volume
    case "uniform": self = .uniform
    case "std": self = .std
    case "triangle": self = .triangle
    case "curvature": self = .curvature(exploration: 0.05)
    default: return nil
    }
  }
}
