import AdaptiveCore

/// Times in bins whose bounds grow by an eighth of an octave (9 %), from 1 ns to 18 minutes.
struct GapHistogram {
  private static let binsPerOctave = 8
  private static let octaves = 40

  /// Bin 0 holds what is shorter than a nanosecond.
  private(set) var counts = [Int64](repeating: 0, count: 1 + binsPerOctave * octaves)

  init() {}

  init(counts: [Int64]) { self.counts = counts }

  mutating func add(_ span: TimeSpan) { counts[Self.bin(span.nanoseconds)] += 1 }

  mutating func addNone(_ count: Int) { counts[0] += Int64(count) }

  /// The upper bound of the bin in which `share` of all times are reached, in microseconds.
  func percentile(_ share: Double) -> Double {
    let total = counts.reduce(0, +)
    guard total > 0 else { return 0 }
    let wanted = Int64((share * Double(total)).rounded(.up))
    var seen: Int64 = 0
    for (bin, count) in counts.enumerated() {
      seen += count
      if seen >= wanted { return Self.upperBound(bin) * 1e-3 }
    }
    return Self.upperBound(counts.count - 1) * 1e-3
  }

  private static func bin(_ nanoseconds: Int64) -> Int {
    guard nanoseconds > 0 else { return 0 }
    let octave = 63 - nanoseconds.leadingZeroBitCount
    let fraction = Double(nanoseconds) / Double(Int64(1) << octave) - 1
    let bin = octave * binsPerOctave + Int(fraction * Double(binsPerOctave))
    return 1 + min(bin, binsPerOctave * octaves - 1)
  }

  /// In nanoseconds.
  private static func upperBound(_ bin: Int) -> Double {
    guard bin > 0 else { return 0 }
    let (octave, part) = (bin - 1).quotientAndRemainder(dividingBy: binsPerOctave)
    return Double(Int64(1) << octave) * (1 + Double(part + 1) / Double(binsPerOctave))
  }
}
