package import AdaptiveCore

extension Limits {
  /// Bytes of a journal's block, unless a single entry is larger.
  package static let journalBlockBytes = 64 << 10

  /// A world shows that it lives by counting once in this time; three without are a death.
  package static let beatInterval = TimeSpan.milliseconds(5000)
  package static let beatsMissedMax = 3

  /// Bytes that may wait to become durable, besides those of one commit. What goes beyond is given
  /// up: the next snapshot holds it.
  package static let journalBacklogBytesMax = 256 << 20

  /// After a failed write, until the next attempt.
  package static let rewriteInterval = TimeSpan.milliseconds(2000)

  /// A snapshot that could not be written is tried again after so many times what the attempt took:
  /// a full disk that others share is not kept busy.
  package static let snapshotRewritePause: Int64 = 4

  /// Bytes of a world's record.
  package static let worldRecordBytesMax = 16 << 10

  /// Points that a world writes down because worlds died while they were pending, and the bytes of
  /// that list.
  package static let suspectsMax = 1 << 18
  package static let suspectBytesMax = 64 << 20

  /// A world after one that died, perhaps in the function's hands, sends at first no point before
  /// it is durable that it was asked; then it commits at least so often. What ends it is known.
  package static let suspectCaution = TimeSpan(seconds: 10)
  package static let suspectCommitInterval = TimeSpan.milliseconds(100)

  /// Bytes of a status file that is read.
  package static let statusBytesMax = 8 << 20

  /// Between two looks of a thread that has nothing to do but to wait for its end.
  package static let statusPause = TimeSpan(seconds: 3600)

  /// Attempts at reading a directory whose files come and go, because a world lives there.
  package static let readAttemptsMax = 5
}
