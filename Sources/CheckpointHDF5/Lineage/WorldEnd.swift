/// How a world said that it ended.
package struct WorldEnd: Sendable, Equatable {
  /// `2026-11-23T23:40:12Z`
  package var utc: String
  package var exitCode: Int32
  /// One line or several.
  package var reason: String

  /// The reason of a world that a launcher told to end, and gave no time: perhaps because
  /// one of its ranks had died.
  package static let endedByLauncher = "its launcher ended it (SIGTERM)"

  /// Lines of `key: value`; the reason may go on for more.
  package var text: String {
    "ended utc: \(utc)\nexit code: \(exitCode)\nreason: \(reason)\n"
  }

  /// nil unless `text` is of this form.
  package init?(text: String) {
    let lines = text.split(separator: "\n", maxSplits: 2, omittingEmptySubsequences: false)
    guard lines.count == 3, lines[0].hasPrefix("ended utc: "), lines[1].hasPrefix("exit code: "),
      lines[2].hasPrefix("reason: "), lines[2].hasSuffix("\n"),
      let code = Int32(lines[1].dropFirst("exit code: ".count))
    else { return nil }
    utc = String(lines[0].dropFirst("ended utc: ".count))
    exitCode = code
    reason = String(lines[2].dropFirst("reason: ".count).dropLast())
  }

  init(utc: String, exitCode: Int32, reason: String) {
    self.utc = utc
    self.exitCode = exitCode
    self.reason = reason
  }
}
