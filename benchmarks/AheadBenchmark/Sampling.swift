import AdaptiveCore
import HeapModule
import Learners

/// How a learner's points reach leaves.
struct Policy: Sendable {
  let name: String
  /// Points asked beyond those being evaluated, as a share of the leaves.
  var waitingShare = 0.0
  /// The waiting point that promised most goes first, not the one that waits longest.
  var isOrdered = false
  /// Results that are told, and as many points asked, at once; so many wait, besides.
  var batch = 1
  /// A leaf that is done begins once more with the point that is evaluated longest, if for longer
  /// than this many medians: its costs are drawn anew.
  var duplicatesAfter: Double?

  static let asTold = Policy(name: "none waits")
  static let all = [
    asTold,
    Policy(name: "1/16 waits", waitingShare: 1.0 / 16),
    Policy(name: "as many wait", waitingShare: 1),
    Policy(name: "as many wait, by improvement", waitingShare: 1, isOrdered: true),
    Policy(name: "asked by 8", batch: 8),
    Policy(name: "second evaluation after 2 medians", duplicatesAfter: 2),
  ]
}

/// Leaves that evaluate one point each, in virtual time: whoever is done gets the next.
struct Sampling<L: Learner> {
  /// An evaluation under way.
  private struct Flight: Comparable {
    let end: Double
    let order: Int
    let point: Int

    static func < (a: Self, b: Self) -> Bool { (a.end, a.order) < (b.end, b.order) }
  }

  /// A point that waits for a leaf: the largest goes first.
  private struct Waiting: Comparable {
    let rank: Double
    let point: Int

    static func < (a: Self, b: Self) -> Bool { (a.rank, -a.point) < (b.rank, -b.point) }
  }

  private var learner: L
  private let subject: Subject
  private let leafCount: Int
  private let policy: Policy
  /// Of log-normal costs with the median 1; 0: they are 1.
  private let sigma: Double
  private var random: RandomSource

  private var flights = Heap<Flight>()
  private var waiting = Heap<Waiting>()
  private var points: [[Double]] = []
  private var isTold: [Bool] = []
  /// When each point was first begun, in this order; those before `nextToDuplicate` have been
  /// looked at.
  private var begun: [(at: Double, point: Int)] = []
  private var nextToDuplicate = 0
  private var evaluationCount = 0
  private var untold: [Int] = []
  private var asked: PointBuffer
  private var improvements: [Double] = []

  init(
    _ learner: L, _ subject: Subject, leafCount: Int, policy: Policy, sigma: Double, seed: UInt64
  ) {
    self.learner = learner
    self.subject = subject
    self.leafCount = leafCount
    self.policy = policy
    self.sigma = sigma
    random = RandomSource(seed: seed, stream: UInt64(leafCount))
    asked = PointBuffer(dimension: learner.dimension)
  }

  /// The losses of the known points at each of `counts` of them.
  mutating func losses(at counts: [Int]) -> [Double] {
    let waitingCount = Int((policy.waitingShare * Double(leafCount)).rounded(.up))
    ask(leafCount + waitingCount + policy.batch - 1)
    for _ in 0..<leafCount { begin(at: 0) }
    var found: [Double] = []
    for count in counts {
      while learner.pointCount < count, let flight = flights.popMin() {
        if !isTold[flight.point] {
          isTold[flight.point] = true
          untold.append(flight.point)
          if untold.count == policy.batch { tellAndAsk() }
        }
        while flights.count < leafCount, begin(at: flight.end) {}
      }
      found.append(learner.loss(includingPending: false))
    }
    return found
  }

  private mutating func tellAndAsk() {
    for point in untold {
      let coordinates = points[point]
      let value = [subject.value(coordinates)]
      learner.tell(coordinates.span, value: value.span)
    }
    let count = untold.count
    untold.removeAll(keepingCapacity: true)
    ask(count)
  }

  private mutating func ask(_ count: Int) {
    asked.removeAll()
    improvements.removeAll(keepingCapacity: true)
    learner.ask(count, appendingTo: &asked, improvements: &improvements)
    for index in 0..<asked.count {
      let rank = policy.isOrdered ? improvements[index] : -Double(points.count)
      waiting.insert(Waiting(rank: rank, point: points.count))
      points.append(Array(asked[index]))
      isTold.append(false)
    }
  }

  /// Gives an idle leaf something to do; false if there is nothing.
  @discardableResult
  private mutating func begin(at now: Double) -> Bool {
    if let limit = policy.duplicatesAfter, let point = straggler(at: now, limit) {
      evaluate(point, at: now)
      return true
    }
    guard let next = waiting.popMax() else { return false }
    begun.append((now, next.point))
    evaluate(next.point, at: now)
    return true
  }

  private mutating func evaluate(_ point: Int, at now: Double) {
    let cost = sigma > 0 ? random.nextLogNormal(median: 1, sigma: sigma) : 1
    flights.insert(Flight(end: now + cost, order: evaluationCount, point: point))
    evaluationCount += 1
  }

  private mutating func straggler(at now: Double, _ limit: Double) -> Int? {
    while nextToDuplicate < begun.count, now - begun[nextToDuplicate].at > limit {
      let point = begun[nextToDuplicate].point
      nextToDuplicate += 1
      if !isTold[point] { return point }
    }
    return nil
  }
}
