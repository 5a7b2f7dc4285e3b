package import AdaptiveCore

/// The bytes of messages. A frame begins with a kind; integers and doubles are in the machine's own
/// order, for all ranks of a world run the same build (checked at start-up).
///
/// | kind | from | body |
/// |---|---|---|
/// | points | parent | echo, held; count, entries as in a `PointBatch`, coordinates |
/// | results | child | window, stamp; count, entries as in a `ResultBatch`, values, failures |
/// | piece | child | window, stamp; entry, offset, a part of one large value |
/// | order | parent | drain, stop with its exit code, feed, or move to another root |
/// | report | child | drained, stopped, joined, left, stop requested, or statistics |
/// | root order | coordinator | hand over, end, stop, or leave |
/// | root report | another root | finished, saved, stopped, or stop requested |
/// | root progress | another root | what its learners and leaves did (written by its driver) |
package enum MessageCodec {
  package enum Kind: UInt8 {
    case points = 1
    case results = 2
    case piece = 3
    case order = 4
    case report = 5
    case rootOrder = 6
    case rootReport = 7
    case rootProgress = 8
  }

  /// Bytes of the entry of a point.
  static let pointHeadBytes = MemoryLayout<PointBatch.Entry>.stride
  /// Bytes of the entry of a result.
  static let resultHeadBytes = MemoryLayout<ResultBatch.Entry>.stride
  /// Bytes of a frame before its first entry; the largest of all kinds.
  static let frameHeadBytes = 1 + 16 + 4

  /// Doubles of the largest value that travels whole; larger ones go in pieces.
  package static let wholeValueCountMax =
    (Limits.frameBytesMax - frameHeadBytes - resultHeadBytes) / 8

  package static func kind(_ reader: inout ByteReader) throws(DecodingError) -> Kind {
    let byte = try reader.read(UInt8.self)
    guard let kind = Kind(rawValue: byte) else {
      throw DecodingError("message kind \(byte) where 1 to 8 are allowed")
    }
    return kind
  }
}

// MARK: - Points

extension MessageCodec {
  /// Writes points from position `next` of the batch (and `coordinate` of its coordinates) on, as
  /// many as fit, and moves both positions past them.
  package static func write(
    _ batch: borrowing PointBatch, from next: inout Int, coordinate: inout Int, upTo end: Int,
    _ downward: Downward, to writer: inout ByteWriter
  ) {
    writer.write(Kind.points.rawValue)
    writer.write(downward.echo.nanoseconds)
    writer.write(downward.held.nanoseconds)
    let first = (entry: next, coordinate: coordinate)
    var room = writer.remaining - MemoryLayout<UInt32>.size
    while next < end {
      let dimension = Int(batch.entries[next].dimension)
      room -= pointHeadBytes + dimension * 8
      guard room >= 0 else { break }
      coordinate += dimension
      next += 1
    }
    writer.write(UInt32(next - first.entry))
    writer.write(batch.entries.span.extracting(first.entry..<next))
    writer.write(batch.coordinates.span.extracting(first.coordinate..<coordinate))
  }

  /// Appends the points of a frame to `batch`.
  package static func readPoints(
    _ reader: inout ByteReader, into batch: inout PointBatch
  ) throws(DecodingError) -> Downward {
    let echo = Instant(nanoseconds: try reader.read(Int64.self))
    let held = TimeSpan(nanoseconds: try reader.read(Int64.self))
    let firstEntry = batch.entries.count
    try reader.read(Int(try reader.read(UInt32.self)), into: &batch.entries, filler: .none)
    var coordinateCount = 0
    for entry in batch.entries[firstEntry...] {
      guard entry.dimension > 0, entry.dimension <= Limits.dimensionMax else {
        throw DecodingError("a point of dimension \(entry.dimension)")
      }
      coordinateCount += Int(entry.dimension)
    }
    try reader.read(coordinateCount, into: &batch.coordinates, filler: 0)
    try reader.end()
    return Downward(echo: echo, held: held)
  }
}

// MARK: - Orders and reports

extension MessageCodec {
  package static func write(_ order: Order, to writer: inout ByteWriter) {
    writer.write(Kind.order.rawValue)
    switch order {
    case .drain:
      writer.write(UInt8(1))
    case .stop(let exitCode):
      writer.write(UInt8(2))
      writer.write(exitCode)
    case .move(let root):
      writer.write(UInt8(3))
      writer.write(root.rawValue)
    }
  }

  package static func readOrder(_ reader: inout ByteReader) throws(DecodingError) -> Order {
    switch try reader.read(UInt8.self) {
    case 1: return .drain
    case 2: return .stop(exitCode: try reader.read(Int32.self))
    case 3: return .move(to: Rank(try reader.read(Int32.self)))
    case let other: throw DecodingError("order \(other) where 1 to 3 are allowed")
    }
  }

  package static func write(_ report: Report, to writer: inout ByteWriter) {
    writer.write(Kind.report.rawValue)
    switch report {
    case .drained:
      writer.write(UInt8(1))
    case .stopRequested(let reason):
      writer.write(UInt8(2))
      writer.write(reason.rawValue)
    case .statistics(let statistics):
      writer.write(UInt8(3))
      writer.write(statistics.leafCount)
      writer.write(statistics.evaluatingCount)
      writer.write(statistics.evaluatedCount)
      writer.write(statistics.busySeconds)
      writer.write(statistics.isolatedCount)
      writer.write(statistics.restartCount)
    case .stopped:
      writer.write(UInt8(4))
    case .joined:
      writer.write(UInt8(5))
    case .left:
      writer.write(UInt8(6))
    }
  }

  package static func readReport(_ reader: inout ByteReader) throws(DecodingError) -> Report {
    switch try reader.read(UInt8.self) {
    case 1:
      return .drained
    case 2:
      return .stopRequested(try readStopReason(&reader))
    case 3:
      var statistics = NodeStatistics()
      statistics.leafCount = try reader.read(Int64.self)
      statistics.evaluatingCount = try reader.read(Int64.self)
      statistics.evaluatedCount = try reader.read(Int64.self)
      statistics.busySeconds = try reader.read(Double.self)
      statistics.isolatedCount = try reader.read(Int64.self)
      statistics.restartCount = try reader.read(Int64.self)
      return .statistics(statistics)
    case 4:
      return .stopped
    case 5:
      return .joined
    case 6:
      return .left
    case let other:
      throw DecodingError("report \(other) where 1 to 6 are allowed")
    }
  }
}
