import CHDF5

/// What went wrong, in which call, on what, and what the library itself said about it.
public struct HDF5Error: Error, Equatable, Sendable {
  public enum Code: Sendable {
    /// A function of the library failed.
    case callFailed
    /// The file holds something that this binding does not follow or load: links out of the file,
    /// storage elsewhere, foreign filters, sizes that the file cannot hold.
    case refused
    /// Type, rank or extent differ from what was asked for.
    case mismatch
    /// The argument cannot be stored: text with a NUL, an array of the wrong length.
    case invalidArgument
  }

  public var code: Code

  /// The C function, `H5Dread`.
  public var operation: String

  /// File and object, `run/snapshot.h5:/learners/0/points`.
  public var path: String

  /// What was found and what was expected; empty where `stack` says it all.
  public var detail: String

  /// The library's own account, from the function that was called down to the cause.
  public var stack: [String]

  public init(
    _ code: Code, operation: String, path: String, detail: String = "", stack: [String] = []
  ) {
    self.code = code
    self.operation = operation
    self.path = path
    self.detail = detail
    self.stack = stack
  }
}

extension HDF5Error: CustomStringConvertible {
  /// One line: `H5Fopen failed on run/a.h5: …`.
  public var description: String {
    let verb =
      switch code {
      case .callFailed: "failed on"
      case .refused: "was refused on"
      case .mismatch: "found something else on"
      case .invalidArgument: "was not tried on"
      }
    let causes = ([detail] + stack).filter { !$0.isEmpty }
    return "\(operation) \(verb) \(path)"
      + (causes.isEmpty ? "" : ": " + causes.joined(separator: "; "))
  }
}

/// Turns a negative status into an error; to be called before any other function of the library,
/// as each of them clears the error stack.
@discardableResult
func check<Status: SignedInteger>(
  _ status: Status, _ operation: String, _ path: String
) throws(HDF5Error) -> Status {
  guard status < 0 else { return status }
  throw HDF5Error(.callFailed, operation: operation, path: path, stack: currentErrorStack())
}

/// The calling thread's error stack, outermost function first (`H5Ewalk2`).
private func currentErrorStack() -> [String] {
  var lines: [String] = []
  _ = unsafe withUnsafeMutablePointer(to: &lines) { lines in
    unsafe H5Ewalk2(
      chdf5_error_stack(), H5E_WALK_DOWNWARD,
      { _, entry, lines in
        guard let entry = unsafe entry?.pointee, let lines = unsafe lines else { return 0 }
        let function = unsafe entry.func_name.map { unsafe String(cString: $0) } ?? "?"
        let text = unsafe entry.desc.map { unsafe String(cString: $0) } ?? ""
        unsafe lines.assumingMemoryBound(to: [String].self).pointee.append("\(function): \(text)")
        return 0
      }, lines)
  }
  return lines
}
