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

  package mutating func appendAsked(_ learner: LearnerIndex, _ points: PointBuffer) {
    let dimension = points.dimension
    let coordinates = points.doubles.span
    for start in stride(from: 0, to: coordinates.count, by: dimension) {
      open.append(byteCount: 9 + 8 * dimension) { writer in
        writer.write(Tag.asked.rawValue)
        writer.write(learner.rawValue)
        writer.write(UInt32(dimension))
        writer.write(coordinates.extracting(start..<start + dimension))
      }
      end()
    }
  }

  /// - Parameters:
  ///   - points: coordinates, point after point; at least one point.
  ///   - values: value after value.
  package mutating func appendTold(
    _ learner: LearnerIndex, points: Span<Double>, values: Span<Double>, seconds: Span<Double>,
    leaves: Span<Rank>
  ) {
    let dimension = points.count / seconds.count
    let valueCount = values.count / seconds.count
    for place in seconds.indices {
      open.append(byteCount: 25 + 8 * (dimension + valueCount)) { writer in
        writer.write(Tag.told.rawValue)
        writer.write(learner.rawValue)
        writer.write(UInt32(dimension))
        writer.write(UInt32(valueCount))
        writer.write(leaves[place].rawValue)
        writer.write(seconds[place].bitPattern)
        writer.write(points.extracting(place * dimension..<(place + 1) * dimension))
        writer.write(values.extracting(place * valueCount..<(place + 1) * valueCount))
      }
      end()
    }
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
