/// Why a checkpoint could not be written, read or taken over.
package struct CheckpointError: Error, Equatable, Sendable {
  package enum Code: Sendable, Equatable {
    /// A call to the operating system failed with this `errno` (exit code 74).
    case system(Int32)
    /// HDF5 failed, other than on damaged data.
    case library
    /// What was read is not what was written.
    case damaged
    /// No generation of a shard can be read (exit code 65).
    case allDamaged
    /// There is no run directory, or no campaign in it (exit code 66).
    case missing
    /// A living world holds the directory (exit code 73).
    case held
    /// The file belongs to another user, is no plain file, or is a symbolic link.
    case untrusted
    /// Written by a newer release in a format that this one does not know.
    case newerFormat
  }

  package var code: Code

  /// The call or the step, `fsync`.
  package var operation: String
  package var path: String

  /// What was found, what was expected, what to do.
  package var detail: String

  package init(_ code: Code, operation: String, path: String, detail: String = "") {
    self.code = code
    self.operation = operation
    self.path = path
    self.detail = detail
  }
}

extension CheckpointError: CustomStringConvertible {
  package var description: String {
    "\(operation) \(path)\(detail.isEmpty ? "" : ": \(detail)")"
  }
}
