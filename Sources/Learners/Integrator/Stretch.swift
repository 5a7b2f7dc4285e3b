/// One interval of an integrator: a polynomial through its nodes, refined by doubling the nodes or
/// by halving the interval.
struct Stretch: Sendable {
  let lower: Double
  let upper: Double
  /// -1 for the whole domain.
  let parent: Int32
  /// How often the domain was halved.
  let splitDepth: Int
  /// The rule whose nodes were asked for last, 0 to 3.
  var depth: Int
  /// Values at the 33 nodes of the deepest rule; what is not known yet is NaN. Of complex values,
  /// the real parts and then the imaginary ones.
  var values: [Double]
  /// Nodes of `depth` without an answer.
  var missingCount = 0
  /// The depth whose nodes are all answered; -1 for none.
  var completeDepth = -1

  var coefficients = Coefficients()
  /// The first coefficient by the first rule.
  var firstCoefficient = ComplexNumber()
  var integral = ComplexNumber()
  /// Of the integral, absolute; the largest double while nothing is known.
  var error: Double
  /// How often on the way here a half had more than twice the height of the whole.
  var growthCount = 0
  /// The left half; the right one is the next. -1 while it is whole.
  var children: Int32 = -1
  /// It cannot, or need not, be refined any further.
  var isFinished = false
  /// Its latest refinement changed the polynomial so much that it is halved next.
  var isForced = false
  /// Its own value counts in the integral, not its parent's or its halves'.
  var isUsed = false
  /// What it, or what it was divided into, counts for.
  var total = Total()

  /// Integral and error; `settled` is the part of the error in intervals that are not refined any
  /// further.
  struct Total: Sendable {
    var integral = ComplexNumber()
    var error = 0.0
    var settled = 0.0

    static func + (a: Self, b: Self) -> Self {
      var sum = a
      sum.integral += b.integral
      sum.error += b.error
      sum.settled += b.settled
      return sum
    }
  }

  var isComplete: Bool { completeDepth == depth }

  /// The error, rounded to 36 bits so that rounding noise makes no order.
  var rank: UInt64 { (error.bitPattern + 0x8000) >> 16 }

  func node(_ index: Int) -> Double { Self.node(index, lower, upper) }

  private static func node(_ index: Int, _ lower: Double, _ upper: Double) -> Double {
    let nodes = ClenshawCurtis.shared.nodes
    if index == 0 { return lower }
    if index == nodes.count - 1 { return upper }
    return (lower + upper) / 2 + (upper - lower) * nodes[index] / 2
  }

  /// Whether the nodes that a refinement would add are doubles of their own.
  func hasRoom(toSplit: Bool) -> Bool {
    guard toSplit else {
      return Self.areDistinct(lower, upper, step: ClenshawCurtis.stride(depth + 1))
    }
    let middle = (lower + upper) / 2
    let step = ClenshawCurtis.stride(0)
    return Self.areDistinct(lower, middle, step: step)
      && Self.areDistinct(middle, upper, step: step)
  }

  /// Nodes are closest at the ends.
  private static func areDistinct(_ lower: Double, _ upper: Double, step: Int) -> Bool {
    let last = ClenshawCurtis.shared.nodes.count - 1
    let first = node(step, lower, upper)
    let final = node(last - step, lower, upper)
    return lower < first && first < node(2 * step, lower, upper)
      && node(last - 2 * step, lower, upper) < final && final < upper
  }
}
