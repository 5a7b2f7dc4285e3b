import AdaptiveCore
import Foundation
import Learners
import NodeRuntime
import Testing
import _TestSupport

@testable import CheckpointHDF5

@Suite("Snapshot files")
struct SnapshotTests {
  let run: TestRun
  let position = Position(WorldNumber(2), Generation(5))

  init() throws { run = try TestRun() }

  private var file: SnapshotFile {
    SnapshotFile(FileSystem(), folder: run.directory.path, position: position)
  }

  private func snapshot(stepCount: Int) -> ShardSnapshot {
    var model = ModelCampaign(run.definitions)
    for step in run.steps(round: 1, count: stepCount) { model.apply(step) }
    model.elapsed = TimeSpan(seconds: 12.5)
    let members = model.saved().learners.enumerated().map {
      ShardSnapshot.Member(index: LearnerIndex($0.offset), learner: $0.element)
    }
    return ShardSnapshot(
      campaign: .random(), campaignText: TestRun.campaignText, shard: 0, position: position,
      elapsed: model.elapsed, worlds: ["world 1\n", "world 2\n"], members: members)
  }

  private func expectEqual(_ a: ShardSnapshot, _ b: ShardSnapshot, _ comment: Comment = "") {
    #expect(a.campaign == b.campaign, comment)
    #expect(a.campaignText == b.campaignText, comment)
    #expect(a.worlds == b.worlds && a.elapsed == b.elapsed && a.shard == b.shard, comment)
    #expect(a.members.map(\.index) == b.members.map(\.index), comment)
    for (a, b) in zip(a.members, b.members) {
      #expect(a.learner.definition == b.learner.definition, comment)
      #expect(a.learner.failed == b.learner.failed, comment)
      #expect(a.learner.pending == b.learner.pending, comment)
      #expect(a.learner.results.points == b.learner.results.points, comment)
      #expect(
        a.learner.state.fields.sorted { $0.name < $1.name }
          == b.learner.state.fields.sorted { $0.name < $1.name }, comment)
    }
  }

  @Test(arguments: [0, 1, 40, 30_000]) func whatIsWrittenIsRead(stepCount: Int) throws {
    let snapshot = snapshot(stepCount: stepCount)
    try file.write(snapshot)
    let found = try file.read()
    expectEqual(found.snapshot, snapshot)
    #expect(found.remark == nil)
  }

  @Test func everyLossComesBack() throws {
    var snapshot = snapshot(stepCount: 3)
    let losses: [Loss1D] = [
      .distance, .uniform, .absMinLog, .triangle, .resolution(min: 0.1, max: 0.2),
      .curvature(area: 1, euclid: 0.02, horizontal: 0.03),
    ]
    snapshot.members = try losses.enumerated().map { index, loss in
      var learner = snapshot.members[0].learner
      learner.definition.kind = .oneDimensional(
        try Learner1DSettings(lower: 0, upper: 1, loss: loss))
      return .init(index: LearnerIndex(index), learner: learner)
    }
    try file.write(snapshot)
    expectEqual(try file.read().snapshot, snapshot)
  }

  @Test func textsWithNULAreKeptReadable() throws {
    var snapshot = snapshot(stepCount: 8)
    snapshot.members[0].learner.failed = [
      FailedPoint(point: [1], failure: Failure(.raised, "a\0b"), attempts: 1)
    ]
    try file.write(snapshot)
    #expect(
      try file.read().snapshot.members[0].learner.failed[0].failure.text == "a\u{FFFD}b")
  }

  @Test func aChangedByteIsNoticed() throws {
    try file.write(snapshot(stepCount: 4))
    let good = try Data(contentsOf: URL(fileURLWithPath: file.path))
    for index in stride(from: 0, to: good.count, by: 7) {
      var bad = good
      bad[index] ^= 1 << (index % 8)
      try bad.write(to: URL(fileURLWithPath: file.path))
      expectDamage("byte \(index)")
    }
    for length in stride(from: 0, to: good.count, by: 97) {
      try good.prefix(length).write(to: URL(fileURLWithPath: file.path))
      expectDamage("\(length) bytes")
    }
  }

  /// The digest's line stands there twice: one right line proves the snapshot right, no line of the
  /// right form says nothing, and two wrong ones refute it.
  @Test func aDamagedDigestIsNoDamagedSnapshot() throws {
    let snapshot = snapshot(stepCount: 4)
    try file.write(snapshot)
    let url = URL(fileURLWithPath: run.directory.path(position.digestName))
    let good = try Data(contentsOf: url)
    let line = good.prefix(good.count / 2)
    #expect(line + line == good)
    for index in stride(from: 0, to: good.count, by: 5) {
      var bad = good
      bad[index] ^= 1
      try bad.write(to: url)
      let found = try file.read()
      expectEqual(found.snapshot, snapshot, "byte \(index)")
      #expect(found.remark == nil)
    }
    let other = Position(WorldNumber(2), Generation(6)).snapshotName
    let foreign = String(decoding: line, as: UTF8.self)
      .replacing(position.snapshotName, with: other)
    for bad in [Data(), Data(count: good.count), good.prefix(40), Data(foreign.utf8)] {
      try bad.write(to: url)
      let found = try file.read()
      expectEqual(found.snapshot, snapshot)
      #expect(found.remark?.contains("digest that is damaged") == true)
    }
    var wrong = line
    wrong[3] = wrong[3] == UInt8(ascii: "0") ? UInt8(ascii: "1") : UInt8(ascii: "0")
    try (wrong + wrong).write(to: url)
    expectDamage("both lines")
  }

  /// Without its digest a snapshot is judged by the checksums within: never other data, no crash.
  @Test func withoutADigestTheChecksumsWithinDecide() throws {
    let snapshot = snapshot(stepCount: 4)
    try file.write(snapshot)
    try FileManager.default.removeItem(atPath: run.directory.path(position.digestName))
    #expect(try file.read().remark?.contains("no digest") == true)
    let good = try Data(contentsOf: URL(fileURLWithPath: file.path))
    for index in stride(from: 0, to: good.count, by: 11) {
      var bad = good
      bad[index] ^= 0x40
      try bad.write(to: URL(fileURLWithPath: file.path))
      do {
        expectEqual(try file.read().snapshot, snapshot, "byte \(index) was changed unnoticed")
      } catch {
        #expect(error.code == .damaged)
      }
    }
  }

  @Test func h5pyReadsIt() throws {
    let snapshot = snapshot(stepCount: 40)
    try file.write(snapshot)
    let read = try Python.run(
      """
      import h5py, hashlib, sys
      path = sys.argv[1]
      digest, name = set(open(path + ".sha256").read().splitlines()).pop().split()
      assert digest == hashlib.sha256(open(path, "rb").read()).hexdigest()
      f = h5py.File(path, "r")
      print(f.attrs["format"].decode(), f.attrs["format_version"], f.attrs["world"],
            f.attrs["generation"], f.attrs["elapsed_seconds"])
      print(f["campaign"].asstr()[0].splitlines()[0], len(f["worlds"]))
      def checked(name, item):
          if isinstance(item, h5py.Dataset): assert item.fletcher32, name
      f.visititems(checked)
      for index, g in f["learners"].items():
          print(index, g.attrs["name"].decode(), g.attrs["kind"].decode(),
                g.attrs["bounds"].tolist(), g.attrs["seed"], g["points"].shape, g["values"].shape,
                g["leaf"].dtype, g["pending"].shape, g["failed_reasons"].asstr()[0],
                g["failed_attempts"][0], g["state/random"][:].tolist())
          assert (g["values"][:, 0] == 2 * g["points"][:, 0]).all()
      """, file.path)
    let random = "[1, -2, 9223372036854775807, -9223372036854775808]"
    #expect(
      read == """
        adaptive-mpi checkpoint 1 2 5 12.5
        name: test 2
        000000 µ=0 1d [-1.0, 2.5] 18446744073709551615 (14, 1) (14, 1) int32 (3, 1) \
        no é 10 3 \(random)
        000001 µ=1 1d [-1.0, 2.5] 18446744073709551614 (13, 1) (13, 2) int32 (4, 1) \
        no é 3 3 \(random)
        """)
  }

  private func expectDamage(_ comment: Comment) {
    do throws(CheckpointError) {
      _ = try file.read()
      Issue.record("was read: \(comment)")
    } catch {
      #expect(error.code == .damaged, comment)
      #expect(error.description.contains(file.path), comment)
    }
  }
}

extension ResultLog {
  /// All coordinates, for comparison.
  var points: [Double] { (fullSegments + [lastSegment]).flatMap(\.points) }
}
