internal import AdaptiveCore
internal import Glibc
internal import Learners

/// The showcase function of adaptive in several variables: a ring on a slope.
private func ring(_ point: ArraySlice<Double>) -> Double {
  var squared = 0.0
  for x in point { squared += x * x }
  let u = squared - 0.5625
  return point[point.startIndex] + exp(-u * u / 0.0016)
}

private func settings(_ dimension: Int) throws -> LearnerNDSettings {
  try LearnerNDSettings(domain: .box((0..<dimension).flatMap { _ in [-1.0, 1] as [Double] }))
}

/// Asks and tells until `count` points are known, with `pending` outstanding whose values arrive in
/// random order, and calls `told` for each.
private func sample<Sampler: Learner>(
  _ learner: inout Sampler, _ count: Int, pending: Int,
  told: (Span<Double>, Double) -> Void = { _, _ in }
) {
  let dimension = learner.dimension
  var random = RandomSource(seed: 1)
  var points = PointBuffer(dimension: dimension)
  var improvements: [Double] = []
  var outstanding: [Int] = []
  while learner.pointCount < count {
    let before = points.count
    learner.ask(
      pending + 1 - outstanding.count, appendingTo: &points, improvements: &improvements)
    outstanding += before..<points.count
    let chosen =
      pending == 0 ? 0 : Int(truncatingIfNeeded: random.next() % UInt64(outstanding.count))
    outstanding.swapAt(chosen, outstanding.count - 1)
    let index = outstanding.removeLast()
    let y = ring(points[index])
    let value: InlineArray<1, Double> = [y]
    points.withPoint(index) {
      learner.tell($0, value: value.span)
      told($0, y)
    }
    if pending == 0 {
      points.removeAll()
      improvements.removeAll(keepingCapacity: true)
    }
  }
}

/// Asks and tells in several dimensions.
func measureAskingND(_ dimension: Int, _ count: Int, pending: Int, repeats: Int) throws {
  let name = "nd, \(dimension) dimensions, \(pending) pending"
  try report(name, count, repeats: repeats) { clock in
    var learner = try LearnerND(try settings(dimension), valueCount: 1)
    clock.start()
    sample(&learner, count, pending: pending)
    clock.stop()
    return learner
  }
}

/// Makes a learner of several dimensions from what a checkpoint holds of it.
func measureRestoringND(_ dimension: Int, _ count: Int, repeats: Int) throws {
  let settings = try settings(dimension)
  var learner = try LearnerND(settings, valueCount: 1)
  var log = ResultLog(dimension: dimension, valueCount: 1)
  sample(&learner, count, pending: 0) { point, y in
    let value: InlineArray<1, Double> = [y]
    log.append(point: point, value: value.span, seconds: 0, leaf: Rank(0))
  }
  let none = PointBuffer(dimension: dimension)
  let record = LearnerRecord(
    results: log, failed: none, pending: none, snapshot: learner.snapshot())
  try report("nd, \(dimension) dimensions, restore", count, repeats: repeats) { clock in
    clock.start()
    let restored = try LearnerND(restoring: settings, record, valueCount: 1)
    clock.stop()
    return restored
  }
}

/// Asks and tells Learner2D.
func measureAsking2D(_ count: Int, pending: Int, repeats: Int) throws {
  try report("2d, \(pending) pending", count, repeats: repeats) { clock in
    var learner = try Learner2D(Learner2DSettings(bounds: [-1, 1, -1, 1]), valueCount: 1)
    clock.start()
    sample(&learner, count, pending: pending)
    clock.stop()
    return learner
  }
}

/// Makes a Learner2D from what a checkpoint holds of it.
func measureRestoring2D(_ count: Int, repeats: Int) throws {
  let settings = try Learner2DSettings(bounds: [-1, 1, -1, 1])
  var learner = try Learner2D(settings, valueCount: 1)
  var log = ResultLog(dimension: 2, valueCount: 1)
  sample(&learner, count, pending: 0) { point, y in
    let value: InlineArray<1, Double> = [y]
    log.append(point: point, value: value.span, seconds: 0, leaf: Rank(0))
  }
  let none = PointBuffer(dimension: 2)
  let record = LearnerRecord(
    results: log, failed: none, pending: none, snapshot: learner.snapshot())
  try report("2d, restore", count, repeats: repeats) { clock in
    clock.start()
    let restored = try Learner2D(restoring: settings, record, valueCount: 1)
    clock.stop()
    return restored
  }
}
