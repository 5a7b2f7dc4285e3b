package import AdaptiveCore

/// A program that evaluates points: what a campaign says of it.
package struct ProgramSettings: Sendable, Equatable {
  package enum Mode: String, Sendable, CaseIterable {
    /// Started once: a line of numbers in, a line of numbers out.
    case persistent
    /// Started for each point, in a folder of its own.
    case perPoint = "per_point"
  }

  /// Where a point's value stands, for programs that are started for each point.
  package struct Result: Sendable, Equatable {
    /// A file in the point's folder; nil: standard output.
    package var file: String?
    /// A text with `{}` in place of each number; nil: nothing but the numbers.
    package var pattern: String?

    package init(file: String? = nil, pattern: String? = nil) {
      self.file = file
      self.pattern = pattern
    }
  }

  /// The program and its arguments; never given to a shell.
  package var command: [String]
  package var mode: Mode
  package var result: Result

  /// Variables that the program gets beside what is inherited: the conduct's, with placeholders.
  package var environment: [EnvironmentVariable] = []

  /// A program and its arguments, run once on each leaf before the first point; empty for none.
  package var setUp: [String] = []

  /// Whether the folders of failed points stay, the last few of each leaf.
  package var keepsFailed: Bool

  package init(
    command: [String], mode: Mode, result: Result = Result(), keepsFailed: Bool = false
  ) {
    self.command = command
    self.mode = mode
    self.result = result
    self.keepsFailed = keepsFailed
  }
}

extension ProgramSettings {
  /// As a worker is told; ``init(_:)`` reads it.
  package var texts: [WorkerStart.Setting] {
    [
      .init("command", command), .init("mode", [mode.rawValue]),
      .init("result_file", result.file.map { [$0] } ?? []),
      .init("result_pattern", result.pattern.map { [$0] } ?? []),
      .init("environment", environment.flatMap { [$0.name, $0.value] }),
      .init("set_up", setUp), .init("keep", keepsFailed ? ["failed"] : []),
    ]
  }

  /// Nil if a leaf of another build said it.
  package init?(_ start: WorkerStart) {
    guard let word = start["mode"].first, let mode = Mode(rawValue: word),
      !start["command"].isEmpty, start["environment"].count.isMultiple(of: 2)
    else { return nil }
    let pairs = start["environment"]
    self.init(
      command: start["command"], mode: mode,
      result: Result(file: start["result_file"].first, pattern: start["result_pattern"].first),
      keepsFailed: !start["keep"].isEmpty)
    setUp = start["set_up"]
    environment = stride(from: 0, to: pairs.count, by: 2).map {
      EnvironmentVariable(name: pairs[$0], value: pairs[$0 + 1])
    }
  }
}

extension Limits {
  /// Bytes of a program's answer: of a line, of its standard output, of its result file.
  package static let programAnswerBytesMax = 64 * 1024 * 1024

  /// Folders of failed points that one leaf keeps.
  package static let programFoldersKept = 10

  /// Folders inside one another that are removed with a point's folder.
  package static let programFolderDepthMax = 32
}
