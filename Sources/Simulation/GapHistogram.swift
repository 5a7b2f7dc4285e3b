package import AdaptiveCore

/// How often a span of time was how long: classes of an eighth of a power of two.
package struct GapHistogram: Sendable {
  private static let classesPerOctave = 8
  package private(set) var counts: [Int64]
  package var count: Int64 { counts.reduce(0, +) }

  package init() { counts = Array(repeating: 0, count: 64 * Self.classesPerOctave) }

  /// - Parameter counts: the sum of several histograms'.
  package init(counts: [Int64]) { self.counts = counts }

  package mutating func add(_ span: TimeSpan) {
    counts[Self.index(of: UInt64(max(1, span.nanoseconds)))] += 1
  }

  /// Counts spans of no time at all.
  package mutating func addNone(_ count: Int) { counts[0] += Int64(count) }

  /// Seconds that this share of the spans does not exceed, to an eighth; nil if there are none.
  package func quantile(_ share: Double) -> Double? {
    let count = count
    guard count > 0 else { return nil }
    var left = Int64((share * Double(count)).rounded(.up))
    for (index, found) in counts.enumerated() {
      left -= found
      if left <= 0 { return Double(Self.upperEnd(of: index)) * 1e-9 }
    }
    return nil
  }

  private static func index(of nanoseconds: UInt64) -> Int {
    let octave = 63 - nanoseconds.leadingZeroBitCount
    let rest = octave >= 3 ? nanoseconds >> (octave - 3) : nanoseconds << (3 - octave)
    return octave * classesPerOctave + Int(rest & 7)
  }

  private static func upperEnd(of index: Int) -> UInt64 {
    let octave = index / classesPerOctave
    let mantissa = UInt64(9 + index % classesPerOctave)
    return octave >= 3 ? mantissa << (octave - 3) : mantissa >> (3 - octave)
  }
}
