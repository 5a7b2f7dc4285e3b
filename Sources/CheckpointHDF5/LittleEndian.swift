/// Integers and doubles in files: little-endian, without padding.
extension [UInt8] {
  mutating func append<Integer: FixedWidthInteger>(littleEndian value: Integer) {
    unsafe Swift.withUnsafeBytes(of: value.littleEndian) { bytes in
      unsafe append(contentsOf: bytes)
    }
  }

  mutating func append(littleEndian value: Double) { append(littleEndian: value.bitPattern) }

  mutating func append(littleEndian doubles: Span<Double>) {
    for index in doubles.indices { append(littleEndian: doubles[index]) }
  }
}

/// Reads what stands in a slice, each read checked against its end.
struct LittleEndianReader {
  private let bytes: ArraySlice<UInt8>
  private(set) var offset: Int

  init(_ bytes: ArraySlice<UInt8>) {
    self.bytes = bytes
    offset = bytes.startIndex
  }

  var remaining: Int { bytes.endIndex - offset }

  /// The next integer; nil where too few bytes are left.
  mutating func read<Integer: FixedWidthInteger>(_ type: Integer.Type) -> Integer? {
    let size = MemoryLayout<Integer>.size
    guard remaining >= size else { return nil }
    defer { offset += size }
    return unsafe bytes.withUnsafeBytes { buffer in
      Integer(
        littleEndian: unsafe buffer.loadUnaligned(
          fromByteOffset: offset - bytes.startIndex, as: Integer.self))
    }
  }

  mutating func readDouble() -> Double? { read(UInt64.self).map { Double(bitPattern: $0) } }

  mutating func readDoubles(_ count: Int) -> [Double]? {
    guard count >= 0, count <= remaining / 8 else { return nil }
    let start = offset - bytes.startIndex
    offset += count * 8
    return unsafe bytes.withUnsafeBytes { buffer in
      (0..<count).map { index in
        Double(
          bitPattern: UInt64(
            littleEndian: unsafe buffer.loadUnaligned(
              fromByteOffset: start + index * 8, as: UInt64.self)))
      }
    }
  }

  mutating func readBytes(_ count: Int) -> ArraySlice<UInt8>? {
    guard count >= 0, count <= remaining else { return nil }
    defer { offset += count }
    return bytes[offset..<offset + count]
  }
}
