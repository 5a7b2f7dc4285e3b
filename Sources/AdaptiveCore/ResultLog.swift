/// The results of one learner in the order in which they were told: append-only, in segments, so
/// that a checkpoint's writer can hold a prefix of it while the root goes on appending.
///
/// A copy costs one reference per full segment; appending after a copy copies the last segment
/// only. 8 (d + k) + 12 bytes a result.
package struct ResultLog: Sendable {
  /// Results in a full segment.
  package static let segmentCount = 4096

  package struct Segment: Sendable {
    /// Coordinates, `dimension` doubles a result.
    package var points: [Double] = []
    /// Values, `valueCount` doubles a result.
    package var values: [Double] = []
    /// Seconds that the evaluation took.
    package var seconds: [Double] = []
    /// The rank that evaluated.
    package var leaves: [Int32] = []
  }

  package let dimension: Int
  package private(set) var valueCount: Int
  package private(set) var fullSegments: [Segment] = []
  package private(set) var lastSegment = Segment()

  package init(dimension: Int, valueCount: Int) {
    precondition(dimension > 0 && valueCount > 0)
    self.dimension = dimension
    self.valueCount = valueCount
  }

  package var count: Int { fullSegments.count * Self.segmentCount + lastSegment.seconds.count }

  package mutating func append(
    point: Span<Double>, value: Span<Double>, seconds: Double, leaf: Rank
  ) {
    precondition(point.count == dimension && value.count == valueCount)
    for index in point.indices { lastSegment.points.append(point[index]) }
    for index in value.indices { lastSegment.values.append(value[index]) }
    lastSegment.seconds.append(seconds)
    lastSegment.leaves.append(leaf.rawValue)
    if lastSegment.seconds.count == Self.segmentCount {
      fullSegments.append(lastSegment)
      lastSegment = Segment()
    }
  }

  /// Forgets all numbers of the values but these. Takes time in proportion to the results, unless
  /// these are all.
  package mutating func keepOnly(_ kept: Range<Int>) {
    precondition(!kept.isEmpty && kept.upperBound <= valueCount)
    guard kept.count < valueCount else { return }
    for index in fullSegments.indices { keepOnly(kept, in: &fullSegments[index]) }
    keepOnly(kept, in: &lastSegment)
    valueCount = kept.count
  }

  private func keepOnly(_ kept: Range<Int>, in segment: inout Segment) {
    var values: [Double] = []
    values.reserveCapacity(segment.seconds.count * kept.count)
    for start in stride(from: 0, to: segment.values.count, by: valueCount) {
      values += segment.values[start + kept.lowerBound..<start + kept.upperBound]
    }
    segment.values = values
  }

  /// All segments in order; the last may be partly filled or empty.
  package func forEachSegment<E>(_ body: (Segment) throws(E) -> Void) throws(E) {
    for segment in fullSegments { try body(segment) }
    try body(lastSegment)
  }
}
