package import AdaptiveCore
internal import Histogram

/// How often a span of time was how long, to a hundredth, from a nanosecond to a day: an
/// HdrHistogram.
package struct GapHistogram: Sendable {
  private var histogram = Histogram<UInt64>(
    highestTrackableValue: 86_400_000_000_000, numberOfSignificantValueDigits: .two)

  package init() {}

  package mutating func add(_ span: TimeSpan) { add(span, count: 1) }

  /// Counts spans of no time at all.
  package mutating func addNone(_ count: Int) { add(.zero, count: UInt64(count)) }

  /// Longer ones count as the longest.
  private mutating func add(_ span: TimeSpan, count: UInt64) {
    let nanoseconds = UInt64(max(0, span.nanoseconds))
    histogram.record(min(nanoseconds, histogram.highestTrackableValue), count: count)
  }

  /// Seconds that this share of the spans does not exceed, to a hundredth; nil if there are none.
  package func quantile(_ share: Double) -> Double? {
    guard histogram.totalCount > 0 else { return nil }
    return Double(histogram.valueAtPercentile(100 * share)) * 1e-9
  }
}

extension GapHistogram {
  /// How many spans fell into each class, as many classes in every histogram.
  package var counts: [Int64] { histogram.allValues().map { Int64($0.count) } }

  /// - Parameter counts: the sum of several histograms'.
  package init(counts: [Int64]) {
    for (place, count) in zip(histogram.allValues().map(\.value), counts) where count > 0 {
      histogram.record(place, count: UInt64(count))
    }
  }
}
