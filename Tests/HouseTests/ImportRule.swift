import Foundation

/// Who may import whom, as the table of `docs/architecture.md` says: the module, its own modules,
/// modules from outside. Words in parentheses are comments, a dash is nothing.
struct ImportRule {
  private var allowed: [String: Set<String>] = [:]

  static let heading = ["module", "own modules", "outside"]

  /// Nil if `document` has no such table.
  init?(document: String) {
    guard let table = MarkdownTable(heading: Self.heading, in: document) else { return nil }
    for row in table.rows where row.count == 3 {
      for module in Self.names(row[0]) {
        allowed[module, default: []].formUnion(Self.names(row[1]) + Self.names(row[2]))
      }
    }
  }

  func violations(in source: SourceText) -> [Violation] {
    guard let module = source.module else { return [] }
    guard let allowed = allowed[module] else {
      return [Violation(path: source.path, line: 0, message: "\(module) is not in the table")]
    }
    return Self.imports(of: source).compactMap { line, name in
      allowed.contains(name)
        ? nil
        : Violation(path: source.path, line: line, message: "\(module) may not import \(name)")
    }
  }

  /// The modules that a file imports, whatever access or attributes the import has, by line.
  static func imports(of source: SourceText) -> [(line: Int, module: String)] {
    source.code.enumerated().compactMap { index, line in
      importedModule(line).map { (line: index + 1, module: $0) }
    }
  }

  private static func importedModule(_ line: String) -> String? {
    let words = line.split(whereSeparator: { " \t;".contains($0) }).map(String.init)
    guard let position = words.firstIndex(of: "import"),
      words[..<position].allSatisfy({ $0.hasPrefix("@") || accessLevels.contains($0) })
    else { return nil }
    let kinds = ["typealias", "struct", "class", "enum", "protocol", "let", "var", "func"]
    let names = words.dropFirst(position + 1)
    return names.first { !kinds.contains($0) }.map { String($0.prefix { $0 != "." }) }
  }

  private static let accessLevels = ["public", "package", "internal", "fileprivate", "private"]

  private static func names(_ cell: String) -> [String] {
    cell.replacing(/\([^)]*\)/, with: "").split(separator: ",")
      .map { $0.trimmingCharacters(in: CharacterSet(charactersIn: " `")) }
      .filter { !$0.isEmpty && $0 != "–" }
  }
}
