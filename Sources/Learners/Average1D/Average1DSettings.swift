package import AdaptiveCore

/// A noisy function of one variable: the interval, and when an x has been repeated often enough.
package struct Average1DSettings: LearnerSettings {
  /// The interval, and the loss of the curve of means.
  package var curve: Learner1DSettings

  /// An x is repeated while the error of its mean is more than this share of the distance to the
  /// nearer neighbour on the curve of means.
  package let delta: Double

  /// A mean is off by more than its error with this probability, to either side.
  package let alpha: Double

  /// Share of its neighbours' samples that a new x gets at least.
  package let neighborSampling: Double

  /// Samples of an x at least, and at most.
  package let sampleCountMin: Int
  package let sampleCountMax: Int

  /// Errors up to the larger of the two are small enough: absolute, and as a share of the mean.
  package let absoluteTolerance: Double
  package let relativeTolerance: Double

  /// - Throws: ``LearnerError`` for numbers outside their ranges.
  package init(
    curve: Learner1DSettings, delta: Double = 0.2, alpha: Double = 0.005,
    neighborSampling: Double = 0.3, sampleCountMin: Int = 50, sampleCountMax: Int = Int(Int32.max),
    absoluteTolerance: Double = 0, relativeTolerance: Double = 0
  ) throws(LearnerError) {
    guard 0 < delta, delta <= 1, 0 < neighborSampling, neighborSampling <= 1,
      Limits.alphaMin <= alpha, alpha < 0.5
    else {
      throw LearnerError(
        .badSettings,
        "delta \(delta), neighbor_sampling \(neighborSampling) and alpha \(alpha): the first two "
          + "must be above 0 and at most 1, alpha from \(Limits.alphaMin) to below 0.5")
    }
    guard 2 <= sampleCountMin, sampleCountMin <= sampleCountMax, sampleCountMax <= Int32.max,
      absoluteTolerance >= 0, relativeTolerance >= 0
    else {
      throw LearnerError(
        .badSettings,
        "from \(sampleCountMin) to \(sampleCountMax) samples with tolerances \(absoluteTolerance) "
          + "and \(relativeTolerance): at least 2 samples, no fewer at most, at most "
          + "\(Int32.max), and tolerances from 0 are needed")
    }
    self.curve = curve
    self.delta = delta
    self.alpha = alpha
    self.neighborSampling = neighborSampling
    self.sampleCountMin = sampleCountMin
    self.sampleCountMax = sampleCountMax
    self.absoluteTolerance = absoluteTolerance
    self.relativeTolerance = relativeTolerance
  }

  package init(_ fields: SettingFields) throws(LearnerError) {
    let tolerances = try fields.doubles("tolerances", count: 2)
    try self.init(
      curve: try Learner1DSettings(fields), delta: try fields.double("delta"),
      alpha: try fields.double("alpha"),
      neighborSampling: try fields.double("neighbor_sampling"),
      sampleCountMin: try fields.integer("min_samples"),
      sampleCountMax: try fields.integer("max_samples"), absoluteTolerance: tolerances[0],
      relativeTolerance: tolerances[1])
  }

  package var dimension: Int { 2 }

  package var fields: SettingFields {
    var fields = curve.fields
    fields.append("delta", .doubles([delta]))
    fields.append("alpha", .doubles([alpha]))
    fields.append("neighbor_sampling", .doubles([neighborSampling]))
    fields.append("min_samples", .integers([Int64(sampleCountMin)]))
    fields.append("max_samples", .integers([Int64(sampleCountMax)]))
    fields.append("tolerances", .doubles([absoluteTolerance, relativeTolerance]))
    return fields
  }

  package func makeLearner(valueCount: Int, seed: UInt64) throws(LearnerError) -> any Learner {
    guard valueCount == 1 else {
      throw LearnerError(.badSettings, "means are learned from 1 number, not \(valueCount)")
    }
    return AverageLearner1D(self)
  }

  package func restoreLearner(
    _ record: LearnerRecord, valueCount: Int, seed: UInt64
  ) throws(LearnerError) -> any Learner {
    try AverageLearner1D(restoring: self, record)
  }
}

extension Limits {
  /// The smallest probability for a mean to be off by more than its error: below, the finite sums
  /// of Student's distribution have lost half of their digits.
  package static let alphaMin = 1e-6
}
