import Foundation
import Testing

/// A conversation kept as a text file: checked line by line, or rewritten on purpose with
/// `ADAPTIVE_MPI_REWRITE_TRANSCRIPTS=1`.
struct Transcript {
  let name: String

  private var path: String {
    URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("Transcripts/\(name).txt").path
  }

  func check(_ lines: [String]) throws {
    let text = lines.joined(separator: "\n") + "\n"
    if ProcessInfo.processInfo.environment["ADAPTIVE_MPI_REWRITE_TRANSCRIPTS"] == "1" {
      try text.write(toFile: path, atomically: true, encoding: .utf8)
      return
    }
    let kept = try String(contentsOfFile: path, encoding: .utf8)
      .split(separator: "\n", omittingEmptySubsequences: false).dropLast().map(String.init)
    for (number, pair) in zip(kept, lines).enumerated() where pair.0 != pair.1 {
      Issue.record("\(name).txt, line \(number + 1): \(pair.0)\nis now: \(pair.1)")
      return
    }
    #expect(kept.count == lines.count, "\(name).txt has another number of lines")
  }
}
