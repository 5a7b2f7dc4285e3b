import CHDF5

/// An HDF5 file, its root group included.
///
/// ```swift
/// let file = try HDF5File.create("samples.h5")
/// let points = try file.createDataset("points", Double.self, shape: [2, 3])
/// try points.write([0, 1, 2, 3, 4, 5], rows: 0..<2)
/// try points.close()
/// try file.close()
/// ```
public struct HDF5File: HDF5Container, ~Copyable {
  private let handle: Handle

  public var identifier: Int64 { handle.identifier }

  /// The path as it was given.
  public let filePath: String

  public var path: String { "\(filePath):/" }

  init(_ handle: consuming Handle, _ filePath: String) {
    self.handle = handle
    self.filePath = filePath
  }

  /// Creates a file that must not exist yet (`H5Fcreate` with `H5F_ACC_EXCL`), in the format of
  /// HDF5 1.10, whose metadata carry checksums and which every later release reads.
  public static func create(_ path: String) throws(HDF5Error) -> HDF5File {
    let access = try accessList(path)
    try setFormatBounds(access)
    let handle = try Handle(
      unsafe H5Fcreate(path, chdf5_exclusive(), chdf5_default(), access.identifier),
      .file, "H5Fcreate", path)
    return HDF5File(handle, path)
  }

  /// Opens an existing file for reading only (`H5Fopen`).
  public static func openReadOnly(_ path: String) throws(HDF5Error) -> HDF5File {
    let access = try accessList(path)
    let handle = try Handle(
      unsafe H5Fopen(path, chdf5_read_only(), access.identifier), .file, "H5Fopen", path)
    return HDF5File(handle, path)
  }

  /// Hands all written data to the operating system (`H5Fflush`); durable only after `fsync`.
  public borrowing func flush() throws(HDF5Error) {
    try check(H5Fflush(identifier, H5F_SCOPE_LOCAL), "H5Fflush", path)
  }

  /// Writes what is left and closes (`H5Fclose`); fails while an object of the file is open.
  public consuming func close() throws(HDF5Error) { try handle.close() }

  /// Bytes of the file as the library sees it (`H5Fget_filesize`).
  public var byteCount: UInt64 {
    get throws(HDF5Error) {
      var bytes: hsize_t = 0
      try check(unsafe H5Fget_filesize(identifier, &bytes), "H5Fget_filesize", path)
      return bytes
    }
  }

  /// No locks, which many shared file systems lack, and no file kept open by a forgotten object.
  static func accessList(_ path: String) throws(HDF5Error) -> Handle {
    try HDF5Library.open()
    let access = try Handle(
      H5Pcreate(chdf5_file_access()), .propertyList, "H5Pcreate", path)
    try check(chdf5_switch_locking_off(access.identifier), "H5Pset_file_locking", path)
    try check(
      H5Pset_fclose_degree(access.identifier, H5F_CLOSE_SEMI), "H5Pset_fclose_degree", path)
    return access
  }

  /// New files are of the format of HDF5 1.10.
  static func setFormatBounds(_ access: borrowing Handle) throws(HDF5Error) {
    try check(
      H5Pset_libver_bounds(access.identifier, H5F_LIBVER_V110, H5F_LIBVER_V110),
      "H5Pset_libver_bounds", access.path)
  }
}
