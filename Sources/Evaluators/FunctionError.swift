/// Why a function cannot be used: always found before anything is computed.
package struct FunctionError: Error, Sendable, Equatable {
  package enum Code: Sendable, Equatable {
    /// There is no such file, or it cannot be read.
    case libraryMissing
    /// The file is there, but the dynamic linker refuses it.
    case libraryUnloadable
    /// The library was built for an interface that this build does not speak, or for none.
    case versionUnknown
    /// The library exports no function of that name.
    case symbolMissing
    /// A built-in function or a setting of one has an unknown name or a value outside its range.
    case settingInvalid
  }

  package var code: Code

  /// What was being done, such as `loading /home/a/libpeak.so`.
  package var operation: String

  /// What was found, what is allowed, and what to do.
  package var detail: String

  /// What the system or the function itself said.
  package var cause: String?

  package init(_ code: Code, operation: String, detail: String, cause: String? = nil) {
    self.code = code
    self.operation = operation
    self.detail = detail
    self.cause = cause
  }
}

extension FunctionError: CustomStringConvertible {
  package var description: String {
    let text = "\(operation): \(detail)"
    guard let cause, !cause.isEmpty else { return text }
    return "\(text) (\(cause))"
  }
}
