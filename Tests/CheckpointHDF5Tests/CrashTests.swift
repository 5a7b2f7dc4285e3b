import AdaptiveCore
import Foundation
import NodeRuntime
import Synchronization
import Testing
import _TestSupport

@testable import CheckpointHDF5

@Suite("Ended or failing at any call to the system")
struct CrashTests {
  let run: TestRun

  init() throws { run = try TestRun() }

  /// Copies the run directory before each call that changes it. Whatever the copy holds then, a
  /// crash at that moment leaves.
  private final class Camera: Sendable {
    let source: String
    let copies: TemporaryDirectory
    /// For each copy what the campaign's commits had made durable before, as rounds.
    let shots = Mutex<[(operation: String, durableRounds: Int)]>([])
    let durableRounds = Mutex(0)

    init(_ source: String) throws {
      self.source = source
      copies = try TemporaryDirectory()
    }

    func shoot(_ operation: String) {
      shots.withLock { shots in
        let rounds = durableRounds.withLock { $0 }
        let copy = copies.path("\(shots.count)")
        for folder in ["", "worlds", "shard-0000", "shard-0001"] {
          let (from, to) = ("\(source)/\(folder)", "\(copy)/\(folder)")
          try? FileManager.default.createDirectory(
            atPath: to, withIntermediateDirectories: true)
          for name in (try? FileManager.default.contentsOfDirectory(atPath: from)) ?? [] {
            // Files come and go under the copier, which takes what is there.
            let bytes = try? Data(contentsOf: URL(fileURLWithPath: "\(from)/\(name)"))
            try? bytes?.write(to: URL(fileURLWithPath: "\(to)/\(name)"))
          }
        }
        shots.append((operation, rounds))
      }
    }
  }

  /// Two worlds with a snapshot each; from every copy a world must go on with all that was
  /// acknowledged, and with nothing that never was.
  @Test func atEveryCallNothingAcknowledgedIsLost() throws {
    let camera = try Camera(run.path)
    let files = FileSystem { operation, path throws(CheckpointError) in
      if !path.hasSuffix(".beat") { camera.shoot("\(operation) \(path)") }
    }
    var model = ModelCampaign(run.definitions)
    var states = [model]
    for world in 0..<2 {
      let (_, box) = try run.open(run.claim(files))
      for round in 0..<3 {
        box.record(run.steps(round: world * 3 + round, count: 6), into: &model)
        states.append(model)
        if round == 1 { try box.snapshot(model) }
        try box.commit(elapsed: TimeSpan(seconds: 1), into: &model)
        camera.durableRounds.withLock { $0 = states.count - 1 }
      }
      box.close()
    }

    let shots = camera.shots.withLock { $0 }
    #expect(shots.count > 60)
    for (index, shot) in shots.enumerated() {
      let claim = try run.claim(at: camera.copies.path("\(index)"))
      let found = ModelCampaign(try claim.load(), run.definitions)
      // Each learner has a shard, and so a journal, of its own.
      for learner in run.definitions.indices {
        let round = states.firstIndex { $0.learners[learner] == found.learners[learner] }
        let rounds = try #require(round, "no state that ever was, before \(shot.operation)")
        #expect(rounds >= shot.durableRounds, "lost before \(shot.operation)")
      }
    }
  }

  /// Every call fails once: it is said, tried again, and nothing is lost.
  @Test func aCallThatFailsIsTriedAgain() throws {
    let calls = try countCalls()
    #expect(calls > 20)
    for failing in 0..<calls {
      let run = try TestRun(learnerCount: 1)
      let plan = FaultPlan()
      let (_, box) = try run.open(run.claim(plan.files([ENOSPC, EIO, EDQUOT][failing % 3])))
      plan.failing.withLock { $0 = failing }
      var model = ModelCampaign(run.definitions)
      try exercise(run, box, &model)
      let failed = box.events.contains { event in
        switch event {
        case .failed, .snapshotFailed: true
        case .committed, .snapshotDurable, .fenced: false
        }
      }
      #expect(failed == plan.hasFailed, "call \(failing)")
      let loaded = try run.claim().load()
      #expect(ModelCampaign(loaded, run.definitions) == model, "call \(failing)")
      #expect(loaded.report.isEmpty, "call \(failing)")
    }
  }

  /// Fails one call, counted from when it is told which.
  private final class FaultPlan: Sendable {
    let failing = Mutex<Int?>(nil)
    let calls = Mutex(0)

    var hasFailed: Bool { failing.withLock { $0 == -1 } }

    func files(_ code: Int32) -> FileSystem {
      FileSystem { [self] operation, path throws(CheckpointError) in
        calls.withLock { $0 += 1 }
        let fails = failing.withLock { left in
          guard let count = left, count >= 0 else { return false }
          left = count - 1
          return count == 0
        }
        if fails {
          throw CheckpointError(.system(code), operation: operation, path: path, detail: "planned")
        }
      }
    }
  }

  private func countCalls() throws -> Int {
    let run = try TestRun(learnerCount: 1)
    let plan = FaultPlan()
    let (_, box) = try run.open(run.claim(plan.files(EIO)))
    plan.calls.withLock { $0 = 0 }
    var model = ModelCampaign(run.definitions)
    try exercise(run, box, &model)
    return plan.calls.withLock { $0 }
  }

  private func exercise(
    _ run: TestRun, _ box: HDF5CheckpointStore.Box, _ model: inout ModelCampaign
  ) throws {
    box.record(run.steps(round: 0, count: 6), into: &model)
    try box.commit(elapsed: TimeSpan(seconds: 1), into: &model)
    try box.snapshot(model)
    box.record(run.steps(round: 1, count: 6), into: &model)
    try box.commit(elapsed: TimeSpan(seconds: 2), into: &model)
    box.close()
  }
}
