package import AdaptiveCore

/// The user's function in a simulated world: what it returns, how long it takes, how often it
/// fails.
package struct SimulatedFunction: Sendable {
  /// Median of the seconds that a point takes, which are log-normal.
  package var seconds: Double
  /// Standard deviation of the seconds' logarithm.
  package var sigma: Double
  /// Share of attempts that fail, whatever the point.
  package var failureShare: Double

  package init(seconds: Double, sigma: Double = 0.5, failureShare: Double = 0) {
    self.seconds = seconds
    self.sigma = sigma
    self.failureShare = failureShare
  }

  /// Component `index` of the value at `x`: a peak at a place of the learner's own.
  package static func value(_ learner: LearnerIndex, at x: Double, component index: Int) -> Double {
    let width = 0.05
    let distance = x - 0.3 / Double(learner.position + 1)
    return x + Double(index + 1) * width * width / (width * width + distance * distance)
  }

  func random(seed: UInt64, leaf: Rank) -> RandomSource {
    RandomSource(seed: seed, stream: 1000 + UInt64(leaf.number))
  }
}
