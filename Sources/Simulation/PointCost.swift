package import AdaptiveCore
import RealModule

/// How many seconds a point takes in a simulated world.
package enum PointCost: Sendable, Equatable {
  case constant(Double)
  /// `sigma` is the standard deviation of the logarithm.
  case logNormal(mean: Double, sigma: Double)
  /// The share of points that cost more than t falls as t^-alpha, with alpha > 1.
  case pareto(mean: Double, alpha: Double)
  /// Depends on the point: from `first` at the coordinate `from` to `last` at `to`, evenly in the
  /// logarithm, and as at the nearer end outside; the first coordinate counts.
  case ramp(first: Double, last: Double, from: Double, to: Double)

  /// The longest that a point may take: 10 days.
  package static let secondsMax = 864_000.0

  /// Draws the seconds of a point whose first coordinate is `x`.
  package func seconds(at x: Double, _ random: inout RandomSource) -> Double {
    switch self {
    case .constant(let seconds): return seconds
    case .logNormal(let mean, let sigma):
      guard mean > 0 else { return 0 }
      let median = mean * Double.exp(-sigma * sigma / 2)
      return min(random.nextLogNormal(median: median, sigma: sigma), Self.secondsMax)
    case .pareto(let mean, let alpha):
      let least = mean * (alpha - 1) / alpha
      return min(random.nextPareto(least: least, alpha: alpha), Self.secondsMax)
    case .ramp(let first, let last, let from, let to):
      let share = min(max((x - from) / (to - from), 0), 1)
      return first * Double.pow(last / first, share)
    }
  }

  /// What a point costs on average; of a ramp, where points lie evenly.
  package var mean: Double {
    switch self {
    case .constant(let seconds): seconds
    case .logNormal(let mean, _), .pareto(let mean, _): mean
    case .ramp(let first, let last, _, _):
      first == last ? first : (last - first) / Double.log(last / first)
    }
  }
}

// MARK: - Text

extension PointCost {
  package static let textForms =
    "seconds such as 10, or lognormal(10, 0.5) with mean and sigma, pareto(10, 1.5) with mean and "
    + "alpha above 1, ramp(1, 100, -1, 1) from 1 s where the first coordinate is -1 to 100 s where "
    + "it is 1"

  /// Reads ``textForms``; nil for anything else.
  package init?(text: some StringProtocol) {
    let text = String(text.filter { $0 != " " })
    if let seconds = Double(text) {
      guard (0...Self.secondsMax).contains(seconds) else { return nil }
      self = .constant(seconds)
      return
    }
    guard let open = text.firstIndex(of: "("), text.last == ")" else { return nil }
    let inner = text[text.index(after: open)...].dropLast()
    let numbers: [Double] = inner.split(separator: ",", omittingEmptySubsequences: false)
      .map { Double($0) ?? .nan }
    guard numbers.allSatisfy({ $0.isFinite }) else { return nil }
    let allowed = Double.leastNormalMagnitude...Self.secondsMax
    switch (String(text[..<open]), numbers.count) {
    case ("lognormal", 2)
    where (0...Self.secondsMax).contains(numbers[0]) && (0...10).contains(numbers[1]):
      self = .logNormal(mean: numbers[0], sigma: numbers[1])
    case ("pareto", 2)
    where (0...Self.secondsMax).contains(numbers[0]) && (1.01...100).contains(numbers[1]):
      self = .pareto(mean: numbers[0], alpha: numbers[1])
    case ("ramp", 4)
    where allowed.contains(numbers[0]) && allowed.contains(numbers[1]) && numbers[2] < numbers[3]:
      self = .ramp(first: numbers[0], last: numbers[1], from: numbers[2], to: numbers[3])
    default: return nil
    }
  }

  /// As built-in functions and measured series name it.
  package var distributionName: String {
    switch self {
    case .constant: "fixed"
    case .logNormal: "lognormal"
    case .pareto: "pareto"
    case .ramp: "ramp"
    }
  }

  /// As ``init(text:)`` reads it.
  package var text: String {
    switch self {
    case .constant(let seconds): "\(seconds)"
    case .logNormal(let mean, let sigma): "lognormal(\(mean), \(sigma))"
    case .pareto(let mean, let alpha): "pareto(\(mean), \(alpha))"
    case .ramp(let first, let last, let from, let to): "ramp(\(first), \(last), \(from), \(to))"
    }
  }
}
