import CHDF5

/// What carries attributes: a file (its root group), a group, a dataset.
public protocol HDF5Object: ~Copyable {
  /// The library's own identifier (`hid_t`), for calls that this module lacks; closed by its owner.
  var identifier: Int64 { get }

  /// File and object as errors name them, `samples.h5:/learners/0`.
  var path: String { get }
}

/// What holds groups and datasets: a file (its root group) or a group.
///
/// A name is one link, not a path. Only hard links are followed: soft and external ones could lead
/// anywhere, in files from elsewhere too.
public protocol HDF5Container: HDF5Object, ~Copyable {}

/// A group: a folder within the file.
public struct Group: HDF5Container, ~Copyable {
  private let handle: Handle

  public var identifier: Int64 { handle.identifier }

  public var path: String { handle.path }

  fileprivate init(_ handle: consuming Handle) { self.handle = handle }

  /// Closes (`H5Gclose`).
  public consuming func close() throws(HDF5Error) { try handle.close() }
}

extension HDF5Container where Self: ~Copyable {
  /// Creates a group that must not exist yet (`H5Gcreate2`).
  public borrowing func createGroup(_ name: String) throws(HDF5Error) -> Group {
    let childPath = try childPath(name, "H5Gcreate2")
    return Group(
      try Handle(
        unsafe H5Gcreate2(identifier, name, chdf5_default(), chdf5_default(), chdf5_default()),
        .group, "H5Gcreate2", childPath))
  }

  /// Opens a group (`H5Gopen2`).
  public borrowing func openGroup(_ name: String) throws(HDF5Error) -> Group {
    let childPath = try validatedLink(name, "H5Gopen2")
    return Group(
      try Handle(
        unsafe H5Gopen2(identifier, name, chdf5_default()), .group, "H5Gopen2", childPath))
  }

  /// Whether there is a link of this name, of whatever kind (`H5Lexists`).
  public borrowing func contains(_ name: String) throws(HDF5Error) -> Bool {
    let childPath = try childPath(name, "H5Lexists")
    return try check(
      unsafe H5Lexists(identifier, name, chdf5_default()), "H5Lexists", childPath) > 0
  }

  /// The names of all links, in the order of their bytes (`H5Lget_name_by_idx`).
  ///
  /// - Throws: ``HDF5Error`` also when there are more than `countMax`.
  public borrowing func linkNames(countMax: Int) throws(HDF5Error) -> [String] {
    var information = H5G_info_t()
    try check(unsafe H5Gget_info(identifier, &information), "H5Gget_info", path)
    guard information.nlinks <= countMax else {
      throw HDF5Error(
        .refused, operation: "H5Gget_info", path: path,
        detail: "\(information.nlinks) links, at most \(countMax) are allowed")
    }
    var names: [String] = []
    for index in 0..<information.nlinks { names.append(try linkName(index)) }
    return names
  }

  private borrowing func linkName(_ index: UInt64) throws(HDF5Error) -> String {
    let byteCountMax = 4096
    var bytes = [CChar](repeating: 0, count: byteCountMax)
    let length = try check(
      unsafe H5Lget_name_by_idx(
        identifier, ".", H5_INDEX_NAME, H5_ITER_INC, index, &bytes, byteCountMax, chdf5_default()),
      "H5Lget_name_by_idx", path)
    guard length < byteCountMax else {
      throw HDF5Error(
        .refused, operation: "H5Lget_name_by_idx", path: path,
        detail: "a link's name has \(length) bytes")
    }
    return String(decoding: bytes[..<length].map(UInt8.init(bitPattern:)), as: UTF8.self)
  }

  /// The path of the child `name`, which must be one link's name.
  borrowing func childPath(_ name: String, _ operation: String) throws(HDF5Error) -> String {
    let childPath = path.hasSuffix("/") ? path + name : "\(path)/\(name)"
    guard !name.isEmpty, name != ".", !name.utf8.contains(where: { $0 == 0x2F || $0 == 0 }) else {
      throw HDF5Error(
        .invalidArgument, operation: operation, path: childPath,
        detail: "a name must not be empty, be a single dot, or hold a slash or a NUL")
    }
    return childPath
  }

  /// The path of the child `name` after a look at its link, which must be hard (`H5Lget_info`).
  borrowing func validatedLink(_ name: String, _ operation: String) throws(HDF5Error) -> String {
    let childPath = try childPath(name, operation)
    let type = try check(
      unsafe chdf5_link_type(identifier, name), "H5Lget_info", childPath)
    guard type == H5L_TYPE_HARD.rawValue else {
      throw HDF5Error(
        .refused, operation: operation, path: childPath,
        detail: "a soft, external or user-defined link; only hard links are followed")
    }
    return childPath
  }
}
