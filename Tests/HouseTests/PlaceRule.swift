import Foundation

/// What a repository that anybody clones does not name: where packages come from (their manager
/// knows), and places of one machine.
enum PlaceRule {
  /// Written in two pieces, so that this file passes its own rule.
  private static let registries = [
    "github" + ".com", "gitlab" + ".com", "pypi" + ".org", "pythonhosted" + ".org",
    "npmjs" + ".org", "crates" + ".io", "anaconda" + ".org", "rubygems" + ".org",
    "golang" + ".org", "maven" + ".org", "debian" + ".org", "docker" + ".io", "swift" + ".org",
    "swiftpackageindex" + ".com",
  ]

  private static let places = ["../" + "shared", "/" + "work/", "/" + "root/"]

  /// The package manager's own files, which have to name where the packages are.
  private static func isManifest(_ path: String) -> Bool {
    path.hasSuffix("Package.swift") || path.hasSuffix("Package.resolved")
  }

  static func violations(in path: String, text: String) -> [Violation] {
    let names = places + (isManifest(path) ? [] : registries)
    return WordRule.lines(of: text).flatMap { number, line in
      names.filter { line.contains($0) }
        .map { Violation(path: path, line: number, message: "names \($0)") }
    }
  }
}

/// Relative links of Markdown documents lead to files that are there.
enum LinkRule {
  static func violations(in path: String, text: String, files: Set<String>) -> [Violation] {
    let folder = path.split(separator: "/").dropLast().map(String.init)
    return WordRule.lines(of: text).flatMap { number, line in
      line.matches(of: /\]\(([^)\s]+)\)/).map { String($0.output.1) }
        .filter { !$0.contains("://") && !$0.hasPrefix("#") }
        .filter { link in
          let target = resolve(link.prefix { $0 != "#" }, from: folder)
          return !files.contains(target) && !files.contains { $0.hasPrefix(target + "/") }
        }
        .map { Violation(path: path, line: number, message: "no file for the link \($0)") }
    }
  }

  private static func resolve(_ link: Substring, from folder: [String]) -> String {
    var parts = folder
    for part in link.split(separator: "/") where part != "." {
      if part == ".." { _ = parts.popLast() } else { parts.append(String(part)) }
    }
    return parts.joined(separator: "/")
  }
}
