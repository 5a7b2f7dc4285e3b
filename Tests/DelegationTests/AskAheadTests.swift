import AdaptiveCore
import Delegation
import Testing

/// A leaf of long points, its parent a millisecond away and back.
@Suite struct AskAheadTests {
  private struct Node {
    var leaf = LeafMachine(
      rank: Rank(2), parent: Rank(1), valueCounts: [1], keepsWaiting: true, at: .origin)
    var effects = LeafEffects()
    var now = Instant.origin
    private var nextID: UInt64 = 1

    mutating func pass(_ seconds: Double) {
      now = now + TimeSpan(seconds: seconds)
      effects.removeAll()
    }

    /// The parent's answer to what was said a millisecond ago.
    mutating func arrive(isSuspect: Bool = false) {
      var points = PointBatch()
      points.append(
        PointBatch.Entry(
          id: PointID(nextID), attempt: .first, learner: LearnerIndex(0), dimension: 1,
          isSuspect: isSuspect), coordinates: [Double(nextID)])
      nextID += 1
      let asked = now + (.zero - TimeSpan(seconds: 0.001))
      leaf.handle(
        .pointsArrived(points, Downward(echo: asked, held: .zero)), at: now, into: &effects)
    }

    mutating func evaluated(_ seconds: Double, isAbandoned: Bool = false) {
      let failures = isAbandoned ? [(index: 0, failure: Failure(.timedOut, "no answer"))] : []
      leaf.handle(
        .evaluated(
          LeafEvent.Evaluated(
            values: [1], failures: failures, secondsPerPoint: seconds, isAbandoned: isAbandoned)),
        at: now, into: &effects)
    }

    /// A point, fetched once the one before has ended.
    mutating func round(_ seconds: Double) {
      pass(0.001)
      arrive()
      pass(seconds)
      evaluated(seconds)
    }

    /// Begins a point of a second, after enough of them to foretell its end.
    mutating func beginForeseen() {
      for _ in 0..<3 { round(1) }
      pass(0.001)
      arrive()
    }

    /// A millisecond before that end, when the next point has to be asked for.
    mutating func passToAsking() {
      pass(0.999)
      timePasses()
    }

    mutating func timePasses() { leaf.handle(.timePassed, at: now, into: &effects) }

    /// Seconds from now until the next point is asked for.
    var untilAsking: Double? { leaf.askDeadline.map { ($0 - now).seconds } }

    var windows: [Int32] {
      effects.queue.compactMap {
        if case .sendResults(_, _, let upward) = $0 { upward.window } else { nil }
      }
    }

    var starts: Int {
      effects.queue.count { if case .evaluate = $0 { true } else { false } }
    }
  }

  @Test("equal points: the next is asked for two round trips before the end, and follows at once")
  func equalPoints() throws {
    var node = Node()
    node.beginForeseen()
    let wait = try #require(node.untilAsking)
    #expect(abs(wait - 0.998) < 1e-6)
    node.pass(wait - 0.0001)
    node.timePasses()
    #expect(node.windows.isEmpty)
    node.pass(0.0002)
    node.timePasses()
    #expect(node.windows == [2] && node.untilAsking == nil)
    node.pass(0.001)
    node.arrive()
    #expect(node.starts == 1, "the evaluator has it before the first has ended")
    node.pass(0.0008)
    node.evaluated(1)
    #expect(node.windows == [1] && node.starts == 0)
    let next = try #require(node.untilAsking)
    #expect(abs(next - 0.998) < 1e-6, "the one that follows counts from now")
  }

  @Test("whoever comes too late is asked for earlier") func late() throws {
    var node = Node()
    node.beginForeseen()
    node.passToAsking()
    node.pass(0.001)
    node.evaluated(1)
    node.arrive()
    let wait = try #require(node.untilAsking)
    #expect(abs(wait - 0.996) < 1e-6)
  }

  @Test("never earlier than a quarter of the point before its end") func bounded() throws {
    var node = Node()
    for _ in 0..<3 { node.round(1) }
    for _ in 0..<20 {
      node.pass(0.001)
      node.arrive()
      node.pass(0.9999)
      node.timePasses()
      node.pass(0.0001)
      node.evaluated(1)
    }
    node.arrive()
    #expect(try #require(node.untilAsking) >= 0.75)
  }

  @Test(
    "points whose ends cannot be foretold, short points and far parents: nothing is asked ahead",
    arguments: [[1.0, 2.0], [0.009, 0.009], [0.011, 0.0125]])
  func unforeseeable(lengths: [Double]) {
    var node = Node()
    for index in 0..<12 { node.round(lengths[index % 2]) }
    node.pass(0.001)
    node.arrive()
    #expect(node.untilAsking == nil)
  }

  @Test("what follows a point that hangs goes back") func hanging() {
    var node = Node()
    node.beginForeseen()
    node.passToAsking()
    node.arrive()
    node.pass(5)
    node.evaluated(6, isAbandoned: true)
    #expect(node.effects.results.failures.map(\.kind) == [.timedOut, .lost])
    #expect(node.windows.last == 0 && node.starts == 0)
  }

  @Test("a point that may end its process follows nothing, and nothing follows it")
  func suspects() {
    var node = Node()
    node.beginForeseen()
    node.passToAsking()
    node.effects.removeAll()
    node.arrive(isSuspect: true)
    #expect(node.starts == 0)
    node.pass(0.001)
    node.evaluated(1)
    #expect(node.starts == 1)
    node.arrive()
    #expect(node.starts == 1)
  }

  @Test("drained is who has evaluated what followed") func draining() {
    var node = Node()
    node.beginForeseen()
    node.passToAsking()
    node.arrive()
    node.leaf.handle(.orderArrived(.drain), at: node.now, into: &node.effects)
    node.pass(0.001)
    node.evaluated(1)
    #expect(!node.effects.queue.contains(.report(.drained, to: Rank(1))))
    node.pass(1)
    node.evaluated(1)
    #expect(node.effects.queue.contains(.report(.drained, to: Rank(1))))
    #expect(node.effects.results.entries.count == 1)
  }
}
