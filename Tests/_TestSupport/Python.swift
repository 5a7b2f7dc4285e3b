/// Runs short programs in a Python that has h5py: an independent reader and writer of our files.
package enum Python {
  package struct Failure: Error, CustomStringConvertible {
    package var description: String
  }

  /// What the program wrote to standard output, without the last line feed.
  ///
  /// - Throws: ``Failure`` with its standard error where it did not end with 0, and
  ///   ``MissingProgram`` where no such Python is installed.
  package static func run(_ program: String, _ arguments: String...) throws -> String {
    let process = try RunningProcess([try interpreter.get(), "-c", program] + arguments)
    let outcome = process.finish(within: 120)
    guard outcome.exitCode == 0 else {
      throw Failure(description: "python3 ended with \(outcome.exitCode): \(outcome.standardError)")
    }
    let text = outcome.standardOutput
    return text.hasSuffix("\n") ? String(text.dropLast()) : text
  }

  /// Looked for once: each look starts a Python that imports h5py.
  package static let interpreter = Result { try Programs.pythonWithH5py() }
}
