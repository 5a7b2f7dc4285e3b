import Foundation

/// Compiles the tests' C functions with `cc`, as a user would.
enum Compiler {
  struct Failed: Error { var output: String }

  static let packageFolder = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  /// A folder of this process for what is built, removed at its end.
  private static let outputFolder: URL = {
    let folder = FileManager.default.temporaryDirectory
      .appending(path: "evaluators-tests-\(ProcessInfo.processInfo.processIdentifier)")
    try? FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    atexit { try? FileManager.default.removeItem(at: Compiler.outputFolder) }
    return folder
  }()

  /// Builds the C source at `path`, relative to the package; returns the library's absolute path,
  /// another one at each call, so that no two tests share a library's variables.
  static func library(_ path: String) throws -> String {
    try build(packageFolder.appending(path: path).path, language: "c")
  }

  /// One of the functions beside this file.
  static func function(_ name: String) throws -> String {
    try library("Tests/EvaluatorsTests/Functions/\(name).c")
  }

  /// Builds a program given as text, in `c`, `cpp` or `fortran`.
  static func library(_ program: String, language: String) throws -> String {
    let suffix = language == "fortran" ? "f90" : language
    let source = outputFolder.appending(path: "\(UUID().uuidString).\(suffix)")
    try program.write(to: source, atomically: false, encoding: .utf8)
    return try build(source.path, language: language)
  }

  private static func build(_ source: String, language: String) throws -> String {
    let output = outputFolder.appending(path: "lib\(UUID().uuidString).so").path
    let include = packageFolder.appending(path: "include").path
    let command =
      switch language {
      case "cpp": ["c++", "-std=c++11", "-I", include]
      case "fortran": ["gfortran", "-J", outputFolder.path]
      default: ["cc", "-std=c99", "-I", include]
      }
    let options = ["-O2", "-Wall", "-Wextra", "-Werror", "-fPIC", "-shared"]
    let result = try run(
      command[0], command.dropFirst() + options + ["-o", output, source, "-lm"])
    guard result.status == 0 else { throw Failed(output: result.output) }
    return output
  }

  /// Runs a program to its end, with `input` on its standard input; returns its status and all that
  /// it printed.
  static func run(
    _ program: String, _ arguments: [String], input: String = ""
  ) throws -> (status: Int32, output: String) {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = [program] + arguments
    let toProcess = Pipe()
    let fromProcess = Pipe()
    process.standardInput = toProcess
    process.standardOutput = fromProcess
    process.standardError = fromProcess
    try process.run()
    toProcess.fileHandleForWriting.write(Data(input.utf8))
    try toProcess.fileHandleForWriting.close()
    let output = fromProcess.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: output, as: UTF8.self))
  }
}
