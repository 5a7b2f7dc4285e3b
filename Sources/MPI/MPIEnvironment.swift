import CMPI

/// MPI, from its initialisation to its end (MPI-4.0 chapters 9 and 11).
///
/// ```swift
/// let environment = try MPIEnvironment()
/// let world = try environment.world()
/// print("rank \(world.rank) of \(world.size) on \(try environment.processorName())")
/// try environment.finalize()
/// ```
///
/// Threads are *funneled*: only the thread that made the environment may call MPI. A process that
/// was not started by `mpirun` is a world of one rank. Nothing happens when an environment is
/// dropped: a process that ends without ``finalize()`` makes `mpirun` end the world, and that is
/// right for one that failed.
public struct MPIEnvironment: ~Copyable {
  /// Initialises MPI and has errors returned instead of ending the job (`MPI_Init_thread`, §11.2,
  /// `MPI_Comm_set_errhandler`, §9.3). *Collective* over all ranks of the world.
  ///
  /// Throws if MPI is running already, was finalized, or offers no funneled threads.
  public init() throws(MPIError) {
    var isInitialized: Int32 = 0
    unsafe try check(cmpi_initialized(&isInitialized), "MPI_Initialized")
    guard isInitialized == 0 else {
      throw MPIError(
        .other, operation: "MPI_Init_thread",
        message: "MPI is initialized once in the life of a process, and has been")
    }
    var provided: Int32 = 0
    unsafe try check(cmpi_init_thread(cmpi_thread_funneled, &provided), "MPI_Init_thread")
    unsafe try check(cmpi_comm_return_errors(cmpi_comm_world()), "MPI_Comm_set_errhandler")
    unsafe try check(cmpi_comm_return_errors(cmpi_comm_self()), "MPI_Comm_set_errhandler")
    guard provided >= cmpi_thread_funneled else {
      throw MPIError(
        .other, operation: "MPI_Init_thread",
        message: "the library offers only MPI_THREAD_SINGLE, MPI_THREAD_FUNNELED is needed")
    }
  }

  /// Ends MPI (`MPI_Finalize`, §11.2.2). *Collective* over all ranks of the world; every request
  /// must be complete and every message received.
  public consuming func finalize() throws(MPIError) {
    try check(cmpi_finalize(), "MPI_Finalize")
  }

  /// Ends all ranks of the world at once; `mpirun` returns the lowest eight bits of `code`
  /// (`MPI_Abort`, §9.7). Not collective.
  public func abort(_ code: Int32) -> Never {
    let result = cmpi_abort(code)
    fatalError("MPI_Abort(\(code)) returned \(result)")
  }

  /// The communicator of all ranks, `MPI_COMM_WORLD` (§7.2). Not collective.
  public func world() throws(MPIError) -> Communicator {
    unsafe try Communicator(cmpi_comm_world())
  }

  /// The communicator of this rank alone, `MPI_COMM_SELF` (§7.2). Not collective.
  public func selfCommunicator() throws(MPIError) -> Communicator {
    unsafe try Communicator(cmpi_comm_self())
  }

  /// Seconds since a moment in the past that does not change (`MPI_Wtime`, §9.6); clocks of
  /// different ranks need not agree.
  public var wallTime: Double { cmpi_wtime() }

  /// The name of the computer that this rank runs on (`MPI_Get_processor_name`, §9.1.2).
  public func processorName() throws(MPIError) -> String {
    let name = unsafe libraryText(
      maxLength: cmpi_processor_name_max, { unsafe cmpi_get_processor_name($0, $1) })
    guard let name else {
      throw MPIError(
        .other, operation: "MPI_Get_processor_name", message: "the computer's name is not known")
    }
    return name
  }
}

extension MPIEnvironment {
  /// The version of the standard that the library implements (`MPI_Get_version`, §9.1.1).
  /// May be called before initialisation.
  public static func standardVersion() throws(MPIError) -> (major: Int, minor: Int) {
    var major: Int32 = 0
    var minor: Int32 = 0
    unsafe try check(cmpi_get_version(&major, &minor), "MPI_Get_version")
    return (Int(major), Int(minor))
  }

  /// The library's description of itself, of one or more lines (`MPI_Get_library_version`,
  /// §9.1.1). May be called before initialisation.
  public static func libraryVersion() throws(MPIError) -> String {
    let version = unsafe libraryText(
      maxLength: cmpi_library_version_string_max, { unsafe cmpi_get_library_version($0, $1) })
    guard let version else {
      throw MPIError(
        .other, operation: "MPI_Get_library_version", message: "the library does not say")
    }
    return version
  }
}
