internal import AdaptiveCore
internal import Glibc
internal import Learners

/// A member of the battery of benchmarks/integrator/battery.py.
private struct Member {
  let family: Int
  let alpha: Double
  let places: [Double]
  let tolerance: Double

  init?(_ line: String) {
    let numbers = line.split(separator: " ").compactMap { Double($0) }
    guard numbers.count == 7 else { return nil }
    family = Int(numbers[0])
    alpha = numbers[1]
    places = Array(numbers[2..<6])
    tolerance = numbers[6]
  }

  var lower: Double { family == 4 || family == 5 ? 1 : 0 }

  func callAsFunction(_ x: Double) -> Double {
    let distance = x - places[0]
    switch family {
    case 1: return pow(abs(distance), alpha)
    case 2: return distance > 0 ? exp(alpha * x) : 0
    case 3: return exp(-alpha * abs(distance))
    case 4: return alpha / (distance * distance + alpha)
    case 5: return places.reduce(0) { $0 + alpha / ((x - $1) * (x - $1) + alpha) }
    default: return 2 * alpha * distance * cos(alpha * distance * distance)
    }
  }
}

/// Integrates the members on standard input, and prints evaluations, integral and error of each.
///
/// - Parameter batch: points asked for and told at once; nil for another number each time, from 1
///   to 1,000.
func integrateBattery(batch: Int?) throws {
  var random = RandomSource(seed: 1)
  while let line = readLine() {
    guard let member = Member(line) else { continue }
    var learner = try IntegratorLearner(
      IntegratorSettings(
        lower: member.lower, upper: member.lower + 1, relativeTolerance: member.tolerance))
    while learner.loss(includingPending: false) > 1 {
      let count = batch ?? Int(pow(1000, random.nextUnit()))
      var points = PointBuffer(dimension: 1)
      var improvements: [Double] = []
      learner.ask(count, appendingTo: &points, improvements: &improvements)
      guard !points.isEmpty else { break }
      for x in points.doubles { learner.tell([x].span, value: [member(x)].span) }
    }
    let estimate = learner.estimate
    print(learner.pointCount, estimate?.value ?? .nan, estimate?.error ?? .nan)
  }
}
