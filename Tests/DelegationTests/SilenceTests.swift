import AdaptiveCore
import Testing

@testable import Delegation

/// A sub-master above teams, whose leaders say nothing while they evaluate.
@Suite struct SilenceTests {
  private struct Node {
    var machine: SubmasterMachine
    var effects = SubmasterEffects()
    var now = Instant.origin

    init(silenceMax: TimeSpan?) {
      machine = SubmasterMachine(
        parent: Rank(0), children: [Rank(2), Rank(5)], leafCount: 2,
        teams: TeamWatch(silenceMax: silenceMax),
        at: .origin)
      for rank in [2, 5] { answer(of: rank) }
    }

    mutating func happen(_ event: SubmasterEvent) { machine.handle(event, at: now, into: &effects) }

    /// Second after second, looking each time.
    mutating func pass(seconds: Int) {
      for _ in 0..<seconds {
        now = now + TimeSpan(seconds: 1)
        happen(.timePassed)
      }
    }

    mutating func arrive(_ points: UInt64...) {
      var batch = PointBatch()
      for point in points {
        batch.append(
          .init(id: PointID(point), attempt: Attempt(1), learner: LearnerIndex(0), dimension: 1),
          coordinates: [Double(point)])
      }
      happen(.pointsArrived(batch, Downward(echo: now, held: .zero)))
    }

    /// What a leader sends when a point is over, or with none to say that it wants one.
    mutating func answer(of rank: Int, point: UInt64? = nil) {
      var batch = ResultBatch()
      if let point {
        batch.entries.append(
          .init(
            id: PointID(point), attempt: Attempt(1), leaf: Rank(rank), seconds: 1, valueCount: 1))
        batch.values.append(Double(point))
      }
      happen(.resultsArrived(from: Rank(rank), batch, Upward(window: 1, stamp: now)))
    }

    /// Points that were assigned since the last call, by child.
    mutating func assigned() -> [Int: [UInt64]] {
      var points: [Int: [UInt64]] = [:]
      for case .assign(let rank, let entries, _, _) in effects.queue {
        points[rank.number, default: []] += effects.points.entries[entries].map(\.id.rawValue)
      }
      effects.removeAll()
      return points
    }
  }

  /// Until its team has returned, a leader that was told to stop does nothing and waits for nothing
  /// but that: its driver can sleep.
  @Test(arguments: [false, true]) func aLeaderStopsOnceItsTeamHasReturned(leadsTeam: Bool) {
    var leaf = LeafMachine(
      rank: Rank(2), parent: Rank(1), valueCounts: [1], keepsWaiting: true, leadsTeam: leadsTeam,
      at: .origin)
    var effects = LeafEffects()
    var points = PointBatch()
    for number in 1...2 {
      points.append(
        PointBatch.Entry(
          id: PointID(UInt64(number)), attempt: .first, learner: LearnerIndex(0), dimension: 1),
        coordinates: [Double(number)])
    }
    leaf.handle(
      .pointsArrived(points, Downward(echo: .origin, held: .zero)), at: .origin, into: &effects)
    effects.removeAll()
    leaf.handle(.orderArrived(.stop(exitCode: 75)), at: .origin, into: &effects)
    let end: [LeafEffect] = [
      .report(.stopped, to: Rank(1)), .finish(exitCode: 75, isEvaluating: !leadsTeam),
    ]
    #expect(effects.queue == (leadsTeam ? [] : end))
    #expect(leaf.nextDeadline == nil)
    leaf.handle(
      .evaluated(LeafEvent.Evaluated(values: [1], failures: [], secondsPerPoint: 1)), at: .origin,
      into: &effects)
    #expect(effects.queue == end)
  }

  @Test func whoIsSilentForTooLongIsGivenUpAndItsPointGoesBack() throws {
    var node = Node(silenceMax: TimeSpan(seconds: 5))
    node.arrive(1, 2)
    let first = node.assigned()
    #expect(first == [2: [1], 5: [2]])
    // One of them answers now and then, the other never.
    for second in 1...4 {
      node.pass(seconds: 1)
      node.answer(of: 5, point: UInt64(1 + second))
      node.arrive(UInt64(2 + second))
    }
    #expect(node.effects.results.failures.isEmpty)
    node.effects.removeAll()
    node.pass(seconds: 2)
    let failure = try #require(node.effects.results.failures.first)
    #expect(node.effects.results.failures.count == 1)
    #expect(failure.kind == .timedOut && failure.text.contains("the team of rank 2"))
    #expect(node.effects.results.entries.first { $0.isFailure }?.id == PointID(1))
    // It gets nothing more.
    node.effects.removeAll()
    node.answer(of: 5, point: 6)
    node.arrive(7, 8)
    let later = node.assigned()
    #expect(later.keys.sorted() == [5])
  }

  @Test func whoAnswersAfterAllTakesPointsAgain() {
    var node = Node(silenceMax: TimeSpan(seconds: 2))
    node.arrive(1, 2)
    node.pass(seconds: 4)
    #expect(node.effects.results.failures.map(\.kind) == [.timedOut, .timedOut])
    node.effects.removeAll()
    node.now = node.now + TimeSpan(seconds: 10)
    node.answer(of: 2, point: 1)
    // The root drops what it does not wait for any more; the sub-master passes it on.
    node.pass(seconds: 1)
    #expect(node.effects.results.entries.map(\.id) == [PointID(1)])
    node.arrive(3)
    #expect(node.assigned() == [2: [3]])
  }

  /// A drain waits for whoever may still answer, and not for who was given up; both are told to
  /// stop.
  @Test func aDrainDoesNotWaitForWhoIsGivenUp() {
    var node = Node(silenceMax: TimeSpan(seconds: 3))
    node.arrive(1, 2)
    node.answer(of: 5, point: 2)
    node.happen(.orderArrived(.drain))
    node.happen(.reportArrived(from: Rank(5), .drained))
    node.pass(seconds: 2)
    #expect(!node.effects.queue.contains(.report(.drained, to: Rank(0))))
    node.pass(seconds: 3)
    #expect(node.effects.queue.contains(.report(.drained, to: Rank(0))))
    node.happen(.orderArrived(.stop(exitCode: 0)))
    #expect(node.effects.queue.contains(.send(.stop(exitCode: 0), to: Rank(2))))
    node.happen(.reportArrived(from: Rank(5), .stopped))
    // The world must be aborted: this rank does not say that all have stopped.
    node.pass(seconds: 60)
    #expect(!node.effects.queue.contains(.report(.stopped, to: Rank(0))))
  }

  @Test func withoutATimeoutNobodyIsGivenUp() throws {
    var node = Node(silenceMax: nil)
    node.arrive(1, 2)
    node.pass(seconds: 100_000)
    #expect(node.effects.results.failures.isEmpty)
    // Though they have reported nothing, it is known that they evaluate.
    let reports = node.effects.queue.compactMap { effect -> NodeStatistics? in
      if case .report(.statistics(let statistics), _) = effect { statistics } else { nil }
    }
    let last = try #require(reports.last)
    #expect(last.leafCount == 2 && last.evaluatingCount == 2)
    #expect(last.busySeconds > 199_990 && last.busySeconds <= 200_000)
  }

  /// A leader evaluates one point at a time, however short they are, and reports between them.
  @Test func aLeaderEvaluatesOneByOne() {
    var leaf = LeafMachine(
      rank: Rank(2), parent: Rank(1), valueCounts: [1], keepsWaiting: true, leadsTeam: true,
      at: .origin)
    var effects = LeafEffects()
    leaf.handle(.started, at: .origin, into: &effects)
    var batch = PointBatch()
    for id in 0..<100 {
      batch.append(
        .init(
          id: PointID(UInt64(id)), attempt: Attempt(1), learner: LearnerIndex(0), dimension: 1),
        coordinates: [0.5])
    }
    leaf.handle(
      .pointsArrived(batch, Downward(echo: .origin, held: .zero)), at: .origin, into: &effects)
    var runs = 0
    var reports = 0
    for step in 1...100 {
      for effect in effects.queue {
        switch effect {
        case .evaluate(_, let count, _, _):
          #expect(count == 1)
          runs += 1
        case .report(.statistics, _): reports += 1
        default: break
        }
      }
      effects.removeAll()
      leaf.handle(
        .evaluated(.init(values: [1], failures: [], secondsPerPoint: 0.1)),
        at: .origin + TimeSpan.milliseconds(Int64(100 * step)), into: &effects)
    }
    #expect(runs == 100)
    #expect(reports == 9, "one a second in ten")
  }
}
