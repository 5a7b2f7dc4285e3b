import CHDF5

extension Dataset {
  /// Writes whole rows, so that a large dataset can be written piece by piece (`H5Dwrite`).
  ///
  /// - Parameters:
  ///   - elements: `rows.count` rows, one after the other.
  ///   - rows: which; they must lie within ``shape``.
  public borrowing func write<Element: HDF5Element>(
    _ elements: Span<Element>, rows: Range<Int>
  ) throws(HDF5Error) {
    try requireType(Element.elementType)
    let selection = try RowSelection(self, rows)
    guard elements.count == selection.elementCount else {
      throw HDF5Error(
        .invalidArgument, operation: "H5Dwrite", path: path,
        detail: "\(elements.count) elements for \(selection.elementCount) places")
    }
    guard elements.count > 0 else { return }
    let memoryType = Element.elementType.memoryType
    let status = unsafe elements.withUnsafeBufferPointer { buffer in
      unsafe H5Dwrite(
        identifier, memoryType, selection.memory.identifier, selection.file.identifier,
        chdf5_default(), buffer.baseAddress)
    }
    try check(status, "H5Dwrite", path)
  }

  /// Writes whole rows from an array.
  public borrowing func write<Element: HDF5Element>(
    _ elements: [Element], rows: Range<Int>
  ) throws(HDF5Error) {
    try write(elements.span, rows: rows)
  }

  /// Reads whole rows, one after the other (`H5Dread`).
  ///
  /// A changed byte among them is noticed by the chunk's checksum and thrown.
  public borrowing func read<Element: HDF5Element>(
    _ element: Element.Type, rows: Range<Int>
  ) throws(HDF5Error) -> [Element] {
    try requireType(Element.elementType)
    let selection = try RowSelection(self, rows)
    var elements = [Element](repeating: 0, count: selection.elementCount)
    guard !elements.isEmpty else { return [] }
    let status = unsafe elements.withUnsafeMutableBufferPointer { buffer in
      unsafe H5Dread(
        identifier, Element.elementType.memoryType, selection.memory.identifier,
        selection.file.identifier, chdf5_default(), buffer.baseAddress)
    }
    try check(status, "H5Dread", path)
    return elements
  }

  /// Reads everything, row after row.
  public borrowing func read<Element: HDF5Element>(
    _ element: Element.Type
  ) throws(HDF5Error) -> [Element] {
    try read(element, rows: 0..<(try shape.first ?? 1))
  }
}

/// Rows of a dataset, as places in the file and as a run in memory (`H5Sselect_hyperslab`).
struct RowSelection: ~Copyable {
  let file: Handle
  let memory: Handle
  let elementCount: Int

  init(_ dataset: borrowing Dataset, _ rows: Range<Int>) throws(HDF5Error) {
    let path = dataset.path
    let file = try Handle(H5Dget_space(dataset.identifier), .dataspace, "H5Dget_space", path)
    let shape = try file.extent()
    guard rows.lowerBound >= 0, rows.upperBound <= shape.first ?? 1 else {
      throw HDF5Error(
        .invalidArgument, operation: "H5Sselect_hyperslab", path: path,
        detail: "rows \(rows) of \(shape.first ?? 1)")
    }
    let elementCount = shape.dropFirst().reduce(rows.count, *)
    if !shape.isEmpty {
      var start = [hsize_t](repeating: 0, count: shape.count)
      start[0] = hsize_t(rows.lowerBound)
      var count = shape.map(hsize_t.init)
      count[0] = hsize_t(rows.count)
      try check(
        unsafe H5Sselect_hyperslab(file.identifier, H5S_SELECT_SET, start, nil, count, nil),
        "H5Sselect_hyperslab", path)
    }
    let memoryExtent = [hsize_t(elementCount)]
    let memory = try Handle(
      unsafe H5Screate_simple(1, memoryExtent, nil), .dataspace, "H5Screate_simple", path)
    self.file = file
    self.memory = memory
    self.elementCount = elementCount
  }
}
