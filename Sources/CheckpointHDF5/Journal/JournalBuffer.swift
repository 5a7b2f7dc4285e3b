package import AdaptiveCore
package import NodeRuntime

/// Entries on their way to a journal, in runs that become one block each. Appending makes no call
/// to the system.
///
/// An entry is a tag byte, then little-endian numbers: see `docs/checkpoint-format.md`.
package struct JournalBuffer: Sendable {
  enum Tag: UInt8 {
    case asked = 1
    case told, failed, elapsed
  }

  private var full: [[UInt8]] = []
  private var open: [UInt8] = []

  package init() {}

  package var isEmpty: Bool { full.isEmpty && open.isEmpty }

  package mutating func appendAsked(_ learner: LearnerIndex, point: Span<Double>) {
    begin(.asked, learner)
    open.append(littleEndian: UInt32(point.count))
    open.append(littleEndian: point)
    end()
  }

  package mutating func appendTold(
    _ learner: LearnerIndex, point: Span<Double>, value: Span<Double>, seconds: Double, leaf: Rank
  ) {
    begin(.told, learner)
    open.append(littleEndian: UInt32(point.count))
    open.append(littleEndian: UInt32(value.count))
    open.append(littleEndian: leaf.rawValue)
    open.append(littleEndian: seconds)
    open.append(littleEndian: point)
    open.append(littleEndian: value)
    end()
  }

  package mutating func appendFailed(_ learner: LearnerIndex, _ failed: FailedPoint) {
    begin(.failed, learner)
    open.append(littleEndian: UInt32(failed.point.count))
    open.append(littleEndian: failed.attempts)
    open.append(failed.failure.kind.rawValue)
    open.append(littleEndian: UInt32(failed.failure.text.utf8.count))
    open.append(littleEndian: failed.point.span)
    open.append(contentsOf: failed.failure.text.utf8)
    end()
  }

  package mutating func appendElapsed(_ elapsed: TimeSpan) {
    open.append(Tag.elapsed.rawValue)
    open.append(littleEndian: elapsed.nanoseconds)
    end()
  }

  /// All runs so far, which are forgotten here.
  package mutating func takeRuns() -> [[UInt8]] {
    var runs = full
    if !open.isEmpty { runs.append(open) }
    full = []
    open.removeAll(keepingCapacity: true)
    return runs
  }

  private mutating func begin(_ tag: Tag, _ learner: LearnerIndex) {
    open.append(tag.rawValue)
    open.append(littleEndian: learner.rawValue)
  }

  private mutating func end() {
    guard open.count >= Limits.journalBlockBytes else { return }
    full.append(open)
    open = []
    open.reserveCapacity(Limits.journalBlockBytes + 4096)
  }
}

/// Reads the entries of one block.
struct JournalEntryReader {
  private var reader: LittleEndianReader

  init(_ payload: ArraySlice<UInt8>) { reader = LittleEndianReader(payload) }

  var isAtEnd: Bool { reader.remaining == 0 }

  /// The next entry; nil if what stands there is none.
  mutating func next() -> JournalEntry? {
    guard let tag = reader.read(UInt8.self).flatMap({ JournalBuffer.Tag(rawValue: $0) })
    else { return nil }
    if tag == .elapsed {
      return reader.read(Int64.self).map { .elapsed(TimeSpan(nanoseconds: $0)) }
    }
    guard let learner = reader.read(Int32.self), learner >= 0,
      let dimension = reader.read(UInt32.self), dimension > 0, dimension <= Limits.dimensionMax
    else { return nil }
    return switch tag {
    case .asked: asked(LearnerIndex(learner), Int(dimension))
    case .told: told(LearnerIndex(learner), Int(dimension))
    case .failed: failed(LearnerIndex(learner), Int(dimension))
    case .elapsed: nil
    }
  }

  private mutating func asked(_ learner: LearnerIndex, _ dimension: Int) -> JournalEntry? {
    reader.readDoubles(dimension).map { .asked(learner, point: $0) }
  }

  private mutating func told(_ learner: LearnerIndex, _ dimension: Int) -> JournalEntry? {
    guard let valueCount = reader.read(UInt32.self), valueCount > 0,
      valueCount <= Limits.valueCountMax, let leaf = reader.read(Int32.self),
      let seconds = reader.readDouble(), let point = reader.readDoubles(dimension),
      let value = reader.readDoubles(Int(valueCount))
    else { return nil }
    return .told(learner, point: point, value: value, seconds: seconds, leaf: Rank(leaf))
  }

  private mutating func failed(_ learner: LearnerIndex, _ dimension: Int) -> JournalEntry? {
    guard let attempts = reader.read(UInt32.self),
      let kind = reader.read(UInt8.self).flatMap({ Failure.Kind(rawValue: $0) }),
      let textBytes = reader.read(UInt32.self), textBytes <= Limits.failureTextBytesMax,
      let point = reader.readDoubles(dimension),
      let text = reader.readBytes(Int(textBytes)).flatMap({
        String(validating: $0, as: UTF8.self)
      })
    else { return nil }
    return .failed(
      learner, FailedPoint(point: point, failure: Failure(kind, text), attempts: attempts))
  }
}
