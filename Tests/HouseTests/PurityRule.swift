import Foundation

/// What modules without I/O keep away from: clock, files, environment, threads, the system's random
/// numbers, and the order of hashed collections, which differs between processes.
enum PurityRule {
  static let modules = ["AdaptiveCore", "Geometry", "Learners", "Delegation"]

  private static let modulesOutside = [
    "Foundation", "FoundationEssentials", "Glibc", "Musl", "Darwin", "Dispatch", "Synchronization",
  ]

  private static let words: Set = [
    "async", "await", "Task", "actor", "Date", "Thread", "Mutex", "ContinuousClock",
    "SuspendingClock", "SystemRandomNumberGenerator", "ProcessInfo", "CommandLine", "readLine",
    "print",
  ]

  /// `sources` are the files of one type, such as `Type.swift` and `Type+Concern.swift`: what one
  /// of them declares, another may iterate.
  static func violations(in sources: [SourceText]) -> [Violation] {
    let hashed = sources.reduce(into: Set<String>()) { $0.formUnion(hashedNames(in: $1)) }
    return sources.flatMap { source in
      imports(in: source) + forbiddenWords(in: source) + iterations(over: hashed, in: source)
    }
  }

  private static func imports(in source: SourceText) -> [Violation] {
    ImportRule.imports(of: source).filter { modulesOutside.contains($0.module) }.map {
      Violation(
        path: source.path, line: $0.line, message: "a pure module may not import \($0.module)")
    }
  }

  private static func forbiddenWords(in source: SourceText) -> [Violation] {
    let tokens = Token.all(in: source)
    var found = tokens.filter { words.contains($0.text) }.map {
      Violation(path: source.path, line: $0.line, message: "\($0.text) in a pure module")
    }
    for (index, line) in source.code.enumerated() {
      let draws = line.contains(/\.(random|randomElement|shuffled|shuffle)\(/)
      guard draws, !line.contains("using:") else { continue }
      found.append(
        Violation(
          path: source.path, line: index + 1, message: "the system's randomness in a pure module"))
    }
    return found
  }

  /// Names that are declared as a `Set` or a `Dictionary`, by their type or by what they begin as.
  static func hashedNames(in source: SourceText) -> Set<String> {
    let name = #"(?:\b(?:let|var)\s+|[(,]\s*(?:\w+\s+)?)(\w+)\s*"#
    let type = #":\s*(?:inout\s+)?(?:Set<|Dictionary<|\[[^\[\](]+:)"#
    let value = #"=\s*(?:Set\b|Dictionary\b|\[:\]|\[[^\[\]]+:[^\[\]]*\]\()"#
    guard let declaration = try? Regex("\(name)(?:\(type)|\(value))") else { return [] }
    var names: Set<String> = []
    for line in source.code {
      for match in line.matches(of: declaration) {
        if let name = match.output[1].substring { names.insert(String(name)) }
      }
    }
    return names
  }

  private static func iterations(
    over hashed: Set<String>, in source: SourceText
  ) -> [Violation] {
    let ways = "(\\.(keys|values|forEach|map|compactMap|flatMap|filter|reduce|first|enumerated)\\b)"
    return source.code.enumerated().flatMap { index, line in
      hashed.sorted().filter { name in
        let loop = "\\bin\\s+(self\\.)?\(name)\\s*(\\{|where\\b|\\.(keys|values|enumerated)|$)"
        let call = "(?<![\\w.])(self\\.)?\(name)\(ways)"
        return matches(loop, line) || matches(call, line)
      }
      .map {
        Violation(
          path: source.path, line: index + 1, message: "\($0) is iterated in hashing's order")
      }
    }
  }

  private static func matches(_ pattern: String, _ line: String) -> Bool {
    line.range(of: pattern, options: .regularExpression) != nil
  }
}
