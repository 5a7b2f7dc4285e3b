import Foundation

/// Runs short programs in the `python3` of the path, an independent reader and writer of our files.
package enum Python {
  package struct Failure: Error, CustomStringConvertible {
    package var description: String
  }

  /// What the program wrote to standard output, without the last line feed.
  ///
  /// - Throws: ``Failure`` with its standard error where it did not end with 0.
  package static func run(_ program: String, _ arguments: String...) throws -> String {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["python3", "-c", program] + arguments
    process.standardInput = FileHandle.nullDevice
    let output = Pipe()
    let errors = Pipe()
    process.standardOutput = output
    process.standardError = errors
    try process.run()
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    let complaint = String(
      decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
      throw Failure(description: "python3 ended with \(process.terminationStatus): \(complaint)")
    }
    return text.hasSuffix("\n") ? String(text.dropLast()) : text
  }
}
