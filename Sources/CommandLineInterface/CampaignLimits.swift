package import AdaptiveCore

/// Bounds and intervals of reading campaigns and of showing how they go.
extension Limits {
  /// Bytes of a campaign file.
  package static let campaignFileBytesMax = 1 << 20

  /// Lists and mappings inside one another.
  package static let campaignDepthMax = 32

  /// Kept for the last save, on top of the grace, before the batch system ends the job: it looks at
  /// its clock no more than every 30 s or so, mostly late, and mpirun takes its time.
  package static let walltimeMargin = TimeSpan(seconds: 10)

  /// Between two looks for the file `stop`.
  package static let stopFileInterval = TimeSpan.milliseconds(500)

  /// From the start of a world to its first line of progress, then between two lines, in the first
  /// ten minutes and later.
  package static let progressFirst = TimeSpan(seconds: 2)
  package static let progressInterval = TimeSpan(seconds: 5)
  package static let progressIntervalLater = TimeSpan(seconds: 30)
  package static let progressIsLater = TimeSpan(seconds: 600)
}
