import CHDF5

/// Texts are stored as UTF-8 of one length, padded with NUL: within the chunk, and so under its
/// checksum, while texts of variable length lie in a heap that has none.
extension HDF5Container where Self: ~Copyable {
  /// Creates a dataset of texts, one a row, and writes it (`H5Dcreate2`, `H5Dwrite`).
  public borrowing func createTexts(_ name: String, _ texts: [String]) throws(HDF5Error) {
    let path = try childPath(name, "H5Dcreate2")
    let length = max(1, texts.map(\.utf8.count).max() ?? 1)
    var bytes: [UInt8] = []
    bytes.reserveCapacity(length * texts.count)
    for text in texts { bytes += try paddedBytes(text, length, "H5Dwrite", path) }

    let type = try fixedLengthType(length, path)
    let dataset = try createDataset(
      name, fileType: type.identifier, elementBytes: length, shape: [texts.count], chunkRows: nil)
    if !texts.isEmpty {
      try check(
        unsafe H5Dwrite(
          dataset.identifier, type.identifier, chdf5_all(), chdf5_all(), chdf5_default(), bytes),
        "H5Dwrite", path)
    }
    try dataset.close()
  }
}

extension Dataset {
  /// Reads all texts of a dataset with texts of one length (`H5Dread`).
  public borrowing func readTexts() throws(HDF5Error) -> [String] {
    let type = try Handle(H5Dget_type(identifier), .datatype, "H5Dget_type", path)
    guard try type.isFixedLengthText() else {
      throw HDF5Error(
        .mismatch, operation: "H5Dget_type", path: path,
        detail: "its elements are not texts of one length")
    }
    let length = H5Tget_size(type.identifier)
    let selection = try RowSelection(self, 0..<(try shape.first ?? 1))
    guard selection.elementCount > 0 else { return [] }
    var bytes = [UInt8](repeating: 0, count: length * selection.elementCount)
    try check(
      unsafe H5Dread(
        identifier, type.identifier, chdf5_all(), chdf5_all(), chdf5_default(), &bytes),
      "H5Dread", path)
    var texts: [String] = []
    for index in 0..<selection.elementCount {
      texts.append(try text(bytes[index * length..<(index + 1) * length], "H5Dread", path))
    }
    return texts
  }
}

extension Handle {
  /// Whether this datatype is text of one length.
  borrowing func isFixedLengthText() throws(HDF5Error) -> Bool {
    guard H5Tget_class(identifier) == H5T_STRING else { return false }
    return try check(H5Tis_variable_str(identifier), "H5Tis_variable_str", path) == 0
  }
}

/// The datatype of texts of `length` bytes, or of any length (`H5Tset_size`).
func fixedLengthType(_ length: Int, _ path: String) throws(HDF5Error) -> Handle {
  let type = try Handle(H5Tcopy(chdf5_c_s1()), .datatype, "H5Tcopy", path)
  try check(H5Tset_size(type.identifier, length), "H5Tset_size", path)
  try check(H5Tset_cset(type.identifier, H5T_CSET_UTF8), "H5Tset_cset", path)
  try check(H5Tset_strpad(type.identifier, H5T_STR_NULLPAD), "H5Tset_strpad", path)
  return type
}

func paddedBytes(
  _ text: String, _ length: Int, _ operation: String, _ path: String
) throws(HDF5Error) -> [UInt8] {
  let bytes = [UInt8](text.utf8)
  guard !bytes.contains(0) else {
    throw HDF5Error(
      .invalidArgument, operation: operation, path: path, detail: "the text holds a NUL")
  }
  return bytes + [UInt8](repeating: 0, count: length - bytes.count)
}

/// The text before the padding.
func text(
  _ padded: ArraySlice<UInt8>, _ operation: String, _ path: String
) throws(HDF5Error) -> String {
  guard let text = String(validating: padded.prefix { $0 != 0 }, as: UTF8.self) else {
    throw HDF5Error(.mismatch, operation: operation, path: path, detail: "the text is not UTF-8")
  }
  return text
}
