import AdaptiveCore
import CheckpointHDF5
import Testing
import _TestSupport

@testable import CommandLineInterface
@testable import Delegation
@testable import NodeRuntime

@Suite struct WorldStatusTests {
  private static let start = Instant.origin + TimeSpan(seconds: 1000)

  private func status(_ goal: Goal = .npoints(1000)) -> WorldStatus {
    WorldStatus(
      .init(name: "test", id: "00ff", goal: goal.text), goal: goal,
      world: .init(
        number: 3, host: "node17", pid: 4711, job: "slurm 1", ranks: 6, started: 1_795_563_612))
  }

  private func moment(
    after seconds: Double, points: [Int], told: Int, busySeconds: Double = 0, leaves: Int64 = 4,
    losses: [Double]? = nil, end: StatusDocument.End? = nil
  ) -> WorldStatus.Moment {
    var statistics = NodeStatistics()
    statistics.leafCount = leaves
    statistics.evaluatingCount = 2
    statistics.busySeconds = busySeconds
    let learners = points.enumerated().map { index, count in
      RootProgress.LearnerProgress(
        name: "l\(index)", pointCount: count, failedCount: 1,
        loss: losses?[index] ?? 1 / Double(index + 1))
    }
    let progress = RootProgress(
      learners: learners, counts: .init(told: told), leaves: statistics, inFlightCount: 9,
      elapsed: TimeSpan(seconds: 50), commitAge: TimeSpan(seconds: 0.5), storeTrouble: nil)
    return WorldStatus.Moment(
      progress: progress, at: Self.start + TimeSpan(seconds: seconds),
      epochSeconds: 1_795_563_700 + seconds, interval: TimeSpan(seconds: 2), end: end)
  }

  @Test func ratesAreOfTheLastHalfToWholeMinute() {
    var status = status()
    let first = status.document(moment(after: 0, points: [10, 20], told: 0))
    #expect(first.points.perSecond == nil && first.leaves?.busyShare == nil)
    let second = status.document(
      moment(after: 10, points: [30, 50], told: 50, busySeconds: 20))
    #expect(second.points.perSecond == 5)
    #expect(second.learners.map(\.perSecond) == [2, 3])
    #expect(second.leaves?.busyShare == 0.5)
    // 200 more in each of the next ten steps of 10 s: the slow beginning is forgotten.
    var last = second
    for step in 1...10 {
      last = status.document(
        moment(
          after: 10 + Double(step) * 10, points: [30 + step * 100, 50 + step * 100],
          told: 50 + step * 200, busySeconds: 20 + Double(step) * 40))
    }
    #expect(last.points.perSecond == 20)
    #expect(last.leaves?.busyShare == 1)
  }

  @Test func leavesThatHaveNotReportedYetAreNotCountedAsIdle() {
    var status = status()
    _ = status.document(moment(after: 0, points: [1], told: 0, leaves: 0))
    _ = status.document(moment(after: 2, points: [1], told: 0, busySeconds: 4))
    let third = status.document(moment(after: 4, points: [1], told: 0, busySeconds: 12))
    #expect(third.leaves?.busyShare == 1)
  }

  @Test func whatIsReadIsWhatWasWritten() throws {
    var status = status(.all([.npoints(1000), .loss(0.25)]))
    var moment = moment(
      after: 0, points: [10, 2000], told: 7, losses: [.infinity, 0.5],
      end: .init(exitCode: 75, reason: "stopped\nby \"hand\""))
    moment.progress.failures.add(Failure(.raised, "no \u{1b}[1m é"))
    moment.progress.storeTrouble = "disk full"
    let document = status.document(moment)
    #expect(document.learners.map(\.loss) == [nil, 0.5])
    #expect(document.loss == nil)
    #expect(document.learners.map(\.shareOfGoal) == [0, 0.5])
    #expect(document.shareOfGoal == 0)
    #expect(document.state == .ended)
    #expect(try StatusDocument(json: document.json().bytes) == document)
    let second = status.document(self.moment(after: 4, points: [10, 2000], told: 7))
    #expect(try StatusDocument(json: second.json().bytes) == second)
    #expect(second.state == .running)
  }

  @Test func ofVeryManyLearnersThoseFurthestFromTheirGoalsAreListed() throws {
    let count = 5000
    var status = status(.npoints(count))
    // Learner i has a permutation of 0…4999 points.
    let points = (0..<count).map { ($0 * 1237 + 11) % count }
    let document = status.document(moment(after: 0, points: points, told: 0))
    #expect(document.learnerCount == count)
    #expect(document.points.total == count * (count - 1) / 2)
    #expect(document.learners.count == Limits.statusLearnersMax)
    #expect(document.learners.allSatisfy { $0.points < Limits.statusLearnersMax })
    #expect(document.learners.map(\.index) == document.learners.map(\.index).sorted())
    #expect(document.json().bytes.count < Limits.statusBytesMax)
  }

  @Test func damageIsNeverTakenForAStatus() throws {
    var status = status()
    let bytes = status.document(moment(after: 0, points: [10, 20], told: 0)).json().bytes
    // The line feed at the end may be missing.
    for length in 0..<bytes.count - 1 {
      #expect(throws: UnreadableStatus.self) {
        try StatusDocument(json: Array(bytes.prefix(length)))
      }
    }
    let seed = TestSeed()
    var generator = seed.generator()
    for _ in 0..<2000 {
      var damaged = bytes
      for _ in 0..<Int.random(in: 1...4, using: &generator) {
        damaged[Int.random(in: 0..<bytes.count, using: &generator)] = UInt8.random(
          in: 0...255, using: &generator)
      }
      // Whatever is read can be shown without a trap.
      if let document = try? StatusDocument(json: damaged) { _ = document.json().bytes }
    }
    for text in ["[]", "{}", "null", "\"\"", #"{"format": "other", "format_version": 1}"#] {
      #expect(throws: UnreadableStatus.self) { try StatusDocument(json: Array(text.utf8)) }
    }
    let newer = String(decoding: bytes, as: UTF8.self)
      .replacing("\"format_version\": 1", with: "\"format_version\": 2")
    #expect(throws: UnreadableStatus(detail: "format 2, this program knows 1")) {
      try StatusDocument(json: Array(newer.utf8))
    }
  }

  @Test func gatheringTakesALittleShareOfTheRootsTime() {
    #expect(RootStatus.interval(cost: TimeSpan(seconds: 1e-4)) == Limits.statusInterval)
    #expect(RootStatus.interval(cost: TimeSpan(seconds: 0.01)).seconds == 10)
    #expect(RootStatus.interval(cost: TimeSpan(seconds: 2)) == Limits.statusIntervalMax)
  }
}

@Suite struct FailureTallyTests {
  @Test func theFirstDistinctReasonsAreCounted() {
    var tally = FailureTally()
    for index in 0..<100 {
      tally.add(Failure(.raised, "reason \(index % 20)"))
      tally.add(Failure(.timedOut, "reason 0"))
    }
    #expect(tally.reasons.count == Limits.failureReasonsMax)
    #expect(tally.reasons[0] == .init(failure: Failure(.raised, "reason 0"), count: 5))
    #expect(tally.reasons[1] == .init(failure: Failure(.timedOut, "reason 0"), count: 100))
    #expect(tally.reasons.reduce(tally.otherCount) { $0 + $1.count } == 200)
  }
}
