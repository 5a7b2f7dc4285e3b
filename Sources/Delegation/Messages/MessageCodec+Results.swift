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
    if cursor.entry < end,
      Int(batch.entries[cursor.entry].valueCount) > wholeValueCountMax
    {
      writePiece(batch, from: &cursor, upward, to: &writer)
      return
    }
    writer.write(Kind.results.rawValue)
    writer.write(upward.window)
    writer.write(upward.stamp.nanoseconds)
    while cursor.entry < end {
      let entry = batch.entries[cursor.entry]
      if entry.isFailure {
        let failure = batch.failures[cursor.failure]
        let text = Array(failure.text.utf8)
        guard writer.remaining >= resultHeadBytes + 3 + text.count else { return }
        writeHead(entry, to: &writer)
        writer.write(failure.kind.rawValue)
        writer.write(UInt16(text.count))
        for byte in text { writer.write(byte) }
        cursor.failure += 1
      } else {
        let count = Int(entry.valueCount)
        guard writer.remaining >= resultHeadBytes + count * 8 else { return }
        writeHead(entry, to: &writer)
        for index in cursor.value..<cursor.value + count { writer.write(batch.values[index]) }
        cursor.value += count
      }
      cursor.entry += 1
    }
  }

  /// Appends the results of a frame to `batch`.
  package static func readResults(
    _ reader: inout ByteReader, into batch: inout ResultBatch
  ) throws(DecodingError) -> Upward {
    let upward = try readUpward(&reader)
    while reader.remaining > 0 {
      let entry = try readHead(&reader)
      if entry.isFailure {
        let byte = try reader.read(UInt8.self)
        guard let kind = Failure.Kind(rawValue: byte) else {
          throw DecodingError("failure kind \(byte)")
        }
        let text = unsafe try reader.read(bytes: Int(try reader.read(UInt16.self)))
        unsafe batch.failures.append(Failure(kind, String(decoding: text, as: UTF8.self)))
      } else {
        try reader.read(doubles: Int(entry.valueCount), into: &batch.values)
      }
      batch.entries.append(entry)
    }
    return upward
  }

  private static func writePiece(
    _ batch: borrowing ResultBatch, from cursor: inout ResultCursor, _ upward: Upward,
    to writer: inout ByteWriter
  ) {
    let entry = batch.entries[cursor.entry]
    let total = Int(entry.valueCount)
    writer.write(Kind.piece.rawValue)
    writer.write(upward.window)
    writer.write(upward.stamp.nanoseconds)
    writeHead(entry, to: &writer)
    writer.write(Int32(cursor.pieceOffset))
    let count = min(total - cursor.pieceOffset, writer.remaining / 8)
    let start = cursor.value + cursor.pieceOffset
    for index in start..<start + count { writer.write(batch.values[index]) }
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
    let entry = try readHead(&reader)
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
    try reader.read(doubles: reader.remaining / 8, into: &assembly.values)
    guard assembly.values.count <= Int(entry.valueCount) else {
      throw DecodingError("a value of \(entry.valueCount) doubles is overlong")
    }
    return assembly.values.count == Int(entry.valueCount) ? upward : nil
  }

  private static func readUpward(_ reader: inout ByteReader) throws(DecodingError) -> Upward {
    Upward(
      window: try reader.read(Int32.self),
      stamp: Instant(nanoseconds: try reader.read(Int64.self)))
  }

  private static func writeHead(_ entry: ResultBatch.Entry, to writer: inout ByteWriter) {
    writer.write(entry.id.rawValue)
    writer.write(entry.attempt.rawValue)
    writer.write(entry.leaf.rawValue)
    writer.write(entry.seconds)
    writer.write(entry.valueCount)
  }

  private static func readHead(
    _ reader: inout ByteReader
  ) throws(DecodingError) -> ResultBatch.Entry {
    let entry = ResultBatch.Entry(
      id: PointID(try reader.read(UInt64.self)), attempt: Attempt(try reader.read(UInt32.self)),
      leaf: Rank(try reader.read(Int32.self)), seconds: try reader.read(Double.self),
      valueCount: try reader.read(Int32.self))
    guard entry.valueCount >= -1, entry.valueCount <= Limits.valueCountMax else {
      throw DecodingError("a value of \(entry.valueCount) doubles")
    }
    return entry
  }
}
