package import AdaptiveCore
import RealModule

/// The user's function in a simulated world: what it returns, how long it takes, how often it
/// fails.
package struct SimulatedFunction: Sendable {
  /// Appends the value at a point of a learner to `values`.
  package typealias Value =
    @Sendable (_ learner: LearnerIndex, _ point: Span<Double>, _ values: inout [Double]) -> Void

  package var cost: PointCost
  /// Share of attempts that fail, whatever the point.
  package var failureShare: Double
  /// What it returns; nil for a peak at a place of the learner's own.
  package var value: Value?

  package init(_ cost: PointCost, failureShare: Double = 0, value: Value? = nil) {
    self.cost = cost
    self.failureShare = failureShare
    self.value = value
  }

  /// Log-normal costs, by their median.
  package init(seconds: Double, sigma: Double = 0.5, failureShare: Double = 0) {
    self.init(
      .logNormal(mean: seconds * Double.exp(sigma * sigma / 2), sigma: sigma),
      failureShare: failureShare)
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
