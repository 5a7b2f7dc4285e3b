import AdaptiveCore
import Testing

@testable import Learners

/// Saved states that do not fit are refused with a reason; none stops the process.
@Suite struct LearnerRestoringTests {
  private struct Parts {
    var results = ResultLog(dimension: 1, valueCount: 1)
    var failed = PointBuffer(dimension: 1)
    var pending = PointBuffer(dimension: 1)
    var snapshot = LearnerSnapshot(fields: [])

    mutating func add(_ x: Double, _ y: Double) {
      results.append(point: [x].span, value: [y].span, seconds: 0, leaf: Rank(0))
    }

    func restored() throws -> Learner1D {
      try Learner1D(
        restoring: try Learner1DSettings(lower: -1, upper: 1), valueCount: 1, results: results,
        failed: failed, pending: pending, snapshot: snapshot)
    }
  }

  private func sound() throws -> Parts {
    var parts = Parts()
    var learner = Learner1D(try Learner1DSettings(lower: -1, upper: 1), valueCount: 1)
    for _ in 0..<10 {
      for x in learner.ask(1).points {
        learner.tell(x, x * x)
        parts.add(x, x * x)
      }
    }
    _ = learner.ask(3)
    parts.pending = learner.pendingPoints()
    parts.snapshot = learner.snapshot()
    return parts
  }

  private func refused(_ change: (inout Parts) -> Void) throws -> String {
    var parts = try sound()
    change(&parts)
    let error = #expect(throws: LearnerError.self) { try parts.restored() }
    #expect(error?.code == .badSnapshot)
    return error?.detail ?? ""
  }

  @Test func soundPartsAreTaken() throws {
    #expect(try sound().restored().pointCount == 10)
  }

  @Test func whatDoesNotFitIsRefused() throws {
    #expect(try refused { $0.add(0.3, 1) }.contains("10 losses"))
    #expect(try refused { $0.snapshot.fields.removeAll() }.contains("missing"))
    #expect(try refused { $0.snapshot.fields[1].content = .doubles([]) }.contains("range"))
    #expect(try refused { $0.snapshot.fields[1].content = .doubles([.nan]) }.contains("range"))
    #expect(try refused { $0.snapshot.fields[0].content = .integers([1]) }.contains("integers"))
    #expect(try refused { $0.pending.append(0) }.contains("known"))
    #expect(try refused { $0.pending.append($0.pending.doubles[0]) }.contains("pending already"))
    #expect(try refused { $0.failed.append($0.pending.doubles[0]) }.contains("failed"))
    #expect(try refused { $0.pending = PointBuffer(dimension: 2) }.contains("pending points 2"))
    #expect(try refused { $0.results = ResultLog(dimension: 1, valueCount: 3) }.contains("3"))
  }

  @Test(arguments: 1...200) func anyNumbersAreSurvived(seed: UInt64) throws {
    var random = RandomSource(seed: seed)
    func any() -> Double {
      [.nan, .infinity, -.infinity, -0.0, 0, 1, -1, 1e308, -1e-308, 2 * random.nextUnit() - 1]
        .randomElement(using: &random)!
    }
    var parts = Parts()
    let count = Int(random.next() % 30)
    for _ in 0..<count { parts.add(any(), any()) }
    for _ in 0..<(random.next() % 4) { parts.failed.append(any()) }
    for _ in 0..<(random.next() % 4) { parts.pending.append(any()) }
    let known = Set(parts.results.lastSegment.points.map { ($0 + 0).bitPattern }).count
    parts.snapshot = LearnerSnapshot(fields: [
      .init("losses", .doubles((0..<known).map { _ in any() })),
      .init("range_of_losses", .doubles([any()])),
    ])
    guard var learner = try? parts.restored() else { return }
    for _ in 0..<40 {
      for x in learner.ask(3).points {
        #expect(x >= -1 && x <= 1, "seed \(seed)")
        learner.tell(x, any())
      }
      learner.tell(any(), any())
      learner.tellPending(any())
      learner.tellFailed(any())
    }
  }

  @Test func settingsAreChecked() throws {
    for (lower, upper) in [(1.0, 1.0), (2, 1), (.nan, 1), (0, .infinity), (-1e308, 1e308)] {
      #expect(throws: LearnerError.self) { try Learner1DSettings(lower: lower, upper: upper) }
    }
  }
}
