/// What is wrong with bytes that were to be read.
@usableFromInline
package struct DecodingError: Error, Equatable {
  package var detail: String

  package init(_ detail: String) { self.detail = detail }
}

/// Writes integers, doubles and byte runs into memory that somebody lends for as long as the writer
/// lives, in the machine's own byte order: all ranks of a world run the same build.
///
/// Writing past the end is an error of the program: ask ``remaining`` first.
///
/// Small calls, many a point: they are inlined where they are used.
@safe
@usableFromInline
package struct ByteWriter {
  @usableFromInline let base: UnsafeMutableRawPointer
  @usableFromInline let capacity: Int
  @usableFromInline package internal(set) var count = 0

  @inlinable
  package init(_ buffer: UnsafeMutableRawBufferPointer) {
    unsafe base = buffer.baseAddress!
    capacity = buffer.count
  }

  @inlinable
  package var remaining: Int { capacity - count }

  @inlinable
  package mutating func write<T: BitwiseCopyable>(_ value: T) {
    let size = MemoryLayout<T>.size
    precondition(count + size <= capacity, "write past the end of a frame")
    unsafe base.storeBytes(of: value, toByteOffset: count, as: T.self)
    count += size
  }

  /// Writes values as they lie in memory, one after another.
  @inlinable
  package mutating func write<T: BitwiseCopyable>(_ values: Span<T>) {
    unsafe values.withUnsafeBytes { unsafe write(bytes: $0) }
  }

  @usableFromInline
  package mutating func write(bytes: UnsafeRawBufferPointer) {
    precondition(count + bytes.count <= capacity, "write past the end of a frame")
    if let source = bytes.baseAddress {
      unsafe base.advanced(by: count).copyMemory(from: source, byteCount: bytes.count)
    }
    count += bytes.count
  }

  /// Overwrites an earlier `value`, for counts that are known only afterwards.
  package func overwrite<T: BitwiseCopyable>(_ value: T, at offset: Int) {
    precondition(offset + MemoryLayout<T>.size <= count)
    unsafe base.storeBytes(of: value, toByteOffset: offset, as: T.self)
  }
}

/// Reads what ``ByteWriter`` wrote; every read is checked against the end.
@safe
@usableFromInline
package struct ByteReader {
  @usableFromInline let bytes: UnsafeRawBufferPointer
  @usableFromInline package internal(set) var offset = 0

  @inlinable
  package init(_ bytes: UnsafeRawBufferPointer) { unsafe self.bytes = bytes }

  @inlinable
  package var remaining: Int { unsafe bytes.count - offset }

  @inlinable
  package mutating func read<T: BitwiseCopyable>(_ type: T.Type) throws(DecodingError) -> T {
    let size = MemoryLayout<T>.size
    guard remaining >= size else { throw ended(wanting: size) }
    defer { offset += size }
    return unsafe bytes.loadUnaligned(fromByteOffset: offset, as: T.self)
  }

  /// Appends `count` values, as they lay in memory, to `destination`.
  ///
  /// - Parameter filler: any value; the array holds it until the bytes are copied.
  @inlinable
  package mutating func read<T: BitwiseCopyable>(
    _ count: Int, into destination: inout [T], filler: T
  ) throws(DecodingError) {
    let stride = MemoryLayout<T>.stride
    guard count >= 0, count <= remaining / stride else { throw ended(wanting: count) }
    let start = destination.count * stride
    destination.append(contentsOf: repeatElement(filler, count: count))
    // Whatever the source's alignment is, a copy of bytes may be made.
    unsafe destination.withUnsafeMutableBytes { memory in
      unsafe memory[start...].copyBytes(from: bytes[offset..<offset + count * stride])
    }
    offset += count * stride
  }

  /// Nothing must be left.
  package func end() throws(DecodingError) {
    guard remaining == 0 else {
      throw DecodingError("\(remaining) bytes after the end at byte \(offset)")
    }
  }

  /// The next `count` bytes, valid as long as the memory being read.
  package mutating func read(bytes count: Int) throws(DecodingError) -> UnsafeRawBufferPointer {
    guard count >= 0, count <= remaining else { throw ended(wanting: count) }
    defer { offset += count }
    return unsafe UnsafeRawBufferPointer(rebasing: bytes[offset..<offset + count])
  }

  @usableFromInline
  func ended(wanting size: Int) -> DecodingError {
    DecodingError("\(size) more bytes expected at byte \(offset), \(remaining) are left")
  }
}
