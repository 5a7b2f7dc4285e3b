import CHDF5

/// The library as a whole.
///
/// Unless ``isThreadSafe``, all calls of a process must come from one thread at a time; what this
/// module hands out belongs to the thread that made it.
public enum HDF5Library {
  /// Initialises the library for this process, once, and for the calling thread.
  ///
  /// No function runs at `exit` (`H5dont_atexit`, `H5open`), filters are never loaded from files
  /// (`H5PLset_loading_state`), and the calling thread's errors are thrown, not printed
  /// (`H5Eset_auto2`). Opening or creating a file calls this.
  ///
  /// - Throws: ``HDF5Error`` if the library at hand is not of the version that this was built with.
  public static func open() throws(HDF5Error) {
    try process.get()
    try check(
      H5Eset_auto2(chdf5_error_stack(), nil, nil), "H5Eset_auto2", "the HDF5 library")
  }

  /// The loaded library's version, as `1.10.8` (`H5get_libversion`).
  public static var version: String {
    guard let loaded = loadedVersion() else { return "unknown" }
    return "\(loaded.major).\(loaded.minor).\(loaded.release)"
  }

  /// Whether several threads may call the library at the same time (`H5is_library_threadsafe`).
  public static var isThreadSafe: Bool {
    var flag = false
    return unsafe H5is_library_threadsafe(&flag) >= 0 && flag
  }

  private static let process: Result<Void, HDF5Error> = {
    let place = "the HDF5 library"
    // Fails where the host program has called it already, which serves as well.
    _ = H5dont_atexit()
    guard let loaded = loadedVersion(), loaded.major == H5_VERS_MAJOR, loaded.minor == H5_VERS_MINOR
    else {
      return .failure(
        HDF5Error(
          .mismatch, operation: "H5get_libversion", path: place,
          detail: "version \(version) was loaded, "
            + "\(H5_VERS_MAJOR).\(H5_VERS_MINOR) is what this program was built with"))
    }
    do throws(HDF5Error) {
      try check(H5open(), "H5open", place)
      try check(H5PLset_loading_state(0), "H5PLset_loading_state", place)
      return .success(())
    } catch {
      return .failure(error)
    }
  }()

  private static func loadedVersion() -> (major: Int32, minor: Int32, release: Int32)? {
    var numbers: (UInt32, UInt32, UInt32) = (0, 0, 0)
    guard unsafe H5get_libversion(&numbers.0, &numbers.1, &numbers.2) >= 0 else { return nil }
    return (Int32(numbers.0), Int32(numbers.1), Int32(numbers.2))
  }
}
