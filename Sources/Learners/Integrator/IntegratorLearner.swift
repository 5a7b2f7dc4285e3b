package import AdaptiveCore

/// Integrates a function of one variable: doubly adaptive Clenshaw–Curtis quadrature, algorithm 4
/// of P. Gonnet, ACM TOMS 37(3), 2010, as Python adaptive's IntegratorLearner has it.
///
/// Asked for one point at a time, it asks for the same points in the same order. Asked for more, it
/// refines several intervals at once, the worst first, but none that need not be: where the errors
/// of all intervals at rest add up to no more than the tolerance, it offers nothing until those in
/// work are known. So the number of evaluations hardly depends on how many are out at a time. To
/// ask for n points is to ask n times for one.
///
/// The loss is the error in units of the tolerance: at most 1 means done. Asked on, it goes on. A
/// point that failed counts as one whose value is not finite: the polynomials leave it out. An
/// integral that diverges has an infinite loss, and no point is offered any more.
///
/// O(intervals at work) an ask of new points, at most ``stretchesMax``; O(n²) a complete rule of n.
package struct IntegratorLearner: Learner {
  /// Intervals that are kept for refinement; past that, the one with the smallest error is let be.
  static let stretchesMax = 1000

  let settings: IntegratorSettings
  var stretches: [Stretch] = []
  /// Those that may be refined, and those that are being refined.
  var open: [Int32] = []
  /// Open ones that are to be halved, the latest last.
  var forced: [Int32] = []
  /// Of the whole domain, when a rule was complete last.
  private var totals = Stretch.Total()
  private(set) var isDivergent = false

  /// Every node that was ever wanted, in the order of asking.
  var requests: [Request] = []
  /// Requests that were handed out.
  var askedCount = 0
  var pending = PendingTable()
  /// By answer, in their order: how many requests had been handed out before it; for a failed point
  /// the negative of that, less 1.
  var answers: [Int64] = []
  package private(set) var pointCount = 0

  struct Request: Sendable {
    var stretch: Int32
    var node: Int32
  }

  package init(_ settings: IntegratorSettings) {
    self.settings = settings
    add(lower: settings.lower, upper: settings.upper, parent: -1)
  }

  package var dimension: Int { 1 }
  package var valueCount: Int { settings.isComplex ? 2 : 1 }
  package var pendingCount: Int { pending.count }

  package var estimate: LearnerEstimate? {
    LearnerEstimate(
      value: totals.integral.real,
      imaginary: settings.isComplex ? totals.integral.imaginary : nil,
      error: isDivergent ? .infinity : totals.error)
  }

  package func loss(includingPending: Bool) -> Double {
    guard !isDivergent, stretches[0].completeDepth == 3 else { return .infinity }
    if totals.error == 0 { return 0 }
    return totals.error / allowedError
  }

  private var allowedError: Double {
    max(settings.relativeTolerance * totals.integral.modulus, settings.absoluteTolerance)
  }

  /// O(evaluations): the twin pays for new requests.
  package var nextImprovement: Double {
    var twin = self
    return twin.prepare()
      ? twin.stretches[Int(twin.requests[askedCount].stretch)].error : -.infinity
  }

  package func pendingPoints() -> PointBuffer {
    PointBuffer(dimension: 1, doubles: pending.sortedPoints())
  }

  package mutating func ask(
    _ count: Int, appendingTo points: inout PointBuffer, improvements: inout [Double]
  ) {
    var remaining = count
    while remaining > 0, prepare() {
      let request = requests[askedCount]
      let x = handOut()
      points.append(x)
      improvements.append(stretches[Int(request.stretch)].error)
      remaining -= 1
    }
  }

  package mutating func tellPending(_ point: Span<Double>) {
    precondition(point.count == 1)
    guard prepare(), coordinate(requests[askedCount]) == point[0] else { return }
    _ = handOut()
  }

  package mutating func tell(_ point: Span<Double>, value: Span<Double>) {
    precondition(point.count == 1 && value.count == valueCount)
    guard let index = pending.remove(point[0] + 0) else { return }
    pointCount += 1
    answers.append(Int64(askedCount))
    answer(requests[Int(index)], value[0], imaginary: settings.isComplex ? value[1] : 0)
  }

  package mutating func tellFailed(_ point: Span<Double>) {
    precondition(point.count == 1)
    guard let index = pending.remove(point[0] + 0) else { return }
    answers.append(-Int64(askedCount) - 1)
    answer(requests[Int(index)], .nan, imaginary: .nan)
  }
}

// MARK: - Asking

extension IntegratorLearner {
  private func coordinate(_ request: Request) -> Double {
    stretches[Int(request.stretch)].node(Int(request.node)) + 0
  }

  mutating func handOut() -> Double {
    let x = coordinate(requests[askedCount])
    pending.insert(x, slot: Int32(askedCount))
    askedCount += 1
    return x
  }

  /// Sees that a request waits to be handed out; false if nothing may be refined for now.
  mutating func prepare() -> Bool {
    while askedCount == requests.count {
      guard !isDivergent, let next = nextStretch() else { return false }
      refine(next)
    }
    return true
  }

  /// The interval to refine: the latest that is to be halved, else the one with the largest error,
  /// of equals the rightmost. None if those at work may be enough.
  private func nextStretch() -> Int32? {
    let allowed = allowedError
    // The rest is small enough, and what is too large cannot be helped: rounding, mostly.
    if totals.error - totals.settled < allowed, allowed < totals.settled { return nil }
    var best: Int32?
    var first = (rank: UInt64(0), lower: -Double.infinity)
    var errorAtRest = 0.0
    var isAtWork = false
    // Fields one by one: a copy of a stretch holds on to its arrays.
    for index in open {
      let place = Int(index)
      guard stretches[place].isComplete else {
        isAtWork = true
        continue
      }
      errorAtRest += stretches[place].error
      let own = (rank: stretches[place].rank, lower: stretches[place].lower)
      if best == nil || own > first {
        best = index
        first = own
      }
    }
    if isAtWork, errorAtRest <= allowed { return nil }
    return forced.last ?? best
  }

  private mutating func refine(_ index: Int32) {
    let stretch = stretches[Int(index)]
    let mustSplit = stretch.isForced
    let splits = mustSplit || stretch.depth == ClenshawCurtis.depthMax
    if mustSplit { forced.removeAll { $0 == index } }
    stretches[Int(index)].isForced = false
    if !stretch.hasRoom(toSplit: splits) {
      close(index)
    } else if splits {
      close(index)
      split(index)
    } else {
      stretches[Int(index)].depth += 1
      request(index)
    }
    guard open.count > Self.stretchesMax else { return }
    let least = open.filter { stretches[Int($0)].isComplete }.min {
      let (a, b) = (stretches[Int($0)], stretches[Int($1)])
      return (a.rank, a.lower) < (b.rank, b.lower)
    }
    if let least { close(least) }
  }

  private mutating func close(_ index: Int32) {
    open.removeAll { $0 == index }
    forced.removeAll { $0 == index }
    stretches[Int(index)].isFinished = true
    addUp(index)
  }

  private mutating func split(_ index: Int32) {
    let parent = stretches[Int(index)]
    let middle = (parent.lower + parent.upper) / 2
    stretches[Int(index)].children = Int32(stretches.count)
    add(lower: parent.lower, upper: middle, parent: index)
    add(lower: middle, upper: parent.upper, parent: index)
    addUp(index)
  }

  private mutating func add(lower: Double, upper: Double, parent: Int32) {
    let last = ClenshawCurtis.shared.nodes.count - 1
    var stretch = Stretch(
      lower: lower, upper: upper, parent: parent,
      splitDepth: parent < 0 ? 1 : stretches[Int(parent)].splitDepth + 1,
      depth: parent < 0 ? 2 : 0,
      values: Array(repeating: .nan, count: valueCount * (last + 1)),
      error: .greatestFiniteMagnitude)
    var known: [Int] = []
    if parent >= 0 {
      let whole = stretches[Int(parent)]
      let isLeft = lower == whole.lower
      for start in stride(from: 0, to: stretch.values.count, by: last + 1) {
        stretch.values[start] = whole.values[start + (isLeft ? 0 : last / 2)]
        stretch.values[start + last] = whole.values[start + (isLeft ? last / 2 : last)]
      }
      stretch.error = whole.error / 2
      stretch.growthCount = whole.growthCount
      known = [0, last]
    }
    let index = Int32(stretches.count)
    stretches.append(stretch)
    open.append(index)
    request(index, except: known)
  }

  /// Wants the nodes of an interval's depth that no depth before had.
  private mutating func request(_ index: Int32, except known: [Int] = []) {
    let stretch = stretches[Int(index)]
    let step = ClenshawCurtis.stride(stretch.depth)
    let before = stretch.completeDepth < 0 ? 0 : 2 * step
    for node in stride(from: 0, to: ClenshawCurtis.shared.nodes.count, by: step)
    where !known.contains(node) && (before == 0 || !node.isMultiple(of: before)) {
      requests.append(Request(stretch: index, node: Int32(node)))
      stretches[Int(index)].missingCount += 1
    }
  }
}

// MARK: - Telling

extension IntegratorLearner {
  private mutating func answer(_ request: Request, _ value: Double, imaginary: Double) {
    let index = Int(request.stretch)
    stretches[index].values[Int(request.node)] = value
    if settings.isComplex {
      // A number without one of its parts is none.
      let isNumber = value.isFinite && imaginary.isFinite
      stretches[index].values[Int(request.node)] = isNumber ? value : .nan
      let start = ClenshawCurtis.shared.nodes.count
      stretches[index].values[start + Int(request.node)] = isNumber ? imaginary : .nan
    }
    stretches[index].missingCount -= 1
    guard stretches[index].missingCount == 0, !isDivergent else { return }
    complete(request.stretch)
    totals = stretches[0].total
  }

  /// All nodes of a depth are answered: a new polynomial, and the difference from what was known.
  private mutating func complete(_ index: Int32) {
    var stretch = stretches[Int(index)]
    let width = stretch.upper - stretch.lower
    let old = stretch.coefficients
    let isFirst = stretch.completeDepth < 0
    stretch.completeDepth = stretch.depth
    stretch.coefficients = Coefficients(stretch.values, depth: stretch.depth)
    let first = stretch.coefficients.first
    stretch.integral = ComplexNumber(
      real: width * first.real / Double(2).squareRoot(),
      imaginary: width * first.imaginary / Double(2).squareRoot())
    if isFirst, stretch.parent < 0 {
      stretches[Int(index)] = stretch
      return
    }
    if isFirst {
      let parent = stretches[Int(stretch.parent)]
      let isLeft = stretch.lower == parent.lower
      let expected = parent.coefficients.shifted(toLeft: isLeft)
      stretch.error = width * stretch.coefficients.distance(to: expected)
      stretch.firstCoefficient = first
      if parent.firstCoefficient.modulus != 0,
        stretch.firstCoefficient / parent.firstCoefficient > 2
      {
        stretch.growthCount += 1
      }
      if stretch.growthCount > 20, 2 * stretch.growthCount > stretch.splitDepth {
        isDivergent = true
      }
    } else {
      let change = stretch.coefficients.distance(to: old)
      stretch.error = width * change
      stretch.isForced = change > 0.1 * stretch.coefficients.distance()
    }
    let rounding =
      stretch.integral.modulus * Double.ulpOfOne * ClenshawCurtis.conditions[stretch.depth]
    let isExact = stretch.error < rounding
    if isExact { stretch.isForced = false }
    stretches[Int(index)] = stretch
    if isExact {
      close(index)
    } else if stretch.isForced {
      forced.append(index)
    }
    use(index)
    addUp(index)
  }

  /// Lets an interval's value count, or its halves' instead of its own once both are known.
  private mutating func use(_ index: Int32) {
    let parent = stretches[Int(index)].parent
    if parent < 0 {
      stretches[Int(index)].isUsed = true
      return
    }
    let halves = stretches[Int(parent)].children
    guard stretches[Int(parent)].isUsed, stretches[Int(halves)].completeDepth >= 0,
      stretches[Int(halves) + 1].completeDepth >= 0
    else { return }
    stretches[Int(parent)].isUsed = false
    for half in [halves, halves + 1] {
      stretches[Int(half)].isUsed = true
      addUp(half)
      let next = stretches[Int(half)].children
      if next >= 0 { use(next) }
    }
  }

  /// Adds up what an interval that has changed counts for, and all that it is a part of: half with
  /// half, so that the order of sums does not depend on that of answers. O(halvings above it)
  private mutating func addUp(_ index: Int32) {
    var next = index
    while next >= 0 {
      let place = Int(next)
      let children = Int(stretches[place].children)
      var total = Stretch.Total()
      if stretches[place].isUsed {
        total.integral = stretches[place].integral
        total.error = stretches[place].error
        if stretches[place].isFinished, children < 0 { total.settled = total.error }
      } else if children >= 0 {
        total = stretches[children].total + stretches[children + 1].total
      }
      stretches[place].total = total
      next = stretches[place].parent
    }
  }
}
