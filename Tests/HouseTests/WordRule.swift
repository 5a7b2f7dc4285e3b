import Foundation

/// Words that names of types, functions and files do not use, because the glossary has another for
/// the thing; marks and shortcuts that code does not keep.
struct WordRule {
  /// The words of each banned name, in lower case: "node id" → ["node", "id"].
  private let banned: [[String]]

  static let heading = ["word", "meaning", "not"]

  /// Takes the "not" column of the glossary; entries with a condition in parentheses are for prose.
  /// Nil if `glossary` has no such table.
  init?(glossary: String) {
    guard let table = MarkdownTable(heading: Self.heading, in: glossary) else { return nil }
    let entries = table.rows.compactMap(\.last)
      .flatMap { $0.replacing(/[^,]*\([^)]*\)/, with: "").split(separator: ",") }
      .map { $0.trimmingCharacters(in: .whitespaces).lowercased() }
      .filter { !$0.isEmpty && $0 != "–" }
    banned = (entries + Self.always).map { $0.split(separator: " ").map(String.init) }
  }

  /// Names that say nothing, and one that belongs to somebody else.
  private static let always = ["ampi", "util", "utils", "common", "helper", "helpers", "managers"]

  func violations(in source: SourceText) -> [Violation] {
    var found: [Violation] = []
    let file = source.path.split(separator: "/").last ?? ""
    if let word = bannedWord(in: file.replacing(".swift", with: "")) {
      found.append(Violation(path: source.path, line: 0, message: "the file is named \(word)"))
    }
    let kinds: Set = ["struct", "class", "enum", "protocol", "actor", "typealias", "func"]
    let tokens = Token.all(in: source)
    for (keyword, name) in zip(tokens, tokens.dropFirst()) where kinds.contains(keyword.text) {
      guard let word = bannedWord(in: name.text) else { continue }
      found.append(
        Violation(path: source.path, line: name.line, message: "\(name.text) is named \(word)"))
    }
    return found
  }

  /// The first banned word in a name, or nil.
  func bannedWord(in name: some StringProtocol) -> String? {
    let words = Self.words(of: String(name))
    for phrase in banned where phrase.count <= words.count {
      for start in 0...(words.count - phrase.count)
      where Array(words[start..<start + phrase.count]) == phrase {
        return phrase.joined(separator: " ")
      }
    }
    return nil
  }

  /// `HDF5FileReader+Next` → ["hdf5", "file", "reader", "next"].
  static func words(of name: String) -> [String] {
    name.matches(of: /[A-Z]+[0-9]*(?![a-z])|[A-Z]?[a-z0-9]+/).map { $0.output.lowercased() }
  }

  /// Marks of unfinished work anywhere in a file, comments included.
  static func marks(in path: String, text: String) -> [Violation] {
    let marks = ["TO" + "DO", "FIX" + "ME", "XX" + "X", "HA" + "CK"]
    return lines(of: text).flatMap { number, line in
      marks.filter { line.contains($0) }
        .map { Violation(path: path, line: number, message: "left-over mark \($0)") }
    }
  }

  /// Expressions that trap on what they should handle.
  static func shortcuts(in source: SourceText) -> [Violation] {
    source.code.enumerated().flatMap { index, line in
      ["try!", "as!"].filter { line.contains($0) }
        .map { Violation(path: source.path, line: index + 1, message: "\($0) is not used here") }
    }
  }

  static func lines(of text: String) -> [(number: Int, line: Substring)] {
    text.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
      .map { ($0.offset + 1, $0.element) }
  }
}
