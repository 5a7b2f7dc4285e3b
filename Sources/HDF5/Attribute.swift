import CHDF5

/// Attributes: small named values on a file, group or dataset.
extension HDF5Object where Self: ~Copyable {
  /// Writes a number that is not there yet (`H5Acreate2`).
  public borrowing func setAttribute<Element: HDF5Element>(
    _ name: String, _ value: Element
  ) throws(HDF5Error) {
    let path = attributePath(name)
    let space = try Handle(H5Screate(H5S_SCALAR), .dataspace, "H5Screate", path)
    try writeAttribute(name, [value], space)
  }

  /// Writes an array of numbers that is not there yet; at most 64 KiB.
  public borrowing func setAttribute<Element: HDF5Element>(
    _ name: String, _ values: [Element]
  ) throws(HDF5Error) {
    let path = attributePath(name)
    let extent = [hsize_t(values.count)]
    let space = try Handle(
      unsafe H5Screate_simple(1, extent, nil), .dataspace, "H5Screate_simple", path)
    try writeAttribute(name, values, space)
  }

  /// Writes a text that is not there yet; at most 64 KiB.
  public borrowing func setAttribute(_ name: String, _ value: String) throws(HDF5Error) {
    let path = attributePath(name)
    let length = max(1, value.utf8.count)
    let bytes = try paddedBytes(value, length, "H5Awrite", path)
    let type = try fixedLengthType(length, path)
    let space = try Handle(H5Screate(H5S_SCALAR), .dataspace, "H5Screate", path)
    let attribute = try createAttribute(name, type.identifier, space, byteCount: length)
    try check(
      unsafe H5Awrite(attribute.identifier, type.identifier, bytes), "H5Awrite", path)
    try attribute.close()
  }

  /// Whether there is an attribute of this name (`H5Aexists`).
  public borrowing func hasAttribute(_ name: String) throws(HDF5Error) -> Bool {
    try check(unsafe H5Aexists(identifier, name), "H5Aexists", attributePath(name)) > 0
  }

  /// Reads one number, which must be exactly of this type (`H5Aread`).
  public borrowing func attribute<Element: HDF5Element>(
    _ name: String, as element: Element.Type
  ) throws(HDF5Error) -> Element {
    let values = try attributeValues(name, as: element)
    guard let value = values.first, values.count == 1 else {
      throw HDF5Error(
        .mismatch, operation: "H5Aread", path: attributePath(name),
        detail: "\(values.count) values instead of one")
    }
    return value
  }

  /// Reads all numbers of an attribute, which must be exactly of this type (`H5Aread`).
  public borrowing func attributeValues<Element: HDF5Element>(
    _ name: String, as element: Element.Type
  ) throws(HDF5Error) -> [Element] {
    try StoredAttribute(identifier, name, attributePath(name)).numbers()
  }

  /// Reads one text, of fixed or of variable length (`H5Aread`).
  public borrowing func textAttribute(_ name: String) throws(HDF5Error) -> String {
    try StoredAttribute(identifier, name, attributePath(name)).text()
  }

  private func attributePath(_ name: String) -> String { "\(path)@\(name)" }

  private borrowing func writeAttribute<Element: HDF5Element>(
    _ name: String, _ values: [Element], _ space: borrowing Handle
  ) throws(HDF5Error) {
    let type = Element.elementType
    let attribute = try createAttribute(
      name, type.fileType, space, byteCount: values.count * type.byteCount)
    if !values.isEmpty {
      try check(
        unsafe H5Awrite(attribute.identifier, type.memoryType, values), "H5Awrite",
        attribute.path)
    }
    try attribute.close()
  }

  private borrowing func createAttribute(
    _ name: String, _ type: hid_t, _ space: borrowing Handle, byteCount: Int
  ) throws(HDF5Error) -> Handle {
    guard byteCount <= attributeBytesMax else {
      throw HDF5Error(
        .invalidArgument, operation: "H5Acreate2", path: attributePath(name),
        detail: "\(byteCount) bytes, at most \(attributeBytesMax) are allowed")
    }
    return try Handle(
      unsafe H5Acreate2(
        identifier, name, type, space.identifier, chdf5_default(), chdf5_default()),
      .attribute, "H5Acreate2", attributePath(name))
  }
}

/// Attributes are for small values, and lie outside of the checksums of chunks.
private let attributeBytesMax = 64 << 10

/// An attribute that was found, before its values are read.
private struct StoredAttribute: ~Copyable {

  let attribute: Handle
  let type: Handle
  let count: Int

  init(_ object: Int64, _ name: String, _ path: String) throws(HDF5Error) {
    let attribute = try Handle(
      unsafe H5Aopen(object, name, chdf5_default()), .attribute, "H5Aopen", path)
    let type = try Handle(H5Aget_type(attribute.identifier), .datatype, "H5Aget_type", path)
    let space = try Handle(H5Aget_space(attribute.identifier), .dataspace, "H5Aget_space", path)
    let extent = try space.extent()
    let byteCount = (extent + [H5Tget_size(type.identifier)]).reduce(1.0) { $0 * Double($1) }
    guard byteCount <= Double(attributeBytesMax) else {
      throw HDF5Error(
        .refused, operation: "H5Aget_space", path: path,
        detail: "\(byteCount) bytes, at most \(attributeBytesMax) are allowed")
    }
    self.attribute = attribute
    self.type = type
    self.count = extent.reduce(1, *)
  }

  func numbers<Element: HDF5Element>() throws(HDF5Error) -> [Element] {
    let path = attribute.path
    let elementType = Element.elementType
    guard try check(H5Tequal(type.identifier, elementType.fileType), "H5Tequal", path) > 0 else {
      throw mismatch("its values are not \(elementType)")
    }
    guard count > 0 else { return [] }
    var values = [Element](repeating: 0, count: count)
    try check(
      unsafe H5Aread(attribute.identifier, elementType.memoryType, &values), "H5Aread", path)
    return values
  }

  func text() throws(HDF5Error) -> String {
    guard H5Tget_class(type.identifier) == H5T_STRING, count == 1 else {
      throw mismatch("its value is not one text")
    }
    guard try type.isFixedLengthText() else { return try variableLengthText() }
    var bytes = [UInt8](repeating: 0, count: H5Tget_size(type.identifier))
    try check(
      unsafe H5Aread(attribute.identifier, type.identifier, &bytes), "H5Aread", attribute.path)
    return try HDF5.text(bytes[...], "H5Aread", attribute.path)
  }

  /// Reads what h5py writes by default; the library allocates, and `H5Dvlen_reclaim` gives back.
  private func variableLengthText() throws(HDF5Error) -> String {
    let path = attribute.path
    let space = try Handle(H5Aget_space(attribute.identifier), .dataspace, "H5Aget_space", path)
    var characters: UnsafeMutablePointer<CChar>?
    try check(
      unsafe H5Aread(attribute.identifier, type.identifier, &characters), "H5Aread", path)
    defer {
      _ = unsafe H5Dvlen_reclaim(type.identifier, space.identifier, chdf5_default(), &characters)
    }
    guard let start = unsafe characters else { return "" }
    guard let text = unsafe String(validatingCString: start) else {
      throw mismatch("the text is not UTF-8")
    }
    return text
  }

  private func mismatch(_ detail: String) -> HDF5Error {
    HDF5Error(.mismatch, operation: "H5Aget_type", path: attribute.path, detail: detail)
  }
}
