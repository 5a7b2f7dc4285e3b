internal import RealModule

/// The number that a variable with Student's distribution exceeds with a given probability, by
/// degrees of freedom.
///
/// Up to 1,000 degrees the finite sums of Abramowitz and Stegun (26.7.3 and 26.7.4), inverted by
/// Newton's method and kept; beyond, their expansion around the normal quantile (26.7.5), whose
/// error is below 1e-11 there.
struct StudentQuantile: Sendable {
  private let tail: Double
  private let normal: Double
  /// By degrees of freedom less one.
  private var known: [Double] = []

  private static let summedMax = 1000
  private static let stepsMax = 100

  /// - Parameter tail: above 0 and below 1/2.
  init(tail: Double) {
    self.tail = tail
    normal = Self.solve(from: 0) { z in
      let excess = Double.erfc(z / Double(2).squareRoot()) / 2 - tail
      return (excess, Double.exp(-z * z / 2) / (2 * Double.pi).squareRoot())
    }
  }

  /// O(1) once the degrees below have been asked for.
  mutating func callAsFunction(_ degrees: Int) -> Double {
    guard degrees <= Self.summedMax else { return expansion(Double(degrees)) }
    while known.count < degrees { known.append(inverse(known.count + 1)) }
    return known[degrees - 1]
  }

  private func inverse(_ degrees: Int) -> Double {
    if degrees == 1 { return Double.tan(Double.pi * (0.5 - tail)) }
    if degrees == 2 { return (1 - 2 * tail) / (2 * tail * (1 - tail)).squareRoot() }
    let peak = Self.peak(degrees)
    let n = Double(degrees)
    return Self.solve(from: normal) { t in
      let excess = (1 - Self.middle(t, degrees)) / 2 - tail
      return (excess, peak * Double.exp(-(n + 1) / 2 * Double.log(onePlus: t * t / n)))
    }
  }

  /// The root of a falling convex function from a place left of it: Newton's steps go right until
  /// rounding turns them back.
  private static func solve(
    from start: Double, _ function: (Double) -> (excess: Double, density: Double)
  ) -> Double {
    var place = start
    for _ in 0..<stepsMax {
      let (excess, density) = function(place)
      let next = place + excess / density
      guard next > place else { break }
      place = next
    }
    return place
  }

  /// The probability of falling between -t and t.
  private static func middle(_ t: Double, _ degrees: Int) -> Double {
    let angle = Double.atan(t / Double(degrees).squareRoot())
    let square = Double.cos(angle) * Double.cos(angle)
    let isOdd = !degrees.isMultiple(of: 2)
    var term = isOdd ? Double.cos(angle) : 1
    var sum = term
    var index = isOdd ? 3 : 2
    while index <= degrees - 2 {
      term *= square * Double(index - 1) / Double(index)
      sum += term
      index += 2
    }
    let product = Double.sin(angle) * sum
    return isOdd ? 2 / Double.pi * (angle + product) : product
  }

  /// The density at 0.
  private static func peak(_ degrees: Int) -> Double {
    var ratio = degrees.isMultiple(of: 2) ? Double.pi.squareRoot() / 2 : 1 / Double.pi.squareRoot()
    var index = degrees.isMultiple(of: 2) ? 2 : 1
    while index < degrees {
      ratio *= Double(index + 1) / Double(index)
      index += 2
    }
    return ratio / (Double(degrees) * Double.pi).squareRoot()
  }

  private func expansion(_ degrees: Double) -> Double {
    let z = normal
    let square = z * z
    let first = z * (square + 1) / 4
    let second = z * ((5 * square + 16) * square + 3) / 96
    let third = z * (((3 * square + 19) * square + 17) * square - 15) / 384
    let fourth =
      z * ((((79 * square + 776) * square + 1482) * square - 1920) * square - 945) / 92160
    return z + (first + (second + (third + fourth / degrees) / degrees) / degrees) / degrees
  }
}
