package import AdaptiveCore

extension Limits {
  /// Bytes of a journal's block, unless a single entry is larger.
  package static let journalBlockBytes = 64 << 10

  /// A world shows that it lives by counting once in this time; three without are a death.
  package static let beatInterval = TimeSpan.milliseconds(5000)
  package static let beatsMissedMax = 3

  /// After a failed write, until the next attempt.
  package static let rewriteInterval = TimeSpan.milliseconds(2000)

  /// Bytes of a world's record.
  package static let worldRecordBytesMax = 16 << 10
}
