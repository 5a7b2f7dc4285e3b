import Foundation
import _TestSupport

/// The repository's files.
enum SourceTree {
  /// Paths relative to the repository's root, in order, of all files that belong to it: without
  /// what git and the builds keep there.
  static let files: [String] = {
    let root = Programs.repository
    let walker = FileManager.default.enumerator(atPath: root.path)
    var files: [String] = []
    while let path = walker?.nextObject() as? String {
      let name = path.split(separator: "/").last.map(String.init) ?? path
      if name == ".git" || name.hasPrefix(".build") || name == "runs" || name == "__pycache__" {
        walker?.skipDescendants()
        continue
      }
      var isDirectory: ObjCBool = false
      let file = root.appendingPathComponent(path).path
      if FileManager.default.fileExists(atPath: file, isDirectory: &isDirectory),
        !isDirectory.boolValue
      {
        files.append(path)
      }
    }
    return files.sorted()
  }()

  /// The text of a file; nil if it is not text.
  static func text(_ path: String) -> String? {
    let file = Programs.repository.appendingPathComponent(path).path
    return FileManager.default.contents(atPath: file).flatMap { String(data: $0, encoding: .utf8) }
  }

  /// All Swift files under one of `directories`.
  static func swiftFiles(in directories: String...) -> [SourceText] {
    files.filter { path in
      path.hasSuffix(".swift") && directories.contains { path.hasPrefix($0 + "/") }
    }
    .compactMap { path in text(path).map { SourceText(path: path, text: $0) } }
  }
}
