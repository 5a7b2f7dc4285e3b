package import Delegation

/// Why a subcommand ends before anything is computed: the exit code, and a text that says what was
/// found, where, what is allowed, and what to do.
package struct EarlyEnd: Error, Sendable, Equatable, CustomStringConvertible {
  package var exitCode: ExitCode
  package var detail: String

  package init(_ exitCode: ExitCode, _ detail: String) {
    self.exitCode = exitCode
    self.detail = detail
  }

  package var description: String { detail }
}
