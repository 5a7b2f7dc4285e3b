import CHDF5

/// An array of numbers, or a list of texts, in a file.
///
/// The first dimension counts *rows* and can grow; data are written and read in whole rows. Every
/// dataset that this module creates is stored in chunks with checksums (deflate at level 0, which
/// stores, and fletcher32).
public struct Dataset: HDF5Object, ~Copyable {
  let handle: Handle

  public var identifier: Int64 { handle.identifier }

  public var path: String { handle.path }

  init(_ handle: consuming Handle) { self.handle = handle }

  /// Closes (`H5Dclose`); for a new dataset this is what writes the last chunks.
  public consuming func close() throws(HDF5Error) { try handle.close() }

  /// Rows first; empty for a scalar (`H5Sget_simple_extent_dims`).
  public var shape: [Int] {
    get throws(HDF5Error) {
      let space = try Handle(H5Dget_space(identifier), .dataspace, "H5Dget_space", path)
      return try space.extent()
    }
  }

  /// Lets the dataset have `rows` rows, old ones kept, new ones zero (`H5Dset_extent`).
  public borrowing func resize(rows: Int) throws(HDF5Error) {
    var extent = try shape.map(UInt64.init)
    guard !extent.isEmpty, rows >= 0 else {
      throw HDF5Error(
        .invalidArgument, operation: "H5Dset_extent", path: path,
        detail: "\(rows) rows for a dataset of \(extent.count) dimensions")
    }
    extent[0] = UInt64(rows)
    try check(unsafe H5Dset_extent(identifier, extent), "H5Dset_extent", path)
  }
}

extension HDF5Container where Self: ~Copyable {
  /// Creates a dataset of numbers that must not exist yet (`H5Dcreate2`).
  ///
  /// - Parameters:
  ///   - shape: rows, then the other dimensions, if any; zeros are allowed.
  ///   - chunkRows: rows stored and checked together; by default all, at most 256 KiB of them.
  ///     To be given where the dataset starts small and grows.
  public borrowing func createDataset<Element: HDF5Element>(
    _ name: String, _ element: Element.Type, shape: [Int], chunkRows: Int? = nil
  ) throws(HDF5Error) -> Dataset {
    let type = Element.elementType
    return try createDataset(
      name, fileType: type.fileType, elementBytes: type.byteCount, shape: shape,
      chunkRows: chunkRows)
  }

  /// Opens a dataset (`H5Dopen2`) after a look at what it would make the library do: see
  /// ``Dataset/validatedStorage()`` and ``Dataset/validatedSize()``.
  public borrowing func openDataset(_ name: String) throws(HDF5Error) -> Dataset {
    let childPath = try validatedLink(name, "H5Dopen2")
    let dataset = Dataset(
      try Handle(
        unsafe H5Dopen2(identifier, name, chdf5_default()), .dataset, "H5Dopen2", childPath))
    return try dataset.validatedStorage().validatedSize()
  }

  borrowing func createDataset(
    _ name: String, fileType: hid_t, elementBytes: Int, shape: [Int], chunkRows: Int?
  ) throws(HDF5Error) -> Dataset {
    let path = try childPath(name, "H5Dcreate2")
    guard !shape.isEmpty, shape.allSatisfy({ $0 >= 0 }), chunkRows ?? 1 > 0 else {
      throw HDF5Error(
        .invalidArgument, operation: "H5Dcreate2", path: path,
        detail: "shape \(shape) in chunks of \(chunkRows ?? 1) rows")
    }
    let extent = shape.map(UInt64.init)
    let extentMax = [chdf5_unlimited()] + extent.dropFirst().map { max($0, 1) }
    let space = try Handle(
      unsafe H5Screate_simple(Int32(shape.count), extent, extentMax),
      .dataspace, "H5Screate_simple", path)

    let properties = try Handle(
      H5Pcreate(chdf5_dataset_create()), .propertyList, "H5Pcreate", path)
    let chunk = chunkShape(shape, elementBytes: elementBytes, rows: chunkRows)
    try check(
      unsafe H5Pset_chunk(properties.identifier, Int32(chunk.count), chunk), "H5Pset_chunk", path)
    // Stored, not compressed: Fletcher's checksum of zeros is zero, so that without it a page of
    // zeros that a disk gives back would be a whole chunk; it is no deflated one.
    try check(H5Pset_deflate(properties.identifier, 0), "H5Pset_deflate", path)
    try check(H5Pset_fletcher32(properties.identifier), "H5Pset_fletcher32", path)

    return Dataset(
      try Handle(
        unsafe H5Dcreate2(
          identifier, name, fileType, space.identifier, chdf5_default(), properties.identifier,
          chdf5_default()),
        .dataset, "H5Dcreate2", path))
  }
}

/// Chunks of at most 256 KiB: small enough for the library's chunk cache, large enough to be few.
private func chunkShape(_ shape: [Int], elementBytes: Int, rows: Int?) -> [UInt64] {
  var left = max(1, (256 << 10) / max(1, elementBytes))
  var chunk = [UInt64](repeating: 1, count: shape.count)
  for dimension in shape.indices.dropFirst().reversed() {
    let length = min(max(1, shape[dimension]), left)
    chunk[dimension] = UInt64(length)
    left /= length
  }
  let rowsWanted = rows ?? (shape[0] == 0 ? left : shape[0])
  chunk[0] = UInt64(max(1, min(rowsWanted, left)))
  return chunk
}

extension Handle {
  /// The lengths of a dataspace's dimensions; empty for a scalar.
  borrowing func extent() throws(HDF5Error) -> [Int] {
    guard H5Sget_simple_extent_type(identifier) != H5S_NULL else {
      throw HDF5Error(
        .mismatch, operation: "H5Sget_simple_extent_type", path: path,
        detail: "a null dataspace, which holds no values")
    }
    let rank = try check(
      H5Sget_simple_extent_ndims(identifier), "H5Sget_simple_extent_ndims", path)
    guard rank > 0 else { return [] }
    var extent = [UInt64](repeating: 0, count: Int(rank))
    try check(
      unsafe H5Sget_simple_extent_dims(identifier, &extent, nil), "H5Sget_simple_extent_dims", path)
    guard extent.allSatisfy({ $0 <= UInt64(Int.max) }) else {
      throw HDF5Error(
        .refused, operation: "H5Sget_simple_extent_dims", path: path, detail: "extent \(extent)")
    }
    return extent.map(Int.init)
  }
}
