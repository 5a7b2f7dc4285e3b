package import AdaptiveCore

/// How far the results of a batch have been written.
package struct ResultCursor: Sendable {
  package var entry = 0
  package var value = 0
  package var failure = 0
  /// Doubles of a large value that have been written already.
  package var pieceOffset = 0

  package init() {}
}

extension MessageCodec {
  /// Writes results from `cursor` on, as many as fit in one frame, or one piece of a large value,
  /// and moves the cursor past them. Call again with another frame until `cursor.entry` is `end`.
  package static func write(
    _ batch: borrowing ResultBatch, from cursor: inout ResultCursor, upTo end: Int,
    _ upward: Upward, to writer: inout ByteWriter
  ) {
    if cursor.entry < end, batch.entries[cursor.entry].valueCount > wholeValueCountMax {
      writePiece(batch, from: &cursor, upward, to: &writer)
      return
    }
    writer.write(Kind.results.rawValue)
    writer.write(upward.window)
    writer.write(upward.stamp.nanoseconds)
    let first = cursor
    var room = writer.remaining - MemoryLayout<UInt32>.size
    while cursor.entry < end {
      let entry = batch.entries[cursor.entry]
      room -= resultHeadBytes
      room -= entry.isFailure ? size(of: batch.failures[cursor.failure]) : 8 * entry.valueCount
      guard room >= 0 else { break }
      if entry.isFailure { cursor.failure += 1 } else { cursor.value += entry.valueCount }
      cursor.entry += 1
    }
    writer.write(UInt32(cursor.entry - first.entry))
    writer.write(batch.entries.span.extracting(first.entry..<cursor.entry))
    writer.write(batch.values.span.extracting(first.value..<cursor.value))
    for failure in batch.failures[first.failure..<cursor.failure] {
      writer.write(failure.kind.rawValue)
      writer.write(UInt16(failure.text.utf8.count))
      for byte in failure.text.utf8 { writer.write(byte) }
    }
  }

  private static func size(of failure: Failure) -> Int {
    MemoryLayout<UInt8>.size + MemoryLayout<UInt16>.size + failure.text.utf8.count
  }

  /// Appends the results of a frame to `batch`.
  package static func readResults(
    _ reader: inout ByteReader, into batch: inout ResultBatch
  ) throws(DecodingError) -> Upward {
    let upward = try readUpward(&reader)
    let firstEntry = batch.entries.count
    try reader.read(Int(try reader.read(UInt32.self)), into: &batch.entries, filler: .none)
    var valueCount = 0
    var failureCount = 0
    for entry in batch.entries[firstEntry...] {
      try check(entry)
      if entry.isFailure { failureCount += 1 } else { valueCount += entry.valueCount }
    }
    try reader.read(valueCount, into: &batch.values, filler: 0)
    for _ in 0..<failureCount { batch.failures.append(try readFailure(&reader)) }
    try reader.end()
    return upward
  }

  private static func readFailure(_ reader: inout ByteReader) throws(DecodingError) -> Failure {
    let byte = try reader.read(UInt8.self)
    guard let kind = Failure.Kind(rawValue: byte) else {
      throw DecodingError("failure kind \(byte)")
    }
    let text = unsafe try reader.read(bytes: Int(try reader.read(UInt16.self)))
    return unsafe Failure(kind, String(decoding: text, as: UTF8.self))
  }

  private static func writePiece(
    _ batch: borrowing ResultBatch, from cursor: inout ResultCursor, _ upward: Upward,
    to writer: inout ByteWriter
  ) {
    let entry = batch.entries[cursor.entry]
    let total = entry.valueCount
    writer.write(Kind.piece.rawValue)
    writer.write(upward.window)
    writer.write(upward.stamp.nanoseconds)
    writer.write(entry)
    writer.write(Int32(cursor.pieceOffset))
    let count = min(total - cursor.pieceOffset, writer.remaining / 8)
    let start = cursor.value + cursor.pieceOffset
    writer.write(batch.values.span.extracting(start..<start + count))
    cursor.pieceOffset += count
    if cursor.pieceOffset == total {
      cursor.value += total
      cursor.pieceOffset = 0
      cursor.entry += 1
    }
  }

  /// Adds a piece to what arrived of the value before it. Nil until the value is whole, which is
  /// then the only result in `assembly`. Pieces of one sender arrive in order, so one assembly a
  /// child is enough.
  package static func readPiece(
    _ reader: inout ByteReader, into assembly: inout ResultBatch
  ) throws(DecodingError) -> Upward? {
    let upward = try readUpward(&reader)
    let entry = try reader.read(ResultBatch.Entry.self)
    try check(entry)
    let offset = Int(try reader.read(Int32.self))
    if offset == 0 {
      guard assembly.isEmpty else {
        throw DecodingError("a value begins before the one before it is whole")
      }
      assembly.entries.append(entry)
    }
    guard assembly.entries.first == entry, offset == assembly.values.count else {
      throw DecodingError("piece at \(offset) of a value of which \(assembly.values.count) came")
    }
    try reader.read(reader.remaining / 8, into: &assembly.values, filler: 0)
    guard assembly.values.count <= entry.valueCount else {
      throw DecodingError("a value of \(entry.valueCount) doubles is overlong")
    }
    return assembly.values.count == entry.valueCount ? upward : nil
  }

  private static func readUpward(_ reader: inout ByteReader) throws(DecodingError) -> Upward {
    Upward(
      window: try reader.read(Int32.self),
      stamp: Instant(nanoseconds: try reader.read(Int64.self)))
  }

  private static func check(_ entry: ResultBatch.Entry) throws(DecodingError) {
    guard entry.valueCount >= -1, entry.valueCount <= Limits.valueCountMax else {
      throw DecodingError("a value of \(entry.valueCount) doubles")
    }
  }
}
