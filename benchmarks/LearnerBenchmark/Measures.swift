internal import AdaptiveCore
internal import Learners

/// The showcase function of adaptive: a narrow peak on a slope.
func peak(_ x: Double) -> Double { x + 0.0001 / (0.0001 + (x - 0.3) * (x - 0.3)) }

private func newLearner() throws -> Learner1D {
  Learner1D(try Learner1DSettings(lower: -1, upper: 1), valueCount: 1)
}

extension Learner1D {
  fileprivate mutating func tellPeak(at x: Double) {
    let point: InlineArray<1, Double> = [x]
    let value: InlineArray<1, Double> = [peak(x)]
    tell(point.span, value: value.span)
  }
}

/// Asks and tells until `count` points are known, with `pending` points outstanding whose values
/// arrive in random order.
func measureAsking(_ count: Int, pending: Int, repeats: Int) throws {
  try report("ask and tell, \(pending) pending", count, repeats: repeats) { clock in
    var learner = try newLearner()
    var random = RandomSource(seed: 1)
    var points = PointBuffer(dimension: 1)
    var improvements: [Double] = []
    var outstanding: [Double] = []
    points.reserveCapacity(pending + 1)
    improvements.reserveCapacity(pending + 1)
    outstanding.reserveCapacity(pending + 1)
    clock.start()
    while learner.pointCount < count {
      points.removeAll()
      improvements.removeAll(keepingCapacity: true)
      learner.ask(
        pending + 1 - outstanding.count, appendingTo: &points, improvements: &improvements)
      outstanding += points.doubles
      let chosen =
        pending == 0 ? 0 : Int(truncatingIfNeeded: random.next() % UInt64(outstanding.count))
      outstanding.swapAt(chosen, outstanding.count - 1)
      learner.tellPeak(at: outstanding.removeLast())
    }
    clock.stop()
    return learner
  }
}

/// Asks for and tells one point at a time through the learner of any kind.
func measureCampaignLearner(_ count: Int, repeats: Int) throws {
  let kind = LearnerKind.oneDimensional(try Learner1DSettings(lower: -1, upper: 1))
  try report("ask and tell the learner of any kind", count, repeats: repeats) { clock in
    var learner = try CampaignLearner(LearnerDefinition(name: "peak", kind: kind))
    var points = PointBuffer(dimension: 1)
    var improvements: [Double] = []
    clock.start()
    while learner.pointCount < count {
      points.removeAll()
      improvements.removeAll(keepingCapacity: true)
      learner.ask(1, appendingTo: &points, improvements: &improvements)
      let point: InlineArray<1, Double> = [points.doubles[0]]
      let value: InlineArray<1, Double> = [peak(points.doubles[0])]
      learner.tell(point.span, value: value.span)
    }
    clock.stop()
    return learner
  }
}

/// Tells points at random places.
func measureForeign(_ count: Int, repeats: Int) throws {
  try report("tell foreign points", count, repeats: repeats) { clock in
    var learner = try newLearner()
    var random = RandomSource(seed: 1)
    clock.start()
    while learner.pointCount < count { learner.tellPeak(at: 2 * random.nextUnit() - 1) }
    clock.stop()
    return learner
  }
}

/// A sampled learner and the log of its results.
private func sampled(_ count: Int) throws -> (learner: Learner1D, results: ResultLog) {
  var learner = try newLearner()
  var log = ResultLog(dimension: 1, valueCount: 1)
  var points = PointBuffer(dimension: 1)
  var improvements: [Double] = []
  for index in 0..<count {
    learner.ask(1, appendingTo: &points, improvements: &improvements)
    let x = points.doubles[index]
    learner.tellPeak(at: x)
    let point: InlineArray<1, Double> = [x]
    let value: InlineArray<1, Double> = [peak(x)]
    log.append(point: point.span, value: value.span, seconds: 0, leaf: Rank(0))
  }
  return (learner, log)
}

/// Makes a learner from what a checkpoint holds of it.
func measureRestoring(_ count: Int, repeats: Int) throws {
  let (learner, log) = try sampled(count)
  let snapshot = learner.snapshot()
  let none = PointBuffer(dimension: 1)
  try report("restore", count, repeats: repeats) { clock in
    clock.start()
    let restored = try Learner1D(
      restoring: learner.settings, valueCount: 1, results: log, failed: none, pending: none,
      snapshot: snapshot)
    clock.stop()
    return restored
  }
}

/// Takes a snapshot and goes on: the first tell after it copies what both share.
func measureSnapshot(_ count: Int, repeats: Int) throws {
  var learner = try sampled(count - repeats).learner
  var best = Double.infinity
  for _ in 0..<repeats {
    var points = PointBuffer(dimension: 1)
    var improvements: [Double] = []
    learner.ask(1, appendingTo: &points, improvements: &improvements)
    var clock = ProcessorClock()
    clock.start()
    let snapshot = learner.snapshot()
    learner.tellPeak(at: points.doubles[0])
    clock.stop()
    precondition(!snapshot.fields.isEmpty)
    best = min(best, clock.seconds)
  }
  print("snapshot and next tell: \(count) points, \(Int(best * 1e6)) us")
}

/// Runs a measurement several times and prints the best rate, and the memory of the first.
func report(
  _ name: String, _ count: Int, repeats: Int,
  _ body: (inout ProcessorClock) throws -> any Learner
) throws {
  var best = Double.infinity
  var bytes = 0
  for turn in 0..<repeats {
    var clock = ProcessorClock()
    let before = residentBytes()
    let learner = try body(&clock)
    // Later turns reuse what the first one has freed.
    if turn == 0 { bytes = residentBytes() - before }
    best = min(best, clock.seconds)
    precondition(learner.pointCount == count)
  }
  let rate = Int(Double(count) / best)
  print("\(name): \(count) points, \(rate) points/s, \(bytes / count) bytes/point")
}
