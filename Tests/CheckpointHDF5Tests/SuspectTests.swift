import AdaptiveCore
import Foundation
import Testing
import _TestSupport

@testable import CheckpointHDF5

/// How often each pending point was pending when a world died.
@Suite struct SuspectTests {
  private let run: TestRun

  init() throws { run = try TestRun() }

  /// A world that has begun to write.
  private func begun() throws -> WorldClaim {
    let claim = try run.claim()
    try run.open(claim).1.close()
    return claim
  }

  private func pending(_ first: [Double], _ second: [Double] = []) -> [PointBuffer] {
    [PointBuffer(dimension: 1, doubles: first), PointBuffer(dimension: 1, doubles: second)]
  }

  private func counts(_ suspects: [Suspect]) -> [[Double]] {
    suspects.map { [Double($0.learner.position), $0.point[0], Double($0.deathCount)] }
  }

  @Test func deathsAreCountedFromWorldToWorld() throws {
    let first = try begun()
    #expect(try first.suspects(among: pending([1])).isEmpty)
    #expect(try !first.followsDeath())

    // The first died.
    let second = try begun()
    var suspects = try second.suspects(among: pending([0.1, -0.0], [0.1]))
    #expect(counts(suspects) == [[0, 0.1, 1], [0, -0.0, 1], [1, 0.1, 1]])
    try second.record(suspects)

    // The second, too, after one of them was told and another was asked.
    let third = try begun()
    #expect(try third.followsDeath())
    suspects = try third.suspects(among: pending([-0.0, 7], [0.1]))
    #expect(counts(suspects) == [[0, -0.0, 2], [0, 7, 1], [1, 0.1, 2]])
    try third.record(suspects)
    try third.recordEnd(exitCode: 75, reason: "stopped", at: 1)

    // The third ended in order: what is still pending keeps its count, 0 is not -0.
    let fourth = try begun()
    #expect(try !fourth.followsDeath())
    suspects = try fourth.suspects(among: pending([-0.0, 0, 8], [0.1]))
    #expect(counts(suspects) == [[0, -0.0, 2], [1, 0.1, 2]])
    #expect(suspects.first?.point[0].sign == .minus)
    try fourth.record(suspects)
    try fourth.recordEnd(exitCode: 75, reason: WorldEnd.endedByLauncher, at: 2)

    // Its launcher ended the fourth, perhaps because a rank had died.
    suspects = try begun().suspects(among: pending([-0.0, 8]))
    #expect(counts(suspects) == [[0, -0.0, 3], [0, 8, 1]])
  }

  @Test func damageIsNeverTakenForAList() throws {
    let list = SuspectList([
      Suspect(
        learner: LearnerIndex(3), point: [0.1, -2e300, .leastNonzeroMagnitude], deathCount: 2),
      Suspect(learner: LearnerIndex(0), point: [1], deathCount: 1),
    ])
    #expect(SuspectList(text: list.text) == list)
    let bytes = Array(list.text.utf8)
    for length in bytes.indices {
      #expect(SuspectList(text: String(decoding: bytes[..<length], as: UTF8.self)) == nil)
    }
    let seed = TestSeed()
    var generator = seed.generator()
    for _ in 0..<2000 {
      var damaged = bytes
      let place = Int.random(in: bytes.indices, using: &generator)
      damaged[place] ^= UInt8(1) << Int.random(in: 0..<8, using: &generator)
      #expect(SuspectList(text: String(decoding: damaged, as: UTF8.self)) == nil, "\(seed)")
    }

    let first = try begun()
    try first.record(list.suspects)
    let path = "\(run.path)/worlds/world-0001.suspects"
    try Data(list.text.utf8.dropLast(3)).write(to: URL(fileURLWithPath: path))
    // Counting begins anew.
    let suspects = try run.claim().suspects(among: pending([1]))
    #expect(counts(suspects) == [[0, 1, 1]])
  }
}
