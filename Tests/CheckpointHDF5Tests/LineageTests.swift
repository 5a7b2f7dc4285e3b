import AdaptiveCore
import Foundation
import Testing
import _TestSupport

@testable import CheckpointHDF5

@Suite("Who holds a run directory")
struct LineageTests {
  let run: TestRun

  init() throws { run = try TestRun() }

  private func record(_ process: HostIdentity, job: String? = nil) -> WorldRecord {
    WorldRecord(
      world: WorldNumber(3), campaign: .random(), learnerCount: 2, process: process, job: job,
      ranks: 8, started: 1_800_000_000, build: "0.1 abc", functionDigest: "00ff")
  }

  private var elsewhere: HostIdentity {
    HostIdentity(host: "other", bootID: "b", pidNamespace: "p", pid: 1, startTicks: 1)
  }

  @Test func recordsComeBack() throws {
    for job in [nil, "slurm 4711"] {
      let record = record(.current(), job: job)
      #expect(try WorldRecord(text: record.text, path: "x") == record)
    }
    var record = record(.current())
    record.rootOfShard = [1, 0]
    #expect(try WorldRecord(text: record.text, path: "x") == record)
    for roots in [[1], [0, 1, 0]] {
      record.rootOfShard = roots
      #expect(throws: CheckpointError.self) {
        _ = try WorldRecord(text: record.text, path: "x")
      }
    }
  }

  @Test func hostileNamesStayOnTheirLine() throws {
    var process = HostIdentity.current()
    process.host = "a\npid: 1\r\0é" + String(repeating: "x", count: 10_000)
    let read = try WorldRecord(text: record(process, job: "none\nx").text, path: "x")
    #expect(read.process.pid == process.pid)
    #expect(read.process.host.hasPrefix("a?pid: 1???x") && read.process.host.count == 256)
    #expect(read.job == "none?x")
  }

  @Test func everyOtherTextIsDamage() {
    let text = record(.current()).text
    for length in 0..<text.utf8.count {
      #expect(throws: CheckpointError.self) {
        _ = try WorldRecord(
          text: String(decoding: text.utf8.prefix(length), as: UTF8.self), path: "x")
      }
    }
    #expect(throws: CheckpointError.self) {
      _ = try WorldRecord(text: text + "more: 1\n", path: "x")
    }
  }

  @Test func timesAreUTC() {
    #expect(utc(0) == "1970-01-01T00:00:00Z")
    #expect(utc(951_782_400) == "2000-02-29T00:00:00Z")
    #expect(utc(1_800_000_000) == "2027-01-15T08:00:00Z")
    #expect(utc(-1) == "1969-12-31T23:59:59Z")
  }

  @Test func aProcessOfThisHostIsLookedAt() throws {
    let here = HostIdentity.current()
    #expect(!here.bootID.isEmpty && !here.pidNamespace.isEmpty && here.startTicks > 0)
    let claimant = Claimant(process: here, job: nil, previousWorld: nil)
    func judge(_ process: HostIdentity) -> Holder { claimant.judge(record(process), end: nil) }
    #expect(judge(here) == .living("its process runs"))
    guard case .dead = judge(TestRun.endedProcess) else {
      Issue.record("another process of the same number is taken for the holder")
      return
    }
    guard case .dead = claimant.judge(record(here), end: "exit code: 0") else {
      Issue.record("a written end is not believed")
      return
    }
    var moved = here
    moved.bootID = "another boot"
    #expect(judge(moved) == .unseen)
    moved = here
    moved.pidNamespace = "another container"
    #expect(judge(moved) == .unseen)
    #expect(judge(elsewhere) == .unseen)
  }

  @Test func aZombieIsDead() throws {
    var pid: pid_t = 0
    let arguments: [UnsafeMutablePointer<CChar>?] = [strdup("true"), nil]
    defer { free(arguments[0]) }
    try #require(posix_spawnp(&pid, "true", nil, nil, arguments, environ) == 0)
    defer { waitpid(pid, nil, 0) }
    func stat() -> [Substring] {
      let text = (try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8)) ?? ""
      return text.split(separator: ")").last?.split(separator: " ") ?? []
    }
    try wait(for: "the zombie") { stat().first == "Z" }
    var process = HostIdentity.current()
    process.pid = pid
    process.startTicks = try #require(UInt64(stat()[19]))
    #expect(!process.isRunning)
  }

  @Test func theScriptsWordCountsInTheSameJobOnly() {
    func judge(_ job: String?, _ previous: UInt32?) -> Holder {
      Claimant(
        process: .current(), job: job, previousWorld: previous.map { WorldNumber($0) }
      ).judge(record(elsewhere, job: "slurm 1"), end: nil)
    }
    #expect(judge("slurm 1", 3) == .dead("this job's script has seen it end"))
    #expect(judge("slurm 1", 2) == .unseen)
    #expect(judge("slurm 2", 3) == .unseen)
    #expect(judge(nil, 3) == .unseen)
  }

  @Test func aSecondWorldIsRefusedBesideALivingOne() throws {
    let (_, box) = try run.open(
      RunDirectory(run.path).claim(run.request(process: .current())) { _ in })
    for startsAfresh in [false, true] {
      do throws(CheckpointError) {
        _ = try RunDirectory(run.path).claim(run.request(startsAfresh: startsAfresh)) { _ in }
        Issue.record("was taken")
      } catch {
        #expect(error.code == .held)
        #expect(error.description.contains(HostIdentity.current().host))
        #expect(error.description.contains("since 2027-01-15T08:00:00Z"))
        #expect(error.description.contains("process \(HostIdentity.current().pid)"))
      }
    }
    box.close()
  }

  @Test func onlyTheBeatTellsOfAnotherHost() throws {
    let directory = try RunDirectory(run.path)
    let claim = try directory.claim(run.request(process: elsewhere)) { _ in }
    let beat = directory.lineage.beatPath(claim.record.world)
    var pauses = 0
    #expect(throws: CheckpointError.self) {
      _ = try directory.claim(run.request()) { _ in
        pauses += 1
        if pauses == 3 {
          try? "00000000000000000001\n".write(toFile: beat, atomically: false, encoding: .utf8)
        }
      }
    }
    #expect(pauses == 3)
    var paused: [TimeSpan] = []
    let next = try directory.claim(run.request()) { paused.append($0) }
    #expect(paused == [Limits.beatInterval, Limits.beatInterval, Limits.beatInterval])
    #expect(next.record.world == WorldNumber(2))
  }

  @Test func aLivingWorldBeats() throws {
    let claim = try run.claim()
    let (_, box) = try run.open(claim)
    let lineage = try RunDirectory(run.path).lineage
    try wait(for: "the first beat") {
      try lineage.files.exists(lineage.beatPath(claim.record.world))
    }
    box.close()
  }

  @Test func anEndIsWrittenDownAndBelieved() throws {
    let claim = try RunDirectory(run.path).claim(run.request(process: .current())) { _ in }
    try claim.recordEnd(exitCode: 75, reason: "walltime", at: 0)
    let next = try run.claim()
    #expect(next.record.world == WorldNumber(2))
    let history = try RunDirectory(run.path).lineage.history()
    #expect(history.count == 2 && history[0].contains("exit code: 75\nreason: walltime"))
  }

  @Test func oneOfTwoClaimsWins() throws {
    let lineage = try RunDirectory(run.path).lineage
    #expect(try lineage.claim(record(.current())))
    #expect(try !lineage.claim(record(.current())))
    #expect(try lineage.worlds() == [WorldNumber(3)])
    #expect(try FileSystem().names(in: lineage.folder) == ["world-0003"])
  }

  @Test func aDamagedRecordIsNoReasonToLoseTheCampaign() throws {
    var model = ModelCampaign(run.definitions)
    for round in 0..<2 {
      let (_, box) = try run.open(run.claim())
      box.record(run.steps(round: round), into: &model)
      try box.commit(elapsed: TimeSpan(seconds: 1), into: &model)
      box.close()
    }
    let path = run.path + "/worlds/world-0002"
    try "adaptive-mpi".write(toFile: path, atomically: true, encoding: .utf8)
    #expect(ModelCampaign(try run.claim().load(), run.definitions) == model)
  }

  @Test func aFolderOfAnotherUserIsRefused() throws {
    try #require(getuid() == 0, "needs root")
    try FileManager.default.createDirectory(atPath: run.path, withIntermediateDirectories: true)
    chown(run.path, 12345, 12345)
    do throws(CheckpointError) {
      _ = try RunDirectory(run.path)
      Issue.record("was taken")
    } catch {
      #expect(error.code == .untrusted)
    }
  }
}
