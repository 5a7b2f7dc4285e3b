import AdaptiveCore

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

  /// Appends so many bytes, all of which `write` has to write: several numbers with one look at the
  /// array's memory.
  mutating func append(byteCount: Int, _ write: (inout LittleEndianWriter) -> Void) {
    let start = count
    append(contentsOf: repeatElement(0, count: byteCount))
    unsafe withUnsafeMutableBytes { bytes in
      let added = unsafe UnsafeMutableRawBufferPointer(rebasing: bytes[start...])
      var writer = unsafe LittleEndianWriter(added)
      write(&writer)
      precondition(writer.remaining == 0, "\(writer.remaining) bytes were not written")
    }
  }
}

/// A ``ByteWriter`` of little-endian numbers.
struct LittleEndianWriter {
  private var writer: ByteWriter

  init(_ bytes: UnsafeMutableRawBufferPointer) { writer = unsafe ByteWriter(bytes) }

  var remaining: Int { writer.remaining }

  mutating func write<Integer: FixedWidthInteger & BitwiseCopyable>(_ value: Integer) {
    writer.write(value.littleEndian)
  }

  mutating func write(_ doubles: Span<Double>) {
    for index in doubles.indices { write(doubles[index].bitPattern) }
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

  /// Reads the next doubles in place of what `destination` held, in its memory where nobody else
  /// holds that; false where too few bytes are left.
  mutating func readDoubles(_ count: Int, into destination: inout [Double]) -> Bool {
    guard count >= 0, count <= remaining / 8 else { return false }
    let start = offset - bytes.startIndex
    offset += count * 8
    destination.removeAll(keepingCapacity: true)
    unsafe bytes.withUnsafeBytes { buffer in
      for index in 0..<count {
        let bits = unsafe buffer.loadUnaligned(
          fromByteOffset: start + index * 8, as: UInt64.self)
        destination.append(Double(bitPattern: UInt64(littleEndian: bits)))
      }
    }
    return true
  }

  /// Steps over bytes; false where too few are left.
  mutating func skip(_ count: Int) -> Bool {
    guard count >= 0, count <= remaining else { return false }
    offset += count
    return true
  }

  mutating func readBytes(_ count: Int) -> ArraySlice<UInt8>? {
    guard count >= 0, count <= remaining else { return nil }
    defer { offset += count }
    return bytes[offset..<offset + count]
  }
}
