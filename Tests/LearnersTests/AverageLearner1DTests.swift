import AdaptiveCore
import Testing
import _TestSupport

@testable import Learners

private func isClose(_ a: Double, _ b: Double, _ share: Double = 1e-12) -> Bool {
  a == b || abs(a - b) <= share * max(abs(a), abs(b))
}

extension AverageLearner1D {
  fileprivate mutating func next(_ count: Int) -> (points: [[Double]], improvements: [Double]) {
    var points = PointBuffer(dimension: 2)
    var improvements: [Double] = []
    ask(count, appendingTo: &points, improvements: &improvements)
    return ((0..<points.count).map { Array(points[$0]) }, improvements)
  }

  fileprivate func slot(at x: Double) -> Int32 { Int32(slots.find([x].span)!) }
}

/// A curve with noise that depends on the point alone.
private func noisy(_ point: [Double], spread: Double = 0.3) -> Double {
  var random = RandomSource(seed: UInt64(point[0]), stream: point[1].bitPattern)
  return point[1] * point[1] + spread * random.nextNormal()
}

@Suite struct AverageLearner1DTests {
  private func settings(
    _ parameters: Reference, _ bounds: Reference, loss: Loss1D
  ) throws -> Average1DSettings {
    let bounds = bounds.doubles
    return try Average1DSettings(
      curve: Learner1DSettings(lower: bounds[0], upper: bounds[1], loss: loss),
      delta: parameters["delta"]?.double ?? 0.2, alpha: parameters["alpha"]?.double ?? 0.005,
      neighborSampling: parameters["neighbor_sampling"]?.double ?? 0.3,
      sampleCountMin: parameters["min_samples"]?.integer ?? 50,
      sampleCountMax: parameters["max_samples"]?.integer ?? Int(Int32.max),
      absoluteTolerance: parameters["min_error"]?.double ?? 0)
  }

  private func expectMeans(_ learner: AverageLearner1D, _ example: Reference) {
    var learner = learner
    #expect(learner.curve.pointCount == example["mean"]!.array.count)
    for (mean, error) in zip(example["mean"]!.array, example["error"]!.array) {
      let slot = learner.slot(at: mean[0].double)
      #expect(isClose(learner.sites[Int(slot)].mean, mean[1].double, 1e-11))
      #expect(isClose(learner.error(of: slot), error[1].double, 1e-10))
    }
  }

  @Test func replaysTheRunLengths() throws {
    var replayedCount = 0
    for file in try Reference.files() {
      for example in file.content["average1d"]?.array ?? [] {
        var learner = AverageLearner1D(
          try settings(example["params"]!, example["bounds"]!, loss: .distance))
        let values = example["values"]!.doubles
        var index = 0
        for run in example["x_seed0_count"]!.array {
          for number in 0..<run[2].integer {
            let asked = learner.next(1).points[0]
            guard asked == [run[1].double + Double(number), run[0].double] else {
              Issue.record("sample \(index): \(asked) instead of \(run)")
              return
            }
            learner.tell(asked.span, value: [values[index]].span)
            index += 1
          }
        }
        #expect(learner.pointCount == example["nsamples"]!.integer)
        #expect(isClose(learner.loss(includingPending: false), example["loss"]!.double))
        expectMeans(learner, example)
        replayedCount += 1
      }
    }
    #expect(replayedCount >= 3)
  }

  @Test func replaysTheRuns() throws {
    var replayedCount = 0
    for file in try Reference.files() {
      for example in file.content["average1d_runs"]?.array ?? [] {
        let loss = try #require(Loss1D(referenceName: example["loss"]!.text))
        var learner = AverageLearner1D(
          try settings(example["params"]!, example["bounds"]!, loss: loss))
        let values = example["values"]!.doubles
        let improvements = example["improvements"]!.doubles
        let losses = example["losses"]!.doubles
        for (index, point) in example["points"]!.array.enumerated() {
          let asked = learner.next(1)
          guard asked.points == [point.doubles] else {
            Issue.record("\(loss), \(index): \(asked.points) instead of \(point.doubles)")
            return
          }
          #expect(isClose(asked.improvements[0], improvements[index], 1e-9), "\(loss), \(index)")
          let told = asked.points[0]
          learner.tell(told.span, value: [values[index]].span)
          guard index % 20 == 19 else { continue }
          #expect(isClose(learner.loss(includingPending: false), losses[index / 20], 1e-11))
        }
        expectMeans(learner, example)
        replayedCount += 1
      }
    }
    #expect(replayedCount >= 4)
  }

  @Test func quantilesAreScipys() throws {
    var comparedCount = 0
    for file in try Reference.files() {
      for row in file.content["student"]?.array ?? [] {
        var quantile = StudentQuantile(tail: row[0].double)
        let found = quantile(row[1].integer)
        // Tails of 1e-6 are differences of numbers near 1.
        let share = 2e-16 / row[0].double + 1e-11
        #expect(isClose(found, row[2].double, share), "\(row), \(found)")
        comparedCount += 1
      }
    }
    #expect(comparedCount >= 80)
  }
}

@Suite struct AverageLearner1DPropertyTests {
  private func settings(
    least: Int = 5, most: Int = Int(Int32.max), absolute: Double = 0, relative: Double = 0
  ) throws -> Average1DSettings {
    try Average1DSettings(
      curve: Learner1DSettings(lower: -1, upper: 2), sampleCountMin: least, sampleCountMax: most,
      absoluteTolerance: absolute, relativeTolerance: relative)
  }

  /// Whatever the order of answers: no sample is asked twice, numbers of a site begin at 0, and
  /// means and errors are those of its samples.
  @Test(arguments: [1, 7, 64]) func manyAtOnce(outstanding: Int) throws {
    let seed = TestSeed()
    var random = seed.generator(stream: UInt64(outstanding))
    var learner = AverageLearner1D(try settings())
    var open: [[Double]] = []
    var seen: Set<[Double]> = []
    var told: [Double: [Double]] = [:]
    for _ in 0..<3000 {
      for point in learner.next(outstanding - open.count).points {
        #expect(seen.insert(point).inserted, "\(seed): \(point) twice")
        open.append(point)
      }
      let point = open.remove(at: Int.random(in: open.indices, using: &random))
      learner.tell(point.span, value: [noisy(point)].span)
      told[point[1], default: []].append(noisy(point))
    }
    for (x, values) in told {
      let slot = learner.slot(at: x)
      let mean = values.reduce(0, +) / Double(values.count)
      #expect(isClose(learner.sites[Int(slot)].mean, mean, 1e-10), "\(seed)")
      let numbers = seen.filter { $0[1] == x }.map { $0[0] }.sorted()
      #expect(numbers == (0..<numbers.count).map(Double.init), "\(seed)")
    }
    #expect(told.count > 5, "\(seed)")
  }

  /// As many samples as asking one by one, within what is out at the end: pending ones count.
  @Test func askingAheadSamplesNoSiteMoreThanItTakes() throws {
    var learner = AverageLearner1D(try settings(least: 5, most: 8))
    var counts: [Double: Int] = [:]
    for point in learner.next(200).points { counts[point[1], default: 0] += 1 }
    #expect(counts.values.allSatisfy { $0 == 5 } && counts.count == 40)
    #expect(learner.pendingCount == 200)
    for _ in 0..<200 {
      for point in learner.next(20).points { counts[point[1], default: 0] += 1 }
      let pending = learner.pendingPoints()
      for index in 0..<20 {
        let point = Array(pending[index])
        learner.tell(point.span, value: [noisy(point)].span)
      }
    }
    #expect(counts.values.allSatisfy { $0 <= 8 })
  }

  /// The curve x² comes out of noise as large as itself, as well as the errors promise.
  @Test func meansAreNearTheCurve() throws {
    let seed = TestSeed(11)
    var random = seed.generator()
    var learner = AverageLearner1D(try settings(least: 10))
    while learner.pointCount < 20_000 {
      for point in learner.next(8).points.shuffled(using: &random) {
        learner.tell(point.span, value: [noisy(point)].span)
      }
    }
    var outside = 0
    for (index, site) in learner.sites.enumerated() where site.knownCount >= 10 {
      let x = learner.curve.chain[Int32(index)].x
      if abs(site.mean - x * x) > learner.error(of: Int32(index)) { outside += 1 }
    }
    // Each lies outside with a probability of 0.01.
    #expect(outside <= 1 + learner.sites.count / 20 && learner.sites.count > 10, "\(outside)")
  }

  /// Scaling x and y by powers of two scales the sequence, bit by bit, while the scales of both are
  /// alike: distances are measured in the picture as it is.
  @Test func scales() throws {
    func run(_ factor: Double) throws -> [[Double]] {
      var learner = AverageLearner1D(
        try Average1DSettings(
          curve: Learner1DSettings(lower: -factor, upper: 2 * factor), sampleCountMin: 5))
      return (0..<2000).map { _ in
        let point = learner.next(1).points[0]
        let plain = [point[0], point[1] / factor]
        learner.tell(point.span, value: [noisy(plain) * factor].span)
        return plain
      }
    }
    #expect(try run(1) == run(1024))
  }

  @Test func tolerancesEndTheRepeating() throws {
    func counts(_ settings: Average1DSettings) -> [Int] {
      var learner = AverageLearner1D(settings)
      for _ in 0..<6000 {
        let point = learner.next(1).points[0]
        learner.tell(point.span, value: [noisy(point) + 3].span)
      }
      return learner.sites.map(\.knownCount)
    }
    let strict = counts(try settings())
    let loose = counts(try settings(absolute: 0.4))
    let relative = counts(try settings(relative: 0.4 / 7))
    #expect(loose.count > 2 * strict.count)
    #expect(relative.count > strict.count && relative.count < loose.count)
  }

  /// A place where all fails is given up, and the others go on; a bound that fails bounds all the
  /// same.
  @Test(arguments: [-1.0, 0.5]) func failuresAreGivenUp(hole: Double) throws {
    var learner = AverageLearner1D(try settings())
    var failedCount = 0
    for _ in 0..<2000 {
      let point = learner.next(1).points[0]
      if point[1] == hole {
        learner.tellFailed(point.span)
        failedCount += 1
      } else {
        learner.tell(point.span, value: [noisy(point)].span)
      }
    }
    #expect(failedCount == 5)
    #expect(learner.loss(includingPending: false) < 0.5 && learner.pendingCount == 0)
    // Told all the same, it is taken, and not asked for again.
    learner.tell([9, hole].span, value: [0.1].span)
    #expect(learner.next(40).points.allSatisfy { $0[1] != hole })
  }

  @Test func foreignSamplesAreTaken() throws {
    var learner = AverageLearner1D(try settings(least: 3))
    learner.tell([2, 0.25].span, value: [1].span)
    learner.tell([2, 0.25].span, value: [7].span)
    learner.tell([0, 5].span, value: [7].span)
    learner.tellPending([1, 0.25].span)
    #expect(learner.pointCount == 2 && learner.pendingCount == 1)
    // One more at the site that is known, under a number that is free; then a bound.
    #expect(learner.next(2).points == [[3, 0.25], [0, -1]])
    #expect(learner.sites[0].mean == 1)
  }
}
