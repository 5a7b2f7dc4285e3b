package import AdaptiveCore

/// Samples a function of one variable: the interval with the largest loss is cut next.
///
/// Same points in the same order as Learner1D of Python adaptive 1.5 for the same asks and tells;
/// `docs/parity.md` lists where it differs on purpose. The algorithm is that of B. Nijholt,
/// J. Weston, J. Hoofwijk and A. Akhmerov, *Adaptive* (doi:10.5281/zenodo.1182437).
///
/// Two orders of intervals are kept. *Real* intervals lie between neighbouring known points and
/// carry a loss. *Combined* intervals lie between neighbouring points of any state; the loss of a
/// real interval is shared among the combined ones inside by length, and a combined interval that
/// no real one holds has an infinite loss. ``ask(_:appendingTo:improvements:)`` cuts combined
/// intervals.
///
/// An ask or a tell takes O(log n + p), where p is the number of points pending between the same
/// known neighbours; a foreign point (told, never asked) takes O(log n) more. When the range of
/// values has doubled since the last time, all losses are computed anew: O(n), O(log range) times.
///
/// Values that are not numbers leave the scale alone. An interval that touches one has no finite
/// loss; it is ranked by its length, and ``loss(includingPending:)`` is NaN while it ranks first.
package struct Learner1D: Learner, Sendable {
  package let settings: Learner1DSettings
  package let valueCount: Int

  var chain = PointChain()

  /// Values in told order, `valueCount` doubles each.
  var values: [Double] = []

  /// By told index, the loss of the real interval right of the point; infinite if there is none.
  var losses: [Double] = []

  /// All real intervals.
  var real = LossQueue()
  /// The combined intervals that are long enough to be cut.
  var combined = LossQueue()

  /// Both queues are filled at the end of a replay.
  var isReplaying = false

  var pending = PendingTable()
  var index: PointIndex?
  /// Points inserted since `index` was last searched.
  var insertionsSinceSearch = 0

  /// Known points outside the domain, by their bits: they are kept, but divide nothing.
  var outside: Set<UInt64> = []

  var scale: ValueScale
  /// The user's loss, out of the settings.
  let userLoss: UserLossFunction?
  let rule: IntervalRule

  package init(_ settings: Learner1DSettings, valueCount: Int) {
    precondition(valueCount > 0)
    self.settings = settings
    userLoss = settings.userLoss?.function
    self.valueCount = valueCount
    scale = ValueScale(valueCount: valueCount, isComplex: settings.isComplex)
    rule = IntervalRule(lower: settings.lower, upper: settings.upper)
  }

  package var dimension: Int { 1 }

  package var pointCount: Int { losses.count }

  package var pendingCount: Int { pending.count }

  package func loss(includingPending: Bool) -> Double {
    guard !isLowerMissing, !isUpperMissing else { return .infinity }
    if includingPending { return combined.top.map { chain[$0.slot].loss } ?? .infinity }
    return real.top.map { realLoss(rightOf: $0.slot) } ?? .infinity
  }

  package var nextImprovement: Double {
    guard !isLowerMissing, !isUpperMissing else { return .infinity }
    guard let first = combined.top else { return -.infinity }
    return chain[first.slot].loss / 2
  }

  package func pendingPoints() -> PointBuffer {
    PointBuffer(dimension: 1, doubles: pending.sortedPoints())
  }

  /// Whether nobody has taken up a bound yet: neither known nor pending nor failed.
  var isLowerMissing: Bool { chain.first < 0 || chain[chain.first].x != rule.lower }
  var isUpperMissing: Bool { chain.last < 0 || chain[chain.last].x != rule.upper }

  /// The stored loss of the real interval that begins at an end.
  ///
  /// Inlined, as are other reading methods that changing ones call: a call would copy the learner's
  /// several hundred bytes first.
  @inline(__always)
  func realLoss(rightOf left: Int32) -> Double {
    let right = chain[left].span
    guard chain[left].told >= 0, chain[right].told >= 0 else {
      return rule.share(of: chain[right].x - chain[left].x)
    }
    return losses[Int(chain[left].told)]
  }
}

/// What the domain says about an interval.
struct IntervalRule: Sendable {
  let lower: Double
  let upper: Double
  let width: Double

  /// A real interval shorter than this has the loss 0.
  let shortest: Double

  /// Bounds of -0 become 0, so that equal coordinates have equal bits.
  init(lower: Double, upper: Double) {
    self.lower = lower + 0
    self.upper = upper + 0
    width = upper - lower
    shortest = 2 * max(lower.magnitude, upper.magnitude) * Double.ulpOfOne
  }

  func contains(_ x: Double) -> Bool { lower <= x && x <= upper }

  /// A length as a share of the domain's.
  func share(of length: Double) -> Double { length / width }

  /// What ranks an interval, or each of the equal `parts` of one: the loss, or the share of the
  /// domain where that is infinite or NaN, rounded to 12 decimals so that rounding noise makes no
  /// order.
  @inline(__always)
  func priority(_ loss: Double, length: Double, parts: Int = 1) -> Double {
    let finite = loss.isFinite ? loss : share(of: length) / Double(parts)
    let shifted = finite * 1e12 + 0.5
    // Doubles from 2^52 on are whole numbers already.
    let whole = shifted.magnitude < 0x1p52 ? Double(Int64(shifted)) : shifted
    return whole / 1e12
  }

  /// Whether a double lies between two points where ``Learner1D/ask(_:appendingTo:improvements:)``
  /// would look for it.
  @inline(__always)
  func canDivide(_ left: Double, _ right: Double) -> Bool {
    let middle = left + (right - left) / 2
    return left < middle && middle < right
  }
}

/// The range of the values known so far, component by component.
struct ValueScale: Sendable {
  private var minima: [Double]
  private var maxima: [Double]
  /// Of complex values, a number at a time, instead.
  private var complex: [ComplexRange]

  /// The widest range of a component; 0 while nothing is known.
  private(set) var range = 0.0

  /// The range with which all losses were computed last.
  var rangeOfLosses = 0.0

  init(valueCount: Int, isComplex: Bool) {
    complex = Array(repeating: ComplexRange(), count: isComplex ? valueCount / 2 : 0)
    minima = Array(repeating: .infinity, count: valueCount)
    maxima = Array(repeating: -.infinity, count: valueCount)
  }

  /// What values are divided by.
  var divisor: Double { range == 0 ? 1 : range }

  /// Whether losses computed before are too far off.
  var hasDoubled: Bool { range > 2 * rangeOfLosses }

  /// Takes in one value; components that are not numbers change nothing.
  mutating func add(_ value: Span<Double>) {
    guard complex.isEmpty else { return addComplex(value) }
    for index in value.indices {
      if value[index] < minima[index] { minima[index] = value[index] }
      if value[index] > maxima[index] { maxima[index] = value[index] }
      let width = maxima[index] - minima[index]
      if width > range { range = width }
    }
  }

  private mutating func addComplex(_ value: Span<Double>) {
    for index in complex.indices {
      complex[index].add(value[2 * index], value[2 * index + 1])
      if complex[index].width > range { range = complex[index].width }
    }
  }
}
