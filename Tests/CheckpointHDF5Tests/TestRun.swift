import AdaptiveCore
import Foundation
import Learners
import NodeRuntime
import _TestSupport

@testable import CheckpointHDF5

/// A run directory and the campaign that is written to it.
struct TestRun {
  let directory: TemporaryDirectory
  let definitions: [LearnerDefinition]

  static let campaignText = "name: test\nseed: 1\n# Grüße\n"

  init(learnerCount: Int = 2) throws {
    directory = try TemporaryDirectory()
    definitions = try (0..<learnerCount).map { index in
      LearnerDefinition(
        name: "µ=\(index)",
        kind: .oneDimensional(
          try Learner1DSettings(lower: -1, upper: 2.5, loss: .resolution(min: 0.01, max: 0.5))),
        parameters: [.init(name: "mu", value: Double(index) / 3)], valueCount: 1 + index % 2,
        seed: .max - UInt64(index))
    }
  }

  var path: String { directory.path("run") }

  /// A process of this host that has ended.
  static var endedProcess: HostIdentity {
    var process = HostIdentity.current()
    process.startTicks += 1
    return process
  }

  func request(
    process: HostIdentity = endedProcess, startsAfresh: Bool = false
  ) -> ClaimRequest {
    ClaimRequest(
      claimant: Claimant(process: process, job: nil, previousWorld: nil),
      learnerCount: definitions.count, ranks: 4, now: 1_800_000_000, build: "test",
      functionDigest: "0123", startsAfresh: startsAfresh)
  }

  /// Takes the directory; worlds before count as dead.
  func claim(
    at path: String? = nil, _ files: FileSystem = FileSystem(), startsAfresh: Bool = false,
    rootOfShard: [Int] = []
  ) throws -> WorldClaim {
    var request = request(startsAfresh: startsAfresh)
    request.rootOfShard = rootOfShard
    return try RunDirectory(path ?? self.path, files: files).claim(request) { _ in }
  }

  func open(
    _ claim: WorldClaim, backlogBytesMax: Int = Limits.journalBacklogBytesMax
  ) throws -> (LoadedCheckpoint, HDF5CheckpointStore.Box) {
    let loaded = try claim.load()
    let store = try claim.openStore(
      continuing: loaded, initial: ModelCampaign(definitions).saved(),
      campaignText: Self.campaignText,
      bounds: .init(
        rewriteInterval: TimeSpan.milliseconds(10), backlogBytesMax: backlogBytesMax))
    return (loaded, HDF5CheckpointStore.Box(store))
  }

  /// Some steps of every kind, different for each `round`.
  func steps(round: Int, count: Int = 20) -> [JournalEntry] {
    var steps: [JournalEntry] = []
    for index in 0..<count {
      let learner = index % definitions.count
      let x = Double(round) + Double(index) / 1000
      steps.append(.asked(LearnerIndex(learner), point: [x]))
      if index % 7 == 3 {
        steps.append(
          .failed(
            LearnerIndex(learner),
            FailedPoint(point: [x], failure: Failure(.raised, "no é \(index)"), attempts: 3)))
      } else if index % 5 != 4 {
        steps.append(
          .told(
            LearnerIndex(learner), point: [x],
            value: (0..<definitions[learner].valueCount).map { x * Double($0 + 2) },
            seconds: 0.25, leaf: Rank(index)))
      }
    }
    return steps
  }
}

extension HDF5CheckpointStore {
  /// A store that tests can hand about, with the campaign as it was recorded.
  final class Box {
    var store: HDF5CheckpointStore

    /// Everything that the store said so far.
    private(set) var events: [CheckpointEvent] = []

    private var commits: UInt64 = 0

    init(_ store: consuming HDF5CheckpointStore) { self.store = store }

    func record(_ steps: [JournalEntry], into model: inout ModelCampaign) {
      for step in steps {
        store.record(step)
        model.apply(step)
      }
    }

    func commit(elapsed: TimeSpan, into model: inout ModelCampaign) throws {
      store.commit(elapsed: elapsed)
      model.apply(.elapsed(elapsed))
      commits += 1
      let expected = CheckpointEvent.committed(commits: commits)
      try wait(for: "a commit") {
        takeEvents()
        return events.contains(expected)
      }
    }

    func snapshot(_ model: ModelCampaign) throws {
      store.beginSnapshot(model.saved())
      try wait(for: "a snapshot") {
        takeEvents()
        return !store.isWritingSnapshot
      }
    }

    /// Commits without waiting.
    func beginCommit() {
      store.commit(elapsed: .zero)
      commits += 1
    }

    func takeEvents() {
      while let event = store.poll() { events.append(event) }
    }

    func close() {
      store.close()
      takeEvents()
    }
  }
}
