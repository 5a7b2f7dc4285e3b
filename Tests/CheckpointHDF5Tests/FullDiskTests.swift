import AdaptiveCore
import Foundation
import Glibc
import NodeRuntime
import Synchronization
import Testing
import _TestSupport

@testable import CheckpointHDF5

/// A disk that takes nothing for a long time: memory stays bounded, and what was told comes back
/// with the next snapshot that can be written.
@Suite("A full disk")
struct FullDiskTests {
  let run: TestRun

  init() throws { run = try TestRun() }

  /// Refuses what is written to files whose path holds one of the given words.
  private final class Disk: Sendable {
    let refused = Mutex<[String]>([])
    let code: Int32

    init(code: Int32) { self.code = code }

    var files: FileSystem {
      FileSystem { [self] operation, path throws(CheckpointError) in
        guard operation == "write" || operation == "create" else { return }
        guard refused.withLock({ $0.contains(where: path.contains) }) else { return }
        throw CheckpointError(.system(code), operation: operation, path: path, detail: "refused")
      }
    }

    func refuse(_ words: String...) { refused.withLock { $0 = words } }
  }

  private func fillBacklog(
    of box: HDF5CheckpointStore.Box, from round: Int, into model: inout ModelCampaign
  ) throws -> Int {
    var round = round
    while !box.store.needsSnapshot {
      box.record(run.steps(round: round), into: &model)
      box.beginCommit()
      round += 1
      try #require(round < 10_000, "the journals are never given up")
    }
    return round
  }

  @Test(arguments: [ENOSPC, EDQUOT, EROFS, EIO])
  func aSnapshotTakesTheJournalsPlace(code: Int32) throws {
    let disk = Disk(code: code)
    let (_, box) = try run.open(run.claim(disk.files), backlogBytesMax: 4096)
    var model = ModelCampaign(run.definitions)
    box.record(run.steps(round: 0), into: &model)
    try box.commit(elapsed: .zero, into: &model)

    disk.refuse("/journal-")
    _ = try fillBacklog(of: box, from: 1, into: &model)
    try box.snapshot(model)
    let isLeftBehind = box.store.needsSnapshot
    #expect(!isLeftBehind)
    let saved = try run.claim(at: copy("after the snapshot")).load()
    #expect(ModelCampaign(saved, run.definitions) == model)

    // Room again: the journal goes on after the snapshot.
    disk.refuse()
    box.record(run.steps(round: 20_000), into: &model)
    try box.commit(elapsed: .zero, into: &model)
    let followed = try run.claim(at: copy("after a commit")).load()
    #expect(ModelCampaign(followed, run.definitions) == model)
    box.close()
    #expect(ModelCampaign(try run.claim().load(), run.definitions) == model)
  }

  @Test func nothingIsAcknowledgedThatIsNotDurable() throws {
    let disk = Disk(code: ENOSPC)
    let (_, box) = try run.open(run.claim(disk.files), backlogBytesMax: 4096)
    var model = ModelCampaign(run.definitions)
    box.record(run.steps(round: 0), into: &model)
    try box.commit(elapsed: .zero, into: &model)
    let durable = model

    disk.refuse("/journal-", "/snapshot-")
    let round = try fillBacklog(of: box, from: 1, into: &model)
    box.store.beginSnapshot(model.saved())
    try wait(for: "the complaint about the snapshot") {
      box.takeEvents()
      return box.events.contains { if case .snapshotFailed = $0 { true } else { false } }
    }
    // Given up a second time, while the snapshot still waits.
    _ = try fillBacklog(of: box, from: round, into: &model)
    box.takeEvents()
    #expect(!box.events.contains(.committed(commits: 2)))
    let found = try run.claim(at: copy("full")).load()
    #expect(ModelCampaign(found, run.definitions) == durable)

    disk.refuse()
    try wait(for: "the snapshot that waited") {
      box.takeEvents()
      return !box.store.isWritingSnapshot
    }
    let isLeftBehind = box.store.needsSnapshot
    #expect(isLeftBehind)
    try box.snapshot(model)
    box.record(run.steps(round: 20_000), into: &model)
    try box.commit(elapsed: .zero, into: &model)
    box.close()
    #expect(ModelCampaign(try run.claim().load(), run.definitions) == model)
  }

  /// 512 MB are recorded against a bound of 1 MB. Other tests of this process leave room for doubt,
  /// but not so much.
  @Test func memoryStaysBounded() throws {
    let disk = Disk(code: ENOSPC)
    let (_, box) = try run.open(run.claim(disk.files), backlogBytesMax: 1 << 20)
    disk.refuse("/journal-", "/snapshot-")
    let bytesBefore = try residentByteCount()
    let step = JournalEntry.told(
      LearnerIndex(1), point: [0.5], value: Array(repeating: 1, count: 1024), seconds: 0,
      leaf: Rank(1))
    for count in 1...(64 << 10) {
      box.store.record(step)
      if count % 16 == 0 { box.beginCommit() }
    }
    let bytesAfter = try residentByteCount()
    #expect(bytesAfter - bytesBefore < 200 << 20, "grew by \((bytesAfter - bytesBefore) >> 20) MB")
    let isLeftBehind = box.store.needsSnapshot
    #expect(isLeftBehind)
    box.close()
  }

  /// The run directory as it is now, under another path, as a crash would leave it.
  private func copy(_ name: String) throws -> String {
    let path = run.directory.path(name)
    try FileManager.default.copyItem(atPath: run.path, toPath: path)
    return path
  }

  /// Bytes of this process in memory (proc(5), `statm`).
  private func residentByteCount() throws -> Int {
    let text = try String(contentsOfFile: "/proc/self/statm", encoding: .utf8)
    return Int(try #require(Int(text.split(separator: " ")[1]))) * Int(getpagesize())
  }
}
