import CMPI

/// A group of ranks with message traffic of its own (MPI-4.0 chapter 7).
///
/// Errors of every communicator made here are returned. Those made by ``duplicate()`` and the
/// splits end with ``free()``; one that is merely dropped stays until MPI ends, because freeing is
/// collective and must not happen wherever a scope is left.
@safe public struct Communicator: ~Copyable {
  /// This process's number in the communicator, `0..<size`.
  public let rank: Int

  /// How many ranks the communicator has.
  public let size: Int

  let handle: cmpi_comm

  init(_ handle: cmpi_comm) throws(MPIError) {
    var rank: Int32 = 0
    var size: Int32 = 0
    unsafe try check(cmpi_comm_return_errors(handle), "MPI_Comm_set_errhandler")
    unsafe try check(cmpi_comm_rank(handle, &rank), "MPI_Comm_rank")
    unsafe try check(cmpi_comm_size(handle, &size), "MPI_Comm_size")
    self.rank = Int(rank)
    self.size = Int(size)
    unsafe self.handle = unsafe handle
  }

  /// The same ranks with separate traffic (`MPI_Comm_dup`, §7.4.2). *Collective*.
  public func duplicate() throws(MPIError) -> Communicator {
    var result = unsafe cmpi_comm_null()
    unsafe try check(cmpi_comm_dup(handle, &result), "MPI_Comm_dup")
    return unsafe try Communicator(result)
  }

  /// One communicator for each color, its ranks ordered by key and then by rank here; nil where
  /// the color is nil (`MPI_Comm_split`, §7.4.2). *Collective*.
  ///
  /// - Parameters:
  ///   - color: 0 or more, or nil for a rank that takes no part.
  public func split(color: Int?, key: Int) throws(MPIError) -> Communicator? {
    let rawColor = color.map { Int32(clamping: $0) } ?? cmpi_undefined
    var result = unsafe cmpi_comm_null()
    unsafe try check(
      cmpi_comm_split(handle, rawColor, Int32(clamping: key), &result), "MPI_Comm_split")
    if unsafe cmpi_comm_is_null(result) { return nil }
    return unsafe try Communicator(result)
  }

  /// The ranks that share memory with this one, so those of its node, in the order of their ranks
  /// here (`MPI_Comm_split_type` with `MPI_COMM_TYPE_SHARED`, §7.4.2). *Collective*.
  public func splitByNode() throws(MPIError) -> Communicator {
    var result = unsafe cmpi_comm_null()
    unsafe try check(
      cmpi_comm_split_shared(handle, Int32(clamping: rank), &result), "MPI_Comm_split_type")
    return unsafe try Communicator(result)
  }

  /// Lets an error in a call on this communicator end the world, as MPI does where nobody asks for
  /// anything else (`MPI_Comm_set_errhandler` with `MPI_ERRORS_ARE_FATAL`, §9.3). For those who do
  /// not look at what calls return. Not collective.
  public func endWorldOnErrors() throws(MPIError) {
    unsafe try check(cmpi_comm_fail_on_errors(handle), "MPI_Comm_set_errhandler")
  }

  /// The communicator as Fortran knows it (`MPI_Comm_c2f`, §19.3.4): a number with every
  /// implementation, from which C makes a handle again by `MPI_Comm_f2c`.
  public var fortranHandle: Int32 { unsafe cmpi_comm_fortran(handle) }

  /// Gives the communicator back (`MPI_Comm_free`, §7.4.3). *Collective*. The world and the self
  /// communicator cannot be freed.
  public consuming func free() throws(MPIError) {
    var handle = unsafe self.handle
    unsafe try check(cmpi_comm_free(&handle), "MPI_Comm_free")
  }
}
