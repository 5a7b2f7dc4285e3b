package import AdaptiveCore

/// The bytes of messages. A frame begins with a kind; integers and doubles are in the machine's own
/// order, for all ranks of a world run the same build (checked at start-up).
///
/// | kind | from | body |
/// |---|---|---|
/// | points | parent | echo, held; of each point what `PointBatch.Entry` holds, and coordinates |
/// | results | child | window, stamp; of each id, attempt, leaf, seconds, count, value or failure |
/// | piece | child | as results, for a part of one large value, with its offset |
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

  /// Bytes of the entry of a point before its coordinates.
  static let pointHeadBytes = 8 + 4 + 4 + 4 + 4
  /// Bytes of the entry of a result before its values.
  static let resultHeadBytes = 8 + 4 + 4 + 8 + 4
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
    while next < end {
      let entry = batch.entries[next]
      let dimension = Int(entry.dimension)
      guard writer.remaining >= pointHeadBytes + dimension * 8 else { return }
      // Numbers of half a word go in pairs: every call counts here.
      writer.write(entry.id.rawValue)
      writer.write(Self.pair(entry.attempt.rawValue, UInt32(bitPattern: entry.learner.rawValue)))
      writer.write(Self.pair(UInt32(bitPattern: entry.dimension), UInt32(bitPattern: entry.care)))
      for index in coordinate..<coordinate + dimension { writer.write(batch.coordinates[index]) }
      coordinate += dimension
      next += 1
    }
  }

  /// Appends the points of a frame to `batch`.
  package static func readPoints(
    _ reader: inout ByteReader, into batch: inout PointBatch
  ) throws(DecodingError) -> Downward {
    let echo = Instant(nanoseconds: try reader.read(Int64.self))
    let held = TimeSpan(nanoseconds: try reader.read(Int64.self))
    while reader.remaining > 0 {
      let id = PointID(try reader.read(UInt64.self))
      let first = try reader.read(UInt64.self)
      let second = try reader.read(UInt64.self)
      var entry = PointBatch.Entry(
        id: id, attempt: Attempt(UInt32(truncatingIfNeeded: first)),
        learner: LearnerIndex(Int32(truncatingIfNeeded: first >> 32)),
        dimension: Int32(truncatingIfNeeded: second))
      entry.care = Int32(truncatingIfNeeded: second >> 32)
      guard entry.dimension > 0, entry.dimension <= Limits.dimensionMax else {
        throw DecodingError("a point of dimension \(entry.dimension)")
      }
      try reader.read(doubles: Int(entry.dimension), into: &batch.coordinates)
      batch.entries.append(entry)
    }
    return Downward(echo: echo, held: held)
  }

  private static func pair(_ low: UInt32, _ high: UInt32) -> UInt64 {
    UInt64(low) | UInt64(high) << 32
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
