internal import AdaptiveCore
internal import Glibc
internal import Learners

/// Functions on [-1, 1]² whose zeros are looked for.
private enum Landscape: String {
  /// A circle, smoothly crossed.
  case disc
  /// A wavy boundary between two phases, within a few hundredths.
  case phases
  /// Three islands of different sizes.
  case islands

  func callAsFunction(_ point: ArraySlice<Double>) -> Double {
    let (x, y) = (point[point.startIndex], point[point.startIndex + 1])
    switch self {
    case .disc: return x * x + y * y - 0.5
    case .phases: return tanh(30 * (y - 0.3 * sin(4 * x)))
    case .islands:
      func hill(_ a: Double, _ b: Double, _ width: Double) -> Double {
        exp(-((x - a) * (x - a) + (y - b) * (y - b)) / (width * width))
      }
      return max(hill(-0.4, -0.3, 0.4), hill(0.5, 0.4, 0.25), hill(0.35, -0.6, 0.1)) - 0.5
    }
  }
}

private enum Method: String {
  case levelset, exploring, thresholded, nd, sobol

  /// A learner that chooses points.
  func learner() throws -> any Learner {
    let box = [-1.0, 1, -1, 1]
    let domain = LearnerNDSettings.Domain.box(box)
    switch self {
    case .levelset:
      return try LevelSetSettings(domain: domain, level: 0).makeLearner(valueCount: 1, seed: 1)
    case .exploring:
      return try LevelSetSettings(domain: domain, level: 0, exploration: 0.1)
        .makeLearner(valueCount: 1, seed: 1)
    case .nd: return try LearnerND(LearnerNDSettings(domain: domain), valueCount: 1)
    case .thresholded:
      let loss = UserLoss(name: "thresholded", origin: .swift, function: thresholdedArea)
      return try LearnerND(
        LearnerNDSettings(domain: domain, loss: .user, userLoss: loss), valueCount: 1)
    case .sobol:
      return try SobolSettings(box: box, isScrambled: true).makeLearner(valueCount: 1, seed: 1)
    }
  }
}

/// The area of a triangle on the graph; a tenth of it where all values are on one side of zero, as
/// Python adaptive's `thresholded_loss_function` has it.
private let thresholdedArea: UserLossFunction = { cell in
  let (p, v) = (cell.points, cell.values)
  let a = (p[2] - p[0], p[3] - p[1], v[1] - v[0])
  let b = (p[4] - p[0], p[5] - p[1], v[2] - v[0])
  let normal = (a.1 * b.2 - a.2 * b.1, a.2 * b.0 - a.0 * b.2, a.0 * b.1 - a.1 * b.0)
  let area = sqrt(normal.0 * normal.0 + normal.1 * normal.1 + normal.2 * normal.2) / 2
  return v.allSatisfy { $0 < 0 } || v.allSatisfy { $0 > 0 } ? area / 10 : area
}

/// Prints `count` points of a method, and the function's values there.
func printContour(_ method: String, _ landscape: String, count: Int) throws {
  guard let method = Method(rawValue: method), let landscape = Landscape(rawValue: landscape)
  else { return }
  var learner = try method.learner()
  var improvements: [Double] = []
  for _ in 0..<count {
    var points = PointBuffer(dimension: 2)
    learner.ask(1, appendingTo: &points, improvements: &improvements)
    let value = landscape(points.doubles[...])
    learner.tell(points.doubles.span, value: [value].span)
    print(points.doubles[0], points.doubles[1], value)
  }
}
