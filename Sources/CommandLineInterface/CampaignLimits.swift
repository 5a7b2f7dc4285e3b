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

  /// Between two writings of the status, and more where gathering it costs more than this share of
  /// the root's time.
  package static let statusInterval = TimeSpan(seconds: 2)
  package static let statusIntervalMax = TimeSpan(seconds: 60)
  package static let statusCostShare = 0.001

  /// Rates in the status are of this time to twice as much.
  package static let statusRateWindow = TimeSpan(seconds: 30)

  /// Learners that the status lists one by one.
  package static let statusLearnersMax = 1000

  /// How long the end of a world waits for its last status to be written.
  package static let statusEndMax = TimeSpan(seconds: 5)

  /// A status that missed this many updates is stale.
  package static let statusUpdatesMissedMax = 5.0

  /// From the start of a long step to the first line about it, then between two lines.
  package static let longStepFirst = TimeSpan(seconds: 2)
  package static let longStepInterval = TimeSpan(seconds: 5)

  /// Bytes of an export that are written at a time.
  package static let exportPieceBytes = 256 << 10

  /// Ranks of a simulated world: about 3 GiB a million.
  package static let simulatedRanksMax = 1 << 22
}
