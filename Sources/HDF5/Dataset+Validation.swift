import CHDF5

/// Checks that let files from elsewhere be read: before any data are, so that no other file is
/// opened, no code loaded, and no more memory asked for than the file can fill.
///
/// The library itself must still parse the file's metadata; where an attacker could have written
/// them, check a digest before opening the file at all.
extension Dataset {
  /// The dataset, if its values lie in this file as they are, or through the filters deflate,
  /// shuffle and fletcher32: no external storage, no virtual layout (`H5Dget_create_plist`).
  public consuming func validatedStorage() throws(HDF5Error) -> Dataset {
    let properties = try Handle(
      H5Dget_create_plist(identifier), .propertyList, "H5Dget_create_plist", path)
    let layout = H5Pget_layout(properties.identifier)
    guard [H5D_CONTIGUOUS, H5D_CHUNKED, H5D_COMPACT].contains(layout) else {
      throw refusal("H5Pget_layout", "layout \(layout.rawValue), perhaps virtual")
    }
    // A chunked dataset has no list of external files; asking for it is no error.
    let externalCount = try check(
      H5Pget_external_count(properties.identifier), "H5Pget_external_count", path)
    guard externalCount == 0 else {
      throw refusal("H5Pget_external_count", "its values lie in \(externalCount) other files")
    }
    for filter in try filters(of: properties) {
      let known = [
        chdf5_filter_deflate(), chdf5_filter_shuffle(), chdf5_filter_fletcher32(),
      ]
      guard known.contains(filter) else { throw refusal("H5Pget_filter2", "filter \(filter)") }
    }
    return self
  }

  /// The dataset, if its extent needs no more bytes than are stored for it, and these no more than
  /// the file has (`H5Dget_storage_size`, `H5Fget_filesize`). Chunks never written are missing.
  public consuming func validatedSize() throws(HDF5Error) -> Dataset {
    let type = try Handle(H5Dget_type(identifier), .datatype, "H5Dget_type", path)
    let elementBytes = H5Tget_size(type.identifier)
    let shape = try shape
    guard let needed = product([elementBytes] + shape) else {
      throw refusal("H5Sget_simple_extent_dims", "\(shape) elements of \(elementBytes) bytes")
    }
    guard needed > 0 else { return self }

    let file = try Handle(H5Iget_file_id(identifier), .file, "H5Iget_file_id", path)
    var fileBytes: hsize_t = 0
    try check(unsafe H5Fget_filesize(file.identifier, &fileBytes), "H5Fget_filesize", path)
    let storedBytes = H5Dget_storage_size(identifier)
    guard storedBytes <= fileBytes else {
      throw refusal(
        "H5Dget_storage_size", "\(storedBytes) bytes stored in a file of \(fileBytes)")
    }

    let properties = try Handle(
      H5Dget_create_plist(identifier), .propertyList, "H5Dget_create_plist", path)
    let deflated = try filters(of: properties).contains(chdf5_filter_deflate())
    let chunkBytes = try chunkElementCount(of: properties).map { product([$0, elementBytes]) }
    let (heldBytes, overflow) = Int(storedBytes).multipliedReportingOverflow(
      by: deflated ? deflateRatioMax : 1)
    guard !overflow, needed <= heldBytes, chunkBytes.map({ ($0 ?? .max) <= heldBytes }) ?? true
    else {
      throw refusal(
        "H5Dget_storage_size",
        "\(shape) elements of \(elementBytes) bytes do not fit in the \(storedBytes) stored")
    }
    return self
  }

  /// The dataset, if its elements are exactly of this type (`H5Dget_type`).
  public consuming func validated<Element: HDF5Element>(
    as element: Element.Type, shape expected: [Int?]
  ) throws(HDF5Error) -> Dataset {
    try requireType(Element.elementType)
    let found = try shape
    guard found.count == expected.count,
      zip(found, expected).allSatisfy({ $0 == $1 ?? $0 })
    else {
      let wanted = expected.map { $0.map(String.init) ?? "any" }.joined(separator: ", ")
      throw HDF5Error(
        .mismatch, operation: "H5Sget_simple_extent_dims", path: path,
        detail: "shape \(found) instead of [\(wanted)]")
    }
    return self
  }

  /// The type of the elements; nil for one that this module does not read as numbers
  /// (`H5Dget_type`).
  public var elementType: ElementType? {
    get throws(HDF5Error) {
      let type = try Handle(H5Dget_type(identifier), .datatype, "H5Dget_type", path)
      for element in ElementType.allCases
      where try check(H5Tequal(type.identifier, element.fileType), "H5Tequal", path) > 0 {
        return element
      }
      return nil
    }
  }

  borrowing func requireType(_ element: ElementType) throws(HDF5Error) {
    let type = try Handle(H5Dget_type(identifier), .datatype, "H5Dget_type", path)
    let equal = try check(H5Tequal(type.identifier, element.fileType), "H5Tequal", path)
    guard equal > 0 else {
      throw HDF5Error(
        .mismatch, operation: "H5Dget_type", path: path, detail: "its elements are not \(element)")
    }
  }

  private borrowing func refusal(_ operation: String, _ detail: String) -> HDF5Error {
    HDF5Error(.refused, operation: operation, path: path, detail: detail)
  }

  private borrowing func filters(of properties: borrowing Handle) throws(HDF5Error)
    -> [H5Z_filter_t]
  {
    let count = try check(H5Pget_nfilters(properties.identifier), "H5Pget_nfilters", path)
    var filters: [H5Z_filter_t] = []
    for index in 0..<UInt32(count) {
      var flags: UInt32 = 0
      var valueCount = 0
      var configuration: UInt32 = 0
      filters.append(
        try check(
          unsafe H5Pget_filter2(
            properties.identifier, index, &flags, &valueCount, nil, 0, nil, &configuration),
          "H5Pget_filter2", path))
    }
    return filters
  }

  /// Elements of one chunk, `nil` where there are no chunks.
  private borrowing func chunkElementCount(of properties: borrowing Handle) throws(HDF5Error)
    -> Int?
  {
    guard H5Pget_layout(properties.identifier) == H5D_CHUNKED else { return nil }
    var chunk = [hsize_t](repeating: 0, count: Int(H5S_MAX_RANK))
    let rank = try check(
      unsafe H5Pget_chunk(properties.identifier, H5S_MAX_RANK, &chunk), "H5Pget_chunk", path)
    return product(chunk.prefix(Int(rank)).map { Int(clamping: $0) }) ?? .max
  }
}

/// No stream of deflate grows by more than this.
private let deflateRatioMax = 1032

/// `nil` where the product of non-negative factors is no `Int`.
private func product(_ factors: [Int]) -> Int? {
  var product = 1
  for factor in factors {
    let (next, overflow) = product.multipliedReportingOverflow(by: factor)
    guard !overflow else { return nil }
    product = next
  }
  return product
}
