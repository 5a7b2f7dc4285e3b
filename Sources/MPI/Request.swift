import CMPI

/// An operation under way (MPI-4.0 §3.7).
///
/// The buffer of the operation stays in place, and untouched, until the request is complete.
/// Dropping a request before that traps: MPI would go on reading or writing memory that nobody
/// keeps any more.
@safe public struct Request: ~Copyable {
  enum Kind {
    case send
    case receive
    case barrier
  }

  let kind: Kind
  private var handle: cmpi_request
  private var hasFailed = false

  init(_ handle: cmpi_request, _ kind: Kind) {
    unsafe self.handle = unsafe handle
    self.kind = kind
  }

  /// Whether the operation is complete, as far as the tests so far have told.
  public var isComplete: Bool { unsafe cmpi_request_is_null(handle) }

  /// Moves MPI on and returns the status once the operation is complete, nil before
  /// (`MPI_Test`, §3.7.3). Not to be called again after that. The status of anything but a receive
  /// is empty. Not collective.
  public mutating func test() throws(MPIError) -> Status? {
    precondition(!isComplete, "a request completes once")
    var flag: Int32 = 0
    var status = unsafe cmpi_status()
    let code = unsafe cmpi_test(&handle, &flag, &status)
    try noteFailure(code, "MPI_Test")
    guard flag != 0 else { return nil }
    return kind == .receive ? unsafe try Status(status) : .empty
  }

  /// Returns when the operation is complete (`MPI_Wait`, §3.7.3). The thread polls meanwhile.
  public mutating func wait() throws(MPIError) -> Status {
    precondition(!isComplete, "a request completes once")
    var status = unsafe cmpi_status()
    let code = unsafe cmpi_wait(&handle, &status)
    try noteFailure(code, "MPI_Wait")
    return kind == .receive ? unsafe try Status(status) : .empty
  }

  /// Takes a receive back (`MPI_Cancel`, §3.8.4) and completes the request. Returns nil if that
  /// succeeded, or the status of the message that had arrived before. Not collective.
  public mutating func cancelReceive() throws(MPIError) -> Status? {
    precondition(kind == .receive, "only receives can be taken back")
    precondition(!isComplete, "a request completes once")
    var status = unsafe cmpi_status()
    var isCancelled: Int32 = 0
    let cancelCode = unsafe cmpi_cancel(&handle)
    try noteFailure(cancelCode, "MPI_Cancel")
    let waitCode = unsafe cmpi_wait(&handle, &status)
    try noteFailure(waitCode, "MPI_Wait")
    unsafe try check(cmpi_test_cancelled(&status, &isCancelled), "MPI_Test_cancelled")
    return isCancelled != 0 ? nil : unsafe try Status(status)
  }

  /// Hands the raw handle to a pool, which from here on answers for the request.
  consuming func take() -> (handle: cmpi_request, kind: Kind) {
    let handle = unsafe self.handle
    let kind = self.kind
    discard self
    return unsafe (handle, kind)
  }

  /// After an error the standard leaves a request's state open, so that no trap may rest on it.
  private mutating func noteFailure(
    _ code: Int32, _ operation: StaticString
  ) throws(MPIError) {
    if code != cmpi_success {
      hasFailed = true
      throw MPIError(code: code, operation: operation)
    }
  }

  deinit {
    precondition(isComplete || hasFailed, "an unfinished MPI request was dropped")
  }
}
