import CMPI

extension Communicator {
  /// Starts a send (`MPI_Isend`, MPI-4.0 §3.7.2). Not collective.
  ///
  /// Messages from one rank to another with the same tag arrive in the order of their sends
  /// (§3.5). A rank or tag that does not exist is an error, and nothing is sent.
  ///
  /// - Parameters:
  ///   - bytes: stays in place and unchanged until the request is complete; may be empty.
  ///   - destination: a rank of this communicator, this one included.
  ///   - tag: 0 or more, at most 32767 to be portable.
  public func send(
    _ bytes: UnsafeRawBufferPointer, to destination: Int, tag: Int
  ) throws(MPIError) -> Request {
    let count = try countOfBytes(bytes.count, "MPI_Isend")
    var request = unsafe cmpi_request_null()
    unsafe try check(
      cmpi_isend(
        bytes.baseAddress, count, Int32(clamping: destination), Int32(clamping: tag), handle,
        &request), "MPI_Isend")
    return unsafe Request(request, .send)
  }

  /// Starts a receive (`MPI_Irecv`, §3.7.2). Not collective.
  ///
  /// A message longer than the buffer is an error of the class ``MPIError/ErrorClass/truncate``
  /// when the request completes.
  ///
  /// - Parameters:
  ///   - bytes: stays in place and untouched until the request is complete.
  public func receive(
    into bytes: UnsafeMutableRawBufferPointer, from source: Source = .any, tag: Tag = .any
  ) throws(MPIError) -> Request {
    let count = try countOfBytes(bytes.count, "MPI_Irecv")
    var request = unsafe cmpi_request_null()
    unsafe try check(
      cmpi_irecv(
        bytes.baseAddress, count, source.rawValue, tag.rawValue, handle, &request), "MPI_Irecv")
    return unsafe Request(request, .receive)
  }

  /// Looks for a message that could be received, without taking it (`MPI_Iprobe`, §3.8.1).
  /// Moves MPI on. Not collective.
  public func probe(
    from source: Source = .any, tag: Tag = .any
  ) throws(MPIError) -> Status? {
    var flag: Int32 = 0
    var status = unsafe cmpi_status()
    unsafe try check(
      cmpi_iprobe(source.rawValue, tag.rawValue, handle, &flag, &status), "MPI_Iprobe")
    guard flag != 0 else { return nil }
    return unsafe try Status(status)
  }

  /// Takes a message out of the queue of arrivals, to be received next (`MPI_Improbe`, §3.8.2).
  /// Moves MPI on. Not collective.
  public func matchedProbe(
    from source: Source = .any, tag: Tag = .any
  ) throws(MPIError) -> MatchedMessage? {
    var flag: Int32 = 0
    var status = unsafe cmpi_status()
    var message = unsafe cmpi_message_null()
    unsafe try check(
      cmpi_improbe(source.rawValue, tag.rawValue, handle, &flag, &message, &status),
      "MPI_Improbe")
    guard flag != 0 else { return nil }
    return unsafe MatchedMessage(message, try Status(status))
  }
}

/// A message that was matched and must now be received; no other receive can take it (MPI-4.0
/// §3.8.2). Dropping it unreceived traps.
@safe public struct MatchedMessage: ~Copyable {
  /// Its sender, tag and length.
  public let status: Status

  private let handle: cmpi_message

  init(_ handle: cmpi_message, _ status: Status) {
    unsafe self.handle = unsafe handle
    self.status = status
  }

  /// Receives the message (`MPI_Mrecv`, §3.8.3). Waits where its bytes have not all arrived.
  ///
  /// Throws an error of the class ``MPIError/ErrorClass/truncate`` if the buffer is too short.
  public consuming func receive(into bytes: UnsafeMutableRawBufferPointer) throws(MPIError) {
    var handle = unsafe self.handle
    discard self
    let count = try countOfBytes(min(bytes.count, Int(Int32.max)), "MPI_Mrecv")
    var status = unsafe cmpi_status()
    unsafe try check(cmpi_mrecv(bytes.baseAddress, count, &handle, &status), "MPI_Mrecv")
  }

  deinit { Self.trapOnDrop() }

  private static func trapOnDrop() {
    preconditionFailure("a matched MPI message was dropped without being received")
  }
}
