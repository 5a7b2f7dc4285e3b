import RealModule

extension RandomSource {
  /// A standard normal deviate by the Box–Muller transform (Ann. Math. Stat. 29, 1958); the second
  /// deviate of the pair is dropped so that the state stays four integers.
  package mutating func nextNormal() -> Double {
    let radius = Double.sqrt(-2 * Double.log(1 - nextUnit()))
    return radius * Double.cos(2 * Double.pi * nextUnit())
  }

  /// A log-normal deviate with the given median (> 0) and standard deviation of the logarithm.
  package mutating func nextLogNormal(median: Double, sigma: Double) -> Double {
    median * Double.exp(sigma * nextNormal())
  }

  /// A Pareto deviate: at least `least` (≥ 0), and above t with probability (least / t)^alpha.
  package mutating func nextPareto(least: Double, alpha: Double) -> Double {
    least * Double.pow(1 - nextUnit(), -1 / alpha)
  }
}
