import AdaptiveCore
import Testing

@testable import Learners

/// Replays single asks for many points, first asks and bulk telling, and compares loss functions on
/// fixed arguments.
@Suite struct Learner1DBatchReplayTests {
  private func learner(_ item: Reference, valueCount: Int = 1) throws -> Learner1D {
    let bounds = item["bounds"]?.doubles ?? [-1, 1]
    let loss = try #require(Loss1D(referenceName: item["loss"]?.text ?? "default"))
    return Learner1D(
      try Learner1DSettings(lower: bounds[0], upper: bounds[1], loss: loss), valueCount: valueCount)
  }

  private func compare(_ found: Learner1D.Proposal, _ result: [Reference], _ place: String) {
    #expect(found.points == result[0].doubles, "\(place)")
    #expect(found.improvements.count == result[1].array.count, "\(place)")
    for (mine, theirs) in zip(found.improvements, result[1].doubles) {
      #expect(agree(mine, theirs), "\(place): improvement \(mine), expected \(theirs)")
    }
  }

  @Test func batches() throws {
    var replayed = 0
    for (file, content) in try Reference.files() {
      for item in content["batches"]?.array ?? [] {
        let name = try #require(item["function"]?.text)
        let function = try #require(referenceFunction(name), "unknown function \(name)")
        var learner = try learner(item, valueCount: function(0).count)
        for _ in 0..<(try #require(item["npoints"]?.integer)) {
          for x in learner.ask(1).points { learner.tell(x, function(x)) }
        }
        let count = try #require(item["n"]?.integer)
        let result = [try #require(item["points"]), try #require(item["loss_improvements"])]
        compare(learner.ask(count), result, "\(file) \(name) ask(\(count))")
        replayed += 1
      }
    }
    #expect(replayed >= 28)
  }

  @Test func startUp() throws {
    var replayed = 0
    for (file, content) in try Reference.files() {
      guard let cases = content["startup"]?.array else { continue }
      let name = content["startup_function"]?.text ?? "quad"
      let function = try #require(referenceFunction(name), "unknown function \(name)")
      for item in cases {
        let known = try #require(item["known"]?.doubles)
        let pending = try #require(item["pending"]?.doubles)
        let count = try #require(item["n"]?.integer)
        var learner = try learner(item)
        for x in known { learner.tell(x, function(x)) }
        for x in pending { learner.tellPending(x) }
        let place = "\(file) known \(known), pending \(pending), ask(\(count))"
        compare(learner.ask(count), try #require(item["result"]?.array), place)
        replayed += 1
      }
    }
    #expect(replayed >= 49)
  }

  @Test func bulk() throws {
    var replayed = 0
    for (file, content) in try Reference.files() {
      for item in content["bulk"]?.array ?? [] {
        let values = try #require(item["ys"]?.array).map(\.value)
        let place = "\(file) bulk \(item["function"]?.text ?? "")"
        var learner = try learner(item, valueCount: values[0].count)
        for x in item["pending"]?.doubles ?? [] { learner.tellPending(x) }
        learner.tellMany(
          PointBuffer(dimension: 1, doubles: try #require(item["xs"]?.doubles)),
          values: PointBuffer(dimension: values[0].count, doubles: values.flatMap { $0 }))
        try compare(learner.realIntervals, item["losses"], "\(place), real")
        try compare(learner.combinedIntervals, item["losses_combined"], "\(place), combined")
        let next = try #require(item["next"]?.array)
        compare(learner.ask(next[0].array.count), next, "\(place), next")
        replayed += 1
      }
    }
    #expect(replayed >= 2)
  }

  private func compare(
    _ found: [Learner1D.Interval], _ expected: Reference?, _ place: String
  ) throws {
    let expected = try #require(expected).array
    #expect(found.count == expected.count, "\(place)")
    for (mine, theirs) in zip(found, expected) {
      #expect([mine.left, mine.right] == theirs[0].doubles, "\(place)")
      #expect(agree(mine.loss, theirs[1].double), "\(place): right of \(mine.left)")
    }
  }

  @Test func lossFunctions() throws {
    var compared = 0
    for (file, content) in try Reference.files() {
      for item in content["learner1d"]?.array ?? [] {
        let name = try #require(item["loss"]?.text)
        let loss = try #require(Loss1D(referenceName: name), "unknown loss \(name)")
        #expect(loss.neighborCount == item["nth_neighbors"]?.integer)
        let xs = try #require(item["xs"]?.array)
        let ys = try #require(item["ys"]?.array)
        let expected = try #require(item["value"]?.double)
        let found = evaluate(loss, xs, ys)
        #expect(agree(found, expected), "\(file) \(name): \(found), expected \(expected)")
        compared += 1
      }
    }
    #expect(compared >= 56)
  }

  private func evaluate(_ loss: Loss1D, _ xs: [Reference], _ ys: [Reference]) -> Double {
    let middle = xs.count / 2
    let valueCount = ys[middle].value.count
    var stencil = LossStencil(
      left: xs[middle - 1].double, right: xs[middle].double, leftValue: 0, rightValue: valueCount)
    var values = ys[middle - 1].value + ys[middle].value
    if xs.count == 4, !xs[0].isNull {
      stencil.before = xs[0].double
      stencil.beforeValue = values.count
      values += ys[0].value
    }
    if xs.count == 4, !xs[3].isNull {
      stencil.after = xs[3].double
      stencil.afterValue = values.count
      values += ys[3].value
    }
    return loss.evaluate(
      stencil, values: values, valueCount: valueCount, isComplex: false, scale: 1)
  }
}
