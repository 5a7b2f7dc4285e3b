import Foundation

/// A table of a Markdown document, so that a document and the test that enforces it are one.
struct MarkdownTable {
  /// The cells of each row below the heading, without surrounding blanks.
  let rows: [[String]]

  /// The first table whose heading's cells are `heading`; nil if there is none.
  init?(heading: [String], in text: String) {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(Self.cells)
    guard let first = lines.firstIndex(of: heading) else { return nil }
    rows = lines[(first + 1)...].prefix { !$0.isEmpty }
      .filter { row in !row.allSatisfy { $0.allSatisfy { "-:".contains($0) } } }
  }

  /// The cells of a line that begins and ends with a bar; none of another line.
  private static func cells(_ line: Substring) -> [String] {
    let line = line.trimmingCharacters(in: .whitespaces)
    guard line.count > 1, line.hasPrefix("|"), line.hasSuffix("|") else { return [] }
    return line.dropFirst().dropLast()
      .split(separator: "|", omittingEmptySubsequences: false)
      .map { $0.trimmingCharacters(in: .whitespaces) }
  }
}
