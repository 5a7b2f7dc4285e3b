import AdaptiveCore

/// Tells from past batches whether the next one will be short: by the longest point of late, which
/// fades with every batch. Too long an estimate costs a change of threads; too short a one keeps
/// MPI waiting. So what is unknown counts as long, until some 16 batches were short.
struct DurationEstimate {
  /// The longest point, in seconds.
  private var longest = 5 * Limits.inlineEvaluation.seconds

  mutating func record(secondsPerPoint: Double) {
    longest = max(secondsPerPoint, 0.9 * longest)
  }

  func isShort(count: Int) -> Bool {
    longest * Double(count) < Limits.inlineEvaluation.seconds
  }
}
