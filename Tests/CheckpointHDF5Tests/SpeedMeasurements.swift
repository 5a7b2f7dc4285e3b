import AdaptiveCore
import Foundation
import Learners
import NodeRuntime
import Testing
import _TestSupport

@testable import CheckpointHDF5

/// Prints how fast the checkpoint is, where `ADAPTIVE_MPI_MEASURE` is set:
///
///     ADAPTIVE_MPI_MEASURE=1 swift test -c release -Xswiftc -enable-testing \
///       --filter SpeedMeasurements
@Suite(
  "Speed", .serialized,
  .enabled(if: ProcessInfo.processInfo.environment["ADAPTIVE_MPI_MEASURE"] != nil))
struct SpeedMeasurements {
  let pointCount = 1_000_000
  let run: TestRun

  init() throws { run = try TestRun(learnerCount: 1) }

  private func measure(_ what: String, per count: Int, _ body: () throws -> Void) rethrows {
    let time = try ContinuousClock().measure(body) / .seconds(1)
    let each = time / Double(count) * 1e9
    print("\(what): \(time) s, \(each) ns each, \(Double(count) / time) a second")
  }

  @Test func checks() {
    let bytes = [UInt8](repeating: 0x5A, count: 256 << 20)
    measure("CRC32C, bytes", per: bytes.count) {
      #expect(CRC32C.checksum(bytes[...]) != 0)
    }
  }

  @Test func journal() throws {
    var model = ModelCampaign(run.definitions)
    let (_, box) = try run.open(run.claim())
    let point = PointBuffer(dimension: 1, doubles: [0.5])
    let number: [Double] = [0.5]
    let leaves = [Rank(1)]
    measure("recording points asked and told", per: pointCount) {
      for index in 0..<pointCount {
        box.store.recordAsked(LearnerIndex(0), points: point)
        box.store.recordTold(
          LearnerIndex(0), points: number.span, values: number.span, seconds: number.span,
          leaves: leaves.span)
        if index % 10_000 == 0 { box.beginCommit() }
      }
    }
    try measure("making the rest durable", per: 1) { try box.commit(elapsed: .zero, into: &model) }
    box.close()
    var entryCount = 0
    try measure("loading them from the journal", per: pointCount) {
      try run.claim().load().forEachEntry { _ in entryCount += 1 }
    }
    #expect(entryCount > 2 * pointCount)
  }

  @Test func snapshot() throws {
    var results = ResultLog(dimension: 1, valueCount: 1)
    for index in 0..<pointCount {
      let point = [Double(index)]
      results.append(point: point.span, value: point.span, seconds: 1, leaf: Rank(1))
    }
    let learner = SavedLearner(
      definition: run.definitions[0], results: results, failed: [],
      pending: PointBuffer(dimension: 1), state: LearnerSnapshot(fields: []))
    let snapshot = ShardSnapshot(
      campaign: .random(), campaignText: "", shard: 0,
      position: Position(WorldNumber(1), Generation(1)), elapsed: .zero, worlds: [],
      members: [.init(index: LearnerIndex(0), learner: learner)])
    let file = SnapshotFile(
      FileSystem(), folder: run.directory.path, position: snapshot.position)
    try measure("writing a snapshot, points", per: pointCount) { try file.write(snapshot) }
    try measure("loading it, digest included, points", per: pointCount) {
      let found = try file.read()
      #expect(found.snapshot.members[0].learner.results.count == pointCount)
    }
  }
}
