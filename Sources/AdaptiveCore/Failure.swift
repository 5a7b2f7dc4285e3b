/// What a function did instead of returning a value for a point.
package struct Failure: Sendable, Equatable {
  package enum Kind: UInt8, Sendable, CaseIterable {
    /// The function reported an error.
    case raised = 1
    /// A value holds an infinity or is not a number, where the learner cannot use it.
    case notFinite = 2
    /// The function returned another count of numbers than it had declared.
    case wrongCount = 3
    /// No answer within the time allowed.
    case timedOut = 4
    /// The process that evaluated the point ended.
    case ended = 5
    /// Nobody evaluated the point to its end: the rank that held it was lost, or gave it back.
    case lost = 6
    /// The point was being evaluated when worlds died, and ended a process of its own, too: it is
    /// set aside.
    case quarantined = 7
  }

  package var kind: Kind

  /// What the function said, at most ``Limits/failureTextBytesMax`` bytes of UTF-8.
  package var text: String

  package init(_ kind: Kind, _ text: String) {
    self.kind = kind
    self.text = text.truncated(toBytes: Limits.failureTextBytesMax)
  }
}

extension String {
  /// The longest prefix of whole characters that fits in `limit` bytes of UTF-8.
  package func truncated(toBytes limit: Int) -> String {
    guard utf8.count > limit else { return self }
    var end = startIndex
    var bytes = 0
    for index in indices {
      bytes += self[index].utf8.count
      if bytes > limit { break }
      end = self.index(after: index)
    }
    return String(self[..<end])
  }
}
