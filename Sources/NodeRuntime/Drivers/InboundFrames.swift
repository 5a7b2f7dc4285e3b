import AdaptiveCore
import Delegation

/// Reads what children send, into memory that is used again, and joins large values that came in
/// pieces.
struct InboundFromChildren {
  enum Message {
    case results(ResultBatch, Upward)
    case report(Report)
    /// Part of a value; more is to come.
    case pieceOfValue
  }

  private var batch = ResultBatch()

  /// Large values of which pieces came, by sender.
  private var assemblies: [Rank: ResultBatch] = [:]

  mutating func read(_ frame: ArrivedFrame) throws(DecodingError) -> Message {
    var reader = unsafe ByteReader(frame.bytes)
    switch try MessageCodec.kind(&reader) {
    case .results:
      batch.removeAll()
      let upward = try MessageCodec.readResults(&reader, into: &batch)
      return .results(batch, upward)
    case .piece:
      var assembly = assemblies.removeValue(forKey: frame.source) ?? ResultBatch()
      if let upward = try MessageCodec.readPiece(&reader, into: &assembly) {
        return .results(assembly, upward)
      }
      assemblies[frame.source] = assembly
      return .pieceOfValue
    case .report:
      return .report(try MessageCodec.readReport(&reader))
    case .points, .order, .rootOrder, .rootReport, .rootProgress:
      throw DecodingError("a child sent what only a parent or another root sends")
    }
  }
}

/// Reads what the parent sends, into memory that is used again.
struct InboundFromParent {
  enum Message {
    case points(PointBatch, Downward)
    case order(Order)
  }

  private var batch = PointBatch()

  mutating func read(_ frame: ArrivedFrame) throws(DecodingError) -> Message {
    var reader = unsafe ByteReader(frame.bytes)
    switch try MessageCodec.kind(&reader) {
    case .points:
      batch.removeAll()
      let downward = try MessageCodec.readPoints(&reader, into: &batch)
      return .points(batch, downward)
    case .order:
      return .order(try MessageCodec.readOrder(&reader))
    case .results, .piece, .report, .rootOrder, .rootReport, .rootProgress:
      throw DecodingError("a parent sent what only a child sends")
    }
  }
}
