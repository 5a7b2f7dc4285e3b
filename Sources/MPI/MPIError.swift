import CMPI

/// A failed MPI call: what was called, and what the library says about it.
///
/// MPI returns errors only where the handler `MPI_ERRORS_RETURN` is set (MPI-4.0 §9.3);
/// ``MPIEnvironment`` and ``Communicator`` set it on everything they open. After an error the
/// standard promises nothing about the state of MPI: report it and end the world
/// (``MPIEnvironment/abort(_:)``), unless the call is known to have had no effect, as with an
/// argument that was refused.
public struct MPIError: Error, Sendable, Equatable {
  /// The implementation's own error code.
  public let code: Int32

  /// The standard's class of the code (MPI-4.0 §9.4).
  public let errorClass: ErrorClass

  /// The C function that failed.
  public let operation: String

  /// The library's text for the code, or ours where a call was refused before it was made.
  public let message: String

  /// An error class of the standard, such as `MPI_ERR_RANK`.
  public struct ErrorClass: Sendable, Equatable {
    public let rawValue: Int32

    public static var count: ErrorClass { ErrorClass(rawValue: cmpi_err_count) }
    public static var rank: ErrorClass { ErrorClass(rawValue: cmpi_err_rank) }
    public static var tag: ErrorClass { ErrorClass(rawValue: cmpi_err_tag) }
    public static var truncate: ErrorClass { ErrorClass(rawValue: cmpi_err_truncate) }
    public static var other: ErrorClass { ErrorClass(rawValue: cmpi_err_other) }
  }
}

extension MPIError: CustomStringConvertible {
  public var description: String {
    "\(operation) failed: \(message) (code \(code), class \(errorClass.rawValue))"
  }
}

extension MPIError {
  /// The error for a code that `operation` returned (`MPI_Error_class`, `MPI_Error_string`).
  init(code: Int32, operation: StaticString) {
    var errorClass: Int32 = 0
    let hasClass = unsafe cmpi_error_class(code, &errorClass) == cmpi_success
    self.code = code
    self.errorClass = hasClass ? ErrorClass(rawValue: errorClass) : .other
    self.operation = operation.description
    message =
      unsafe libraryText(
        maxLength: cmpi_error_string_max, { unsafe cmpi_error_string(code, $0, $1) })
      ?? "the library has no text for this code"
  }

  /// The error for a call that was refused before it reached MPI.
  init(_ errorClass: ErrorClass, operation: StaticString, message: String) {
    code = errorClass.rawValue
    self.errorClass = errorClass
    self.operation = operation.description
    self.message = message
  }
}

/// Turns a return code other than `MPI_SUCCESS` into an ``MPIError``.
@inline(__always)
func check(_ code: Int32, _ operation: StaticString) throws(MPIError) {
  if code != cmpi_success {
    throw MPIError(code: code, operation: operation)
  }
}

/// The number of bytes as MPI's `int`, or an error where it does not fit.
@inline(__always)
func countOfBytes(_ count: Int, _ operation: StaticString) throws(MPIError) -> Int32 {
  guard let narrow = Int32(exactly: count) else {
    throw MPIError(
      .count, operation: operation, message: "\(count) bytes are more than one message can hold")
  }
  return narrow
}

/// A text that MPI writes into a buffer of at most `maxLength` characters; nil if the call fails.
func libraryText(
  maxLength: Int32, _ fill: (UnsafeMutablePointer<CChar>, UnsafeMutablePointer<Int32>) -> Int32
) -> String? {
  unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(maxLength) + 1) { buffer in
    guard let start = buffer.baseAddress else { return nil }
    var length: Int32 = 0
    guard unsafe fill(start, &length) == cmpi_success else { return nil }
    let text = unsafe UnsafeRawBufferPointer(start: start, count: Int(length))
    return unsafe String(decoding: text, as: UTF8.self)
  }
}
