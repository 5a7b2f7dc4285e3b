import AdaptiveCore
import NodeRuntime

/// Reads the entries of one block.
///
/// Numbers are read into memory that is used again for the next entry, where the caller has let go
/// of the one before.
struct JournalEntryReader {
  private var reader: LittleEndianReader
  private var point: [Double] = []
  private var value: [Double] = []

  init(_ payload: ArraySlice<UInt8>) { reader = LittleEndianReader(payload) }

  var isAtEnd: Bool { reader.remaining == 0 }

  /// The next entry; nil if what stands there is none.
  mutating func next() -> JournalEntry? {
    guard let head = head() else { return nil }
    switch head {
    case .elapsed:
      return reader.read(Int64.self).map { .elapsed(TimeSpan(nanoseconds: $0)) }
    case .asked(let learner, let dimension):
      guard reader.readDoubles(dimension, into: &point) else { return nil }
      return .asked(learner, point: point)
    case .told(let learner, let dimension):
      return told(learner, dimension)
    case .failed(let learner, let dimension):
      return failed(learner, dimension)
    }
  }

  /// Steps over an entry; false if what stands there is none.
  mutating func skip() -> Bool {
    guard let head = head() else { return false }
    switch head {
    case .elapsed: return reader.skip(8)
    case .asked(_, let dimension): return reader.skip(8 * dimension)
    case .told(_, let dimension):
      guard let told = toldHead() else { return false }
      return reader.skip(8 * dimension) && reader.skip(8 * told.valueCount)
    case .failed(let learner, let dimension): return failed(learner, dimension) != nil
    }
  }

  private enum Head {
    case asked(LearnerIndex, dimension: Int)
    case told(LearnerIndex, dimension: Int)
    case failed(LearnerIndex, dimension: Int)
    case elapsed
  }

  private mutating func head() -> Head? {
    guard let tag = reader.read(UInt8.self).flatMap({ JournalBuffer.Tag(rawValue: $0) })
    else { return nil }
    if tag == .elapsed { return .elapsed }
    guard let learner = reader.read(Int32.self), learner >= 0,
      let dimension = reader.read(UInt32.self), dimension > 0, dimension <= Limits.dimensionMax
    else { return nil }
    let index = LearnerIndex(learner)
    return switch tag {
    case .asked: .asked(index, dimension: Int(dimension))
    case .told: .told(index, dimension: Int(dimension))
    case .failed: .failed(index, dimension: Int(dimension))
    case .elapsed: nil
    }
  }

  private mutating func toldHead() -> (valueCount: Int, leaf: Rank, seconds: Double)? {
    guard let valueCount = reader.read(UInt32.self), valueCount > 0,
      valueCount <= Limits.valueCountMax, let leaf = reader.read(Int32.self),
      let seconds = reader.readDouble()
    else { return nil }
    return (Int(valueCount), Rank(leaf), seconds)
  }

  private mutating func told(_ learner: LearnerIndex, _ dimension: Int) -> JournalEntry? {
    guard let told = toldHead(), reader.readDoubles(dimension, into: &point),
      reader.readDoubles(told.valueCount, into: &value)
    else { return nil }
    return .told(learner, point: point, value: value, seconds: told.seconds, leaf: told.leaf)
  }

  private mutating func failed(_ learner: LearnerIndex, _ dimension: Int) -> JournalEntry? {
    guard let attempts = reader.read(UInt32.self),
      let kind = reader.read(UInt8.self).flatMap({ Failure.Kind(rawValue: $0) }),
      let textBytes = reader.read(UInt32.self), textBytes <= Limits.failureTextBytesMax,
      reader.readDoubles(dimension, into: &point),
      let text = reader.readBytes(Int(textBytes)).flatMap({
        String(validating: $0, as: UTF8.self)
      })
    else { return nil }
    return .failed(
      learner, FailedPoint(point: point, failure: Failure(kind, text), attempts: attempts))
  }
}
