import AdaptiveCore
import Foundation
import NodeRuntime
import Synchronization
import Testing
import _TestSupport

@testable import CheckpointHDF5

@Suite("What is missing or unreadable is not taken for empty or damaged")
struct MissingFileTests {
  let run: TestRun

  init() throws { run = try TestRun() }

  /// Two worlds; the first without a snapshot but its first, the second with two.
  private func runWorlds() throws -> ModelCampaign {
    var model = ModelCampaign(run.definitions)
    for world in 0..<2 {
      let (_, box) = try run.open(run.claim())
      for round in 0..<3 {
        box.record(run.steps(round: 10 * world + round), into: &model)
        if world == 1, round < 2 { try box.snapshot(model) }
        try box.commit(elapsed: TimeSpan(seconds: 1), into: &model)
      }
      box.close()
    }
    return model
  }

  private func remove(_ names: String...) throws {
    for name in names { try FileManager.default.removeItem(atPath: "\(run.path)/\(name)") }
  }

  private func load() throws -> LoadedCheckpoint { try run.claim().load() }

  private func thrown(_ body: () throws -> Void) -> CheckpointError? {
    do {
      try body()
      return nil
    } catch {
      return error as? CheckpointError
    }
  }

  @Test(arguments: [["shard-0001"], ["shard-0000", "shard-0001"]])
  func aShardThatIsGoneIsNotNew(shards: [String]) throws {
    _ = try runWorlds()
    for shard in shards { try remove(shard) }
    for _ in 0..<2 {
      let error = try #require(thrown { _ = try load() })
      #expect(error.code == .allDamaged)
      #expect(error.description.contains("missing") && error.description.contains("--fresh"))
    }
  }

  @Test func aShardWithoutItsNewestFilesGoesBackAndSaysSo() throws {
    _ = try runWorlds()
    for name in try FileSystem().names(in: run.path + "/shard-0001") where name.contains("-0002-") {
      try remove("shard-0001/\(name)")
    }
    let error = thrown { _ = try load() }
    #expect(error?.code == .allDamaged)

    let other = try TestRun()
    var model = ModelCampaign(other.definitions)
    for world in 0..<2 {
      let (_, box) = try other.open(other.claim())
      box.record(other.steps(round: world), into: &model)
      try box.commit(elapsed: TimeSpan(seconds: 1), into: &model)
      box.close()
    }
    try FileManager.default.removeItem(atPath: other.path + "/shard-0001/journal-0002-000001")
    let loaded = try other.claim().load()
    #expect(loaded.report.contains { $0.contains("files of world 2 are missing") })
  }

  /// The journal in the middle is what the later one goes on from.
  @Test func afterAMissingJournalNothingCounts() throws {
    _ = try runWorlds()
    try remove(
      "shard-0000/snapshot-0002-000003.h5", "shard-0000/snapshot-0002-000003.h5.sha256",
      "shard-0000/journal-0002-000002")
    let loaded = try load()
    var model = ModelCampaign(run.definitions)
    for round in [0, 1, 2, 10] {
      for step in run.steps(round: round) { model.apply(step) }
    }
    #expect(ModelCampaign(loaded, run.definitions).learners[0] == model.learners[0])
    #expect(loaded.report.contains { $0.contains("rest is lost") })
    let names = try FileSystem().names(in: run.path + "/shard-0000")
    #expect(names.contains("journal-0002-000003.stranded-1"))
  }

  /// Every look at every name fails once: the error is passed on, nothing is set aside, and the
  /// next world finds all.
  @Test(arguments: [EACCES, EIO, ESTALE]) func whatCannotBeReadIsNotDamaged(code: Int32) throws {
    let model = try runWorlds()
    let looks = Mutex(0)
    var files = FileSystem()
    files.willLook = { _ in looks.withLock { $0 += 1 } }
    _ = try run.claim(files).load()
    let lookCount = looks.withLock { $0 }
    #expect(lookCount > 20)
    let before = DamagedRun.files(of: run.path).filter { $0.hasPrefix("shard") }
    for failing in 0..<lookCount {
      looks.withLock { $0 = 0 }
      files.willLook = { path throws(CheckpointError) in
        let look = looks.withLock { count in
          count += 1
          return count - 1
        }
        if look == failing { throw CheckpointError(.system(code), operation: "look", path: path) }
      }
      let error = thrown { _ = try run.claim(files).load() }
      #expect(error?.code == .system(code), "look \(failing)")
      #expect(DamagedRun.files(of: run.path).filter { $0.hasPrefix("shard") } == before)
    }
    let loaded = try load()
    #expect(ModelCampaign(loaded, run.definitions) == model)
    #expect(loaded.report.isEmpty)
  }

  /// A file in the place of a shard's folder is no reason to take the shard for empty.
  @Test func aFileInAShardsPlaceIsNotAnEmptyShard() throws {
    let model = try runWorlds()
    let shard = run.path + "/shard-0001"
    try FileManager.default.moveItem(atPath: shard, toPath: shard + "-away")
    try "".write(toFile: shard, atomically: true, encoding: .utf8)
    #expect(thrown { _ = try load() }?.code == .system(ENOTDIR))
    try remove("shard-0001")
    try FileManager.default.moveItem(atPath: shard + "-away", toPath: shard)
    #expect(ModelCampaign(try load(), run.definitions) == model)
  }

  @Test func eachFlippedBitOfARecordIsNoticed() throws {
    let record = try run.claim().record
    let good = Array(record.text.utf8)
    for index in good.indices {
      var bad = good
      bad[index] ^= 1 << (index % 8)
      let text = String(decoding: bad, as: UTF8.self)
      #expect(thrown { _ = try WorldRecord(text: text, path: "x") }?.code == .damaged)
    }
  }

  @Test(arguments: [["world-0001"], ["world-0002"], ["world-0001", "world-0002"]])
  func withoutRecordsFilesSayWhoseTheyAre(records: [String]) throws {
    let model = try runWorlds()
    let campaign = try RunDirectory(run.path).lineage.record(WorldNumber(1)).campaign
    for record in records { try remove("worlds/\(record)") }
    let claim = try run.claim()
    #expect(claim.record.campaign == campaign)
    #expect(claim.record.world == WorldNumber(3))
    #expect(ModelCampaign(try claim.load(), run.definitions) == model)
  }

  /// A world that ended before it began leaves a record of a campaign that has no files.
  @Test func aRecordOfAWorldThatNeverBeganIsNoMeasure() throws {
    _ = try run.claim()
    let model = try runWorlds()
    try "damaged".write(
      toFile: run.path + "/worlds/world-0002", atomically: true, encoding: .utf8)
    try "damaged".write(
      toFile: run.path + "/worlds/world-0003", atomically: true, encoding: .utf8)
    let loaded = try load()
    #expect(ModelCampaign(loaded, run.definitions) == model)
    #expect(loaded.report.isEmpty)
  }

  @Test func anotherNumberOfLearnersDoesNotAdoptThem() throws {
    _ = try runWorlds()
    try remove("worlds/world-0001", "worlds/world-0002")
    var request = run.request()
    request.learnerCount = 3
    let error = thrown { _ = try RunDirectory(run.path).claim(request) { _ in } }
    #expect(error?.code == .allDamaged)
    #expect(error?.description.contains("2 shards") == true)
  }

  /// A snapshot that lacks a learner is damaged, whatever its digest says; the one before serves.
  @Test func aSnapshotWithoutAllItsLearnersDoesNotServe() throws {
    let model = try runWorlds()
    let folder = run.path + "/shard-0001"
    let position = Position(WorldNumber(2), Generation(3))
    let file = SnapshotFile(FileSystem(), folder: folder, position: position)
    var snapshot = try file.read().snapshot
    snapshot.members = []
    try file.write(snapshot)
    let loaded = try load()
    #expect(ModelCampaign(loaded, run.definitions) == model)
    #expect(loaded.report.contains { $0.contains("0 learners") })
  }

  @Test func aNewerSnapshotFormatIsNoDamage() throws {
    _ = try runWorlds()
    let path = run.path + "/shard-0000/snapshot-0002-000003.h5"
    _ = try Python.run(
      """
      import h5py, hashlib, sys
      with h5py.File(sys.argv[1], "r+") as f: f.attrs.modify("format_version", 3)
      """, path)
    try remove("shard-0000/snapshot-0002-000003.h5.sha256")
    #expect(thrown { _ = try load() }?.code == .newerFormat)
    #expect(FileManager.default.fileExists(atPath: path))
  }
}
