package import AdaptiveCore

/// How long this world may take, by the option, the campaign file, or the batch system.
package enum Walltime {
  /// What is left of the world's time, nil without a limit: the option or the file's key counted
  /// from the start, else what the batch system says, less ``Limits/walltimeMargin`` and the grace.
  ///
  /// - Parameters:
  ///   - environment: one variable by name.
  ///   - epochSeconds: the time of day, in seconds since 1970.
  package static func remaining(
    asked: TimeSpan?, grace: TimeSpan, epochSeconds: Double,
    environment: (String) -> String?
  ) -> TimeSpan? {
    guard let total = asked ?? batchSystem(epochSeconds: epochSeconds, environment: environment)
    else { return nil }
    // Short worlds would never compute anything: they keep half of their time.
    return max(total - grace - Limits.walltimeMargin, TimeSpan(nanoseconds: total.nanoseconds / 2))
  }

  /// `SLURM_JOB_END_TIME` is a moment in seconds since 1970. `PBS_WALLTIME` is the job's whole time
  /// in seconds; how much of it has passed is not told, so it counts from here.
  private static func batchSystem(
    epochSeconds: Double, environment: (String) -> String?
  ) -> TimeSpan? {
    if let text = environment("SLURM_JOB_END_TIME"), let end = Double(text), end.isFinite {
      return max(.zero, TimeSpan(seconds: end - epochSeconds))
    }
    if let text = environment("PBS_WALLTIME"), let span = TimeSpan(text: text), span > .zero {
      return span
    }
    return nil
  }
}
