import AdaptiveCore
import Foundation
import NodeRuntime
import Testing
import _TestSupport

@testable import CheckpointHDF5

@Suite("A campaign over several worlds")
struct StoreTests {
  let run: TestRun

  init() throws { run = try TestRun() }

  private var worldFolder: String { run.path + "/shard-0000" }

  private func flip(_ name: String, at offset: Int) throws {
    let url = URL(fileURLWithPath: "\(worldFolder)/\(name)")
    var bytes = try Data(contentsOf: url)
    bytes[offset < 0 ? bytes.count + offset : offset] ^= 1
    try bytes.write(to: url)
  }

  /// One world: `rounds` of steps, each committed and, if asked for, cut by a snapshot.
  private func runWorld(
    _ model: inout ModelCampaign, rounds: Range<Int>, snapshots: Set<Int> = []
  ) throws {
    let (loaded, box) = try run.open(run.claim())
    #expect(ModelCampaign(loaded, run.definitions) == model)
    #expect(loaded.report.isEmpty, "\(loaded.report)")
    for round in rounds {
      box.record(run.steps(round: round), into: &model)
      if snapshots.contains(round) { try box.snapshot(model) }
      try box.commit(elapsed: TimeSpan(seconds: Double(round)), into: &model)
    }
    box.close()
    #expect(!box.events.contains { if case .failed = $0 { true } else { false } })
  }

  private func load() throws -> LoadedCheckpoint { try run.claim().load() }

  @Test func aNewDirectoryIsEmptyAndPrivate() throws {
    let loaded = try load()
    #expect(loaded.isEmpty && loaded.report.isEmpty)
    let attributes = try FileManager.default.attributesOfItem(atPath: run.path)
    #expect(attributes[.posixPermissions] as? Int == 0o700)
  }

  @Test func journalsAlone() throws {
    var model = ModelCampaign(run.definitions)
    for world in 0..<4 { try runWorld(&model, rounds: world * 3..<world * 3 + 3) }
    #expect(ModelCampaign(try load(), run.definitions) == model)
  }

  @Test func snapshotsAndJournals() throws {
    var model = ModelCampaign(run.definitions)
    try runWorld(&model, rounds: 0..<5, snapshots: [1, 3])
    try runWorld(&model, rounds: 5..<6)
    try runWorld(&model, rounds: 6..<9, snapshots: [7])
    try runWorld(&model, rounds: 9..<9)
    #expect(ModelCampaign(try load(), run.definitions) == model)
  }

  @Test func whatIsNoLongerNeededGoes() throws {
    var model = ModelCampaign(run.definitions)
    try runWorld(&model, rounds: 0..<3, snapshots: [0, 1, 2])
    let names = try FileSystem().names(in: worldFolder)
    #expect(
      names == [
        "journal-0001-000003", "journal-0001-000004", "snapshot-0001-000003.h5",
        "snapshot-0001-000003.h5.sha256", "snapshot-0001-000004.h5",
        "snapshot-0001-000004.h5.sha256",
      ])
    try runWorld(&model, rounds: 3..<5, snapshots: [3, 4])
    #expect(
      try FileSystem().names(in: worldFolder).filter { $0.hasSuffix(".h5") } == [
        "snapshot-0002-000002.h5", "snapshot-0002-000003.h5",
      ])
  }

  @Test func aDamagedNewestSnapshotCostsNothing() throws {
    var model = ModelCampaign(run.definitions)
    try runWorld(&model, rounds: 0..<4, snapshots: [1, 2])
    try flip("snapshot-0001-000003.h5", at: 2000)
    let loaded = try load()
    #expect(ModelCampaign(loaded, run.definitions) == model)
    #expect(loaded.report.contains { $0.contains("SHA-256") })
    let names = try FileSystem().names(in: worldFolder)
    #expect(names.contains("snapshot-0001-000003.h5.damaged-1"))
  }

  @Test func theFirstSnapshotMayBeDamaged() throws {
    var model = ModelCampaign(run.definitions)
    try runWorld(&model, rounds: 0..<2)
    try flip("snapshot-0001-000001.h5", at: 2000)
    let loaded = try load()
    #expect(ModelCampaign(loaded, run.definitions) == model)
    let campaign = try loaded.campaign(run.definitions)
    #expect(campaign.learners.map(\.definition) == run.definitions)
  }

  @Test func bothSnapshotsDamagedIsAnError() throws {
    var model = ModelCampaign(run.definitions)
    try runWorld(&model, rounds: 0..<3, snapshots: [0, 1])
    try flip("snapshot-0001-000002.h5", at: 2000)
    try flip("snapshot-0001-000003.h5", at: 2000)
    for _ in 0..<2 {
      do throws(CheckpointError) {
        _ = try RunDirectory(run.path).claim(run.request()) { _ in }.load()
        Issue.record("was loaded")
      } catch {
        #expect(error.code == .allDamaged)
        #expect(error.description.contains("shard-0000"))
      }
    }
  }

  @Test func aTornTailIsReportedAndNotReadAgain() throws {
    var model = ModelCampaign(run.definitions)
    try runWorld(&model, rounds: 0..<2)
    let url = URL(fileURLWithPath: "\(worldFolder)/journal-0001-000001")
    try (Data(contentsOf: url) + Data(repeating: 7, count: 100)).write(to: url)
    let (loaded, box) = try run.open(run.claim())
    #expect(ModelCampaign(loaded, run.definitions) == model)
    #expect(loaded.report.count == 1)
    box.record(run.steps(round: 2), into: &model)
    try box.commit(elapsed: TimeSpan(seconds: 2), into: &model)
    box.close()
    let next = try load()
    #expect(ModelCampaign(next, run.definitions) == model)
    #expect(next.report.isEmpty)
  }

  @Test func whatAnOrphanGoesOnWritingCountsForNothing() throws {
    var model = ModelCampaign(run.definitions)
    let (_, orphan) = try run.open(run.claim())
    orphan.record(run.steps(round: 0), into: &model)
    try orphan.commit(elapsed: TimeSpan(seconds: 1), into: &model)

    // The next world takes over; then the orphan's files grow, as if it had not looked.
    try runWorld(&model, rounds: 1..<2)
    var journal = try JournalReader(
      FileSystem(), path: worldFolder + "/journal-0001-000001", byteCountMax: nil)
    let url = URL(fileURLWithPath: worldFolder + "/journal-0001-000001")
    var bytes = [UInt8](try Data(contentsOf: url))
    var buffer = JournalBuffer()
    buffer.append(.asked(LearnerIndex(0), point: [99]))
    for run in buffer.takeRuns() {
      JournalBlock.encode(
        run, sequence: UInt64(journal.payloads.count) + 1, seed: journal.header.blockSeed,
        into: &bytes)
    }
    try Data(bytes).write(to: url)
    journal = try JournalReader(FileSystem(), path: url.path, byteCountMax: nil)
    #expect(journal.unreadableByteCount == 0)

    var header = journal.header
    header.follows = .init(position: header.position, byteCount: bytes.count)
    header.position.generation = Generation(9)
    _ = try JournalFile(header, folder: worldFolder, FileSystem())
    try FileManager.default.copyItem(
      atPath: worldFolder + "/snapshot-0001-000001.h5",
      toPath: worldFolder + "/snapshot-0001-000009.h5")

    #expect(ModelCampaign(try load(), run.definitions) == model)

    // And the orphan itself notices.
    orphan.record(run.steps(round: 7), into: &model)
    orphan.beginCommit()
    try wait(for: "the fence") {
      orphan.takeEvents()
      return orphan.events.contains { if case .fenced = $0 { true } else { false } }
    }
    orphan.close()
  }

  @Test func startingAfreshMovesTheOldAside() throws {
    var model = ModelCampaign(run.definitions)
    try runWorld(&model, rounds: 0..<3, snapshots: [1])
    let fresh = try run.claim(startsAfresh: true)
    #expect(try fresh.load().isEmpty)
    let aside = run.path + "/aside-2027-01-15T080000Z"
    let old = try run.claim(at: aside).load()
    #expect(ModelCampaign(old, run.definitions) == model)
    let (_, box) = try run.open(run.claim())
    box.close()

    // Again within the same second: neither takes the other's place.
    _ = try run.claim(startsAfresh: true)
    #expect(ModelCampaign(try run.claim(at: aside).load(), run.definitions) == model)
    #expect(try run.claim(at: aside + "-2").load().report.isEmpty)
  }

  @Test func manyLearnersShareShards() throws {
    let run = try TestRun(learnerCount: 150)
    var model = ModelCampaign(run.definitions)
    for world in 0..<2 {
      let (loaded, box) = try run.open(run.claim())
      #expect(ModelCampaign(loaded, run.definitions) == model)
      box.record(run.steps(round: world, count: 600), into: &model)
      if world == 0 { try box.snapshot(model) }
      try box.commit(elapsed: TimeSpan(seconds: 1), into: &model)
      box.close()
    }
    #expect(ModelCampaign(try run.claim().load(), run.definitions) == model)
    #expect(try FileSystem().names(in: run.path).filter { $0.hasPrefix("shard-") }.count == 64)
  }

  @Test func symbolicLinksAndFoldersAreNotRead() throws {
    var model = ModelCampaign(run.definitions)
    try runWorld(&model, rounds: 0..<1)
    let path = worldFolder + "/journal-0001-000001"
    try FileManager.default.moveItem(atPath: path, toPath: path + "x")
    try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: path + "x")
    do throws(CheckpointError) {
      _ = try RunDirectory(run.path).claim(run.request()) { _ in }.load()
      Issue.record("was read")
    } catch {
      #expect(error.code == .untrusted)
    }
  }
}
