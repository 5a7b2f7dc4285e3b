import AdaptiveCore
import Foundation
import NodeRuntime
import Testing
import _TestSupport

@testable import CheckpointHDF5

/// What is found of damage, and that nothing is touched. Each fault is held against what loading
/// then really gives.
@Suite("Inspecting a run directory")
struct InspectionTests {
  let run: TestRun

  init() throws { run = try TestRun() }

  /// Two worlds: generations 1 to 3 of the first, of which two go, and 1 to 2 of the second.
  private func makeRun() throws -> ModelCampaign {
    var model = ModelCampaign(run.definitions)
    for (rounds, snapshots) in [(0..<4, [1, 2]), (4..<7, [5])] {
      let claim = try run.claim()
      let (_, box) = try run.open(claim)
      for round in rounds {
        box.record(run.steps(round: round), into: &model)
        if snapshots.contains(round) { try box.snapshot(model) }
        try box.commit(elapsed: TimeSpan(seconds: Double(round)), into: &model)
      }
      box.close()
      try claim.recordEnd(exitCode: 75, reason: "stopped", at: 1_800_000_000)
    }
    return model
  }

  private func inspect() throws -> RunInspection {
    let before = try listing()
    let inspection = try RunReader(run.path).inspect(isHeld: false) { _, _ in }
    #expect(try listing() == before)
    return inspection
  }

  private func listing() throws -> [String: Data] {
    var files: [String: Data] = [:]
    for name in try FileManager.default.subpathsOfDirectory(atPath: run.path) {
      files[name] = FileManager.default.contents(atPath: "\(run.path)/\(name)") ?? Data()
    }
    return files
  }

  private func change(_ path: String, _ body: (inout Data) -> Void) throws {
    let url = URL(fileURLWithPath: "\(run.path)/\(path)")
    var bytes = try Data(contentsOf: url)
    body(&bytes)
    try bytes.write(to: url)
  }

  private func files(_ suffix: String, shard: Int = 0) throws -> [String] {
    try FileSystem().names(in: "\(run.path)/shard-000\(shard)").filter { $0.hasSuffix(suffix) }
      .map { "shard-000\(shard)/\($0)" }
  }

  /// Results that a relaunch gives, by the loader that it uses.
  private func toldCount() throws -> Int {
    ModelCampaign(try run.claim().load(), run.definitions).learners.reduce(0) {
      $0 + $1.seconds.count
    }
  }

  private func recovered(_ inspection: RunInspection) -> (points: Int, lost: Int, more: Bool) {
    inspection.shards.reduce(into: (0, 0, false)) { sum, shard in
      guard case .success(let recovery) = shard.recovery else { return }
      sum.0 += recovery.pointCount
      sum.1 += recovery.lostCount
      sum.2 = sum.2 || recovery.losesMore
    }
  }

  private func told(_ model: ModelCampaign) -> Int {
    model.learners.reduce(0) { $0 + $1.seconds.count }
  }

  @Test func anIntactRun() throws {
    let model = try makeRun()
    let inspection = try inspect()
    #expect(!inspection.isDamaged && inspection.isLoadable)
    #expect(recovered(inspection) == (told(model), 0, false))
    for shard in inspection.shards {
      #expect(
        shard.generations.map(\.position).map(\.description) == [
          "world 1, generation 3", "world 2, generation 1", "world 2, generation 2",
        ])
      #expect(shard.generations.map(\.snapshot.state) == [.whole, .absent, .whole])
      #expect(shard.generations.allSatisfy { $0.journal.state == .whole })
    }
  }

  @Test func aDamagedNewestSnapshotLosesNothing() throws {
    let model = try makeRun()
    try change(try #require(files(".h5").last)) { $0[3000] ^= 1 }
    let inspection = try inspect()
    #expect(inspection.isDamaged && inspection.isLoadable)
    #expect(recovered(inspection) == (told(model), 0, false))
    #expect(try toldCount() == told(model))
  }

  @Test func allSnapshotsDamagedIsTheEnd() throws {
    _ = try makeRun()
    for file in try files(".h5") { try change(file) { $0[3000] ^= 1 } }
    let inspection = try inspect()
    #expect(inspection.isDamaged && !inspection.isLoadable)
  }

  @Test func aDigestThatIsGoneIsSaidAndNoDamage() throws {
    _ = try makeRun()
    for file in try files(".sha256") {
      try FileManager.default.removeItem(atPath: "\(run.path)/\(file)")
    }
    let inspection = try inspect()
    #expect(!inspection.isDamaged)
    #expect(
      inspection.shards[0].generations[0].snapshot.state == .usable("judged without a digest"))
  }

  /// With the newest snapshot gone, a hole in a journal before it hides what other journals hold.
  @Test func whatOtherFilesStillHoldIsCounted() throws {
    let model = try makeRun()
    try change(try #require(files(".h5").last)) { $0[3000] ^= 1 }
    try change("shard-0000/journal-0002-000001") { $0[$0.count - 3] ^= 1 }
    let inspection = try inspect()
    let found = recovered(inspection)
    let loaded = try toldCount()
    #expect(inspection.isDamaged && inspection.isLoadable)
    #expect(found.points == loaded && found.more)
    // The last journal still holds a round of the shard's learner; the damaged one hid the rest.
    #expect(found.lost > 0 && found.lost <= told(model) - loaded)
  }

  @Test func aTornTailIsDamageOnlyWhereNoCrashExplainsIt() throws {
    let model = try makeRun()
    try change("shard-0000/journal-0002-000002") { $0.removeLast(5) }
    var inspection = try inspect()
    #expect(inspection.isDamaged && recovered(inspection).more)
    #expect(recovered(inspection).points < told(model))
    // A world that died does not say how it ended.
    try FileManager.default.removeItem(atPath: "\(run.path)/worlds/world-0002.end")
    inspection = try inspect()
    #expect(!inspection.isDamaged)
    guard case .usable = inspection.shards[0].generations[2].journal.state else {
      Issue.record("\(inspection.shards[0].generations[2].journal)")
      return
    }
    // One that lives has not finished yet.
    let held = try RunReader(run.path).inspect(isHeld: true) { _, _ in }
    #expect(!held.isDamaged && held.shards[0].generations[2].journal.state == .whole)
  }

  @Test func oneOfTwoHeadersIsEnoughAndSaid() throws {
    let model = try makeRun()
    try change("shard-0000/journal-0002-000002") { $0[20] ^= 1 }
    let inspection = try inspect()
    #expect(inspection.isDamaged)
    #expect(recovered(inspection) == (told(model), 0, false))
    #expect(try toldCount() == told(model))
  }

  @Test(arguments: ["journal-0002-000001", "journal-0001-000003"])
  func aJournalThatIsGoneIsMissed(name: String) throws {
    _ = try makeRun()
    try FileManager.default.removeItem(atPath: "\(run.path)/shard-0001/\(name)")
    let inspection = try inspect()
    #expect(inspection.isDamaged)
    let states = inspection.shards[1].generations.map(\.journal.state)
    #expect(
      states.contains {
        if case .damaged(let text) = $0 { text.hasPrefix("missing") } else { false }
      })
  }

  @Test func aShardThatIsBehindTheOthersIsMissed() throws {
    _ = try makeRun()
    for file in try files("", shard: 1) where file.contains("-0002-") {
      try FileManager.default.removeItem(atPath: "\(run.path)/\(file)")
    }
    let inspection = try inspect()
    #expect(inspection.isDamaged)
    #expect(inspection.shards[1].missing?.description == "world 2, generation 2")
  }

  @Test func recordsAreLookedAt() throws {
    _ = try makeRun()
    try change("worlds/world-0002") { $0[40] ^= 0x20 }
    var inspection = try inspect()
    #expect(inspection.lineageDamage.count == 1 && inspection.isLoadable)
    try FileManager.default.removeItem(atPath: "\(run.path)/worlds/world-0002")
    // The next world sees from the files that there was a second.
    _ = try run.claim()
    inspection = try inspect()
    #expect(inspection.lineageDamage.contains("the record of world 2 is missing"))
  }

  /// No single flipped bit anywhere goes unnoticed, and none makes a relaunch give other results
  /// than the inspection says.
  @Test func everyFlippedBitIsNoticed() throws {
    _ = try makeRun()
    let seed = TestSeed()
    var generator = seed.generator()
    let names = try files("").filter { !$0.hasSuffix(".sha256") } + ["worlds/world-0002"]
    for _ in 0..<150 {
      let name = try #require(names.randomElement(using: &generator))
      var offset = 0
      var bit: UInt8 = 0
      try change(name) { bytes in
        offset = Int.random(in: 0..<bytes.count, using: &generator)
        bit = 1 << UInt8.random(in: 0...7, using: &generator)
        bytes[offset] ^= bit
      }
      // A record is text: some changes leave another record that is as good.
      let isNoticed = try inspect().isDamaged || name.hasPrefix("worlds")
      #expect(isNoticed, "\(seed): bit \(bit) of byte \(offset) of \(name)")
      try change(name) { $0[offset] ^= bit }
    }
    #expect(try !inspect().isDamaged, "\(seed)")
  }
}

@Suite("Inspecting one file")
struct FileInspectionTests {
  @Test func snapshotsAndJournals() throws {
    let run = try TestRun()
    var model = ModelCampaign(run.definitions)
    let (_, box) = try run.open(run.claim())
    box.record(run.steps(round: 0), into: &model)
    try box.commit(elapsed: .zero, into: &model)
    box.close()
    let folder = run.path + "/shard-0000"
    guard case .journal(let journal) = try FileInspection("\(folder)/journal-0001-000001"),
      case .snapshot(let snapshot) = try FileInspection("\(folder)/snapshot-0001-000001.h5")
    else {
      Issue.record("taken for something else")
      return
    }
    #expect(journal.finding.toldCount == model.learners[0].seconds.count)
    #expect(journal.finding.failedCount == model.learners[0].failed.count)
    #expect(journal.campaign == snapshot.campaign && snapshot.finding.state == .whole)
    let copy = run.directory.path("copy.h5")
    try FileManager.default.copyItem(atPath: "\(folder)/snapshot-0001-000001.h5", toPath: copy)
    guard case .snapshot(let copied) = try FileInspection(copy), case .usable = copied.finding.state
    else {
      Issue.record("a copy without its digest")
      return
    }
    do throws(CheckpointError) {
      _ = try FileInspection(run.directory.path("none.h5"))
      Issue.record("there is no such file")
    } catch {
      #expect(error.code == .missing)
    }
  }
}
