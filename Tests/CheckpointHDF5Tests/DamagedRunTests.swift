import AdaptiveCore
import Crypto
import Foundation
import Learners
import NodeRuntime
import Testing
import _TestSupport

@testable import CheckpointHDF5

/// Every file of run directories damaged in every way, alone and in pairs, and loaded: what comes
/// must be what a reader in Python says is left. `ADAPTIVE_MPI_DAMAGES` says how many, 2,400 by
/// default.
@Suite("Damaged run directories", .serialized)
struct DamagedRunTests {
  /// A campaign on disk, with all that its learners ever knew at the end of a commit.
  private final class Original {
    let run: TestRun
    let campaign: CampaignID
    /// For each learner the summaries of its states, oldest first.
    private(set) var states: [[String]]

    /// - Parameter worlds: for each world its rounds; true cuts a snapshot.
    init(learnerCount: Int, worlds: [[Bool]]) throws {
      run = try TestRun(learnerCount: learnerCount)
      var model = ModelCampaign(run.definitions)
      states = run.definitions.map { _ in [ModelCampaign.Learner().summary(valueCount: 1)] }
      var id: CampaignID?
      for (world, rounds) in worlds.enumerated() {
        let claim = try run.claim()
        id = claim.record.campaign
        let (_, box) = try run.open(claim)
        for (round, cuts) in rounds.enumerated() {
          box.record(run.steps(round: world * 100 + round, count: 9), into: &model)
          try box.commit(elapsed: TimeSpan(seconds: 1), into: &model)
          if cuts { try box.snapshot(model) }
          for learner in states.indices {
            states[learner].append(
              model.learners[learner].summary(valueCount: run.definitions[learner].valueCount))
          }
        }
        box.close()
        if world % 2 == 0 { try claim.recordEnd(exitCode: 75, reason: "walltime", at: 0) }
      }
      campaign = id!
    }
  }

  private let originals: [Original]
  private let foreign: Original
  private let folder: TemporaryDirectory
  private let seed = TestSeed()

  private var count: Int {
    ProcessInfo.processInfo.environment["ADAPTIVE_MPI_DAMAGES"].flatMap { Int($0) } ?? 2400
  }

  init() throws {
    folder = try TemporaryDirectory()
    originals = [
      try Original(
        learnerCount: 2, worlds: [[false, true, true], [false], [true, false, true, false]]),
      try Original(learnerCount: 2, worlds: [[true, true], [false, false], [false, false]]),
      try Original(learnerCount: 2, worlds: [[false, false, false]]),
    ]
    foreign = try Original(
      learnerCount: 2, worlds: [[false, true, true], [false], [true, false, true, false]])
  }

  private func damagedRun(_ index: Int, _ original: Original) throws -> DamagedRun {
    var generator = seed.generator(stream: UInt64(index))
    var run = try DamagedRun(copying: original.run.path, to: folder.path("\(index)"))
    let files = DamagedRun.files(of: run.path)
    while run.story.isEmpty {
      for _ in 0..<(index.isMultiple(of: 3) ? 1 : 2) {
        // Every third one is about records and digests; the rest is about what they stand for.
        let file = (index % 3 == 1 ? files : files.filter { !$0.hasPrefix("worlds") })
          .randomElement(using: &generator)!
        guard FileManager.default.fileExists(atPath: "\(run.path)/\(file)") else { continue }
        try run.apply(
          Damage.allCases.randomElement(using: &generator)!, to: file,
          foreign: foreign.run.path, &generator)
      }
    }
    return run
  }

  /// What the script says of each directory: for each learner a summary or "nothing".
  private func survivors(_ runs: [(run: DamagedRun, original: Original)]) throws -> [[String]] {
    let script = Programs.repository
      .appendingPathComponent("Tests/CheckpointHDF5Tests/Scripts/surviving.py").path
    let list = try folder.write(
      runs.map { "\($0.run.path)\t\($0.original.campaign.hexadecimal)\n" }.joined(), to: "list")
    let reader = try RunningProcess([
      "sh", "-c", "exec \"$0\" \"$1\" 2 < \"$2\"", try Python.interpreter.get(), script, list,
    ])
    let outcome = reader.finish(within: 600)
    try #require(outcome.exitCode == 0, "\(outcome)")
    return outcome.standardOutput.split(separator: "\n").map {
      $0.split(separator: " ").map(String.init)
    }
  }

  @Test func whatIsLoadedIsWhatIsLeft() throws {
    let runs = try (0..<count).map { index in
      let original = originals[index % originals.count]
      return (run: try damagedRun(index, original), original: original)
    }
    let expected = try survivors(runs)
    try #require(expected.count == count)
    var complete = 0
    var lost = 0
    for (index, (run, original)) in runs.enumerated() {
      let comment: Comment = "\(seed) \(index): \(run.story)"
      let summaries = expected[index]
      let found = try load(run, original, comment)
      #expect(found?.summaries ?? ["nothing"] == (found == nil ? ["nothing"] : summaries), comment)
      #expect((found == nil) == summaries.contains("nothing"), comment)
      #expect(run.keepsWhatWasFound(), "not kept: \(comment)")
      guard let found else {
        lost += 1
        continue
      }
      let isComplete = zip(found.summaries, original.states).allSatisfy { $0 == $1.last }
      complete += isComplete ? 1 : 0
      for (summary, states) in zip(found.summaries, original.states) {
        #expect(states.contains(summary), "no state that ever was: \(comment)")
      }
      #expect(
        isComplete || !found.report.isEmpty || run.damages.contains(where: \.canLookWhole),
        "nothing was said: \(comment)")
      if index.isMultiple(of: 25) { try goOn(run, original, comment) }
    }
    print("\(count) damaged run directories: \(complete) lost nothing, \(lost) could not be read")
  }

  private func load(
    _ run: DamagedRun, _ original: Original, _ comment: Comment
  ) throws -> (summaries: [String], report: [String])? {
    do {
      let claim = try original.run.claim(at: run.path)
      #expect(claim.record.campaign == original.campaign, comment)
      let loaded = try claim.load()
      let model = ModelCampaign(loaded, original.run.definitions)
      return (summaries(model), loaded.report)
    } catch let error as CheckpointError {
      #expect(error.code == .allDamaged, "\(error): \(comment)")
      #expect(error.description.contains("--fresh"), comment)
      return nil
    }
  }

  private func summaries(_ model: ModelCampaign) -> [String] {
    zip(model.learners, model.definitions).map { $0.summary(valueCount: $1.valueCount) }
  }

  /// The next world goes on, and what was damaged outlives two snapshots.
  private func goOn(_ run: DamagedRun, _ original: Original, _ comment: Comment) throws {
    let (loaded, box) = try original.run.open(original.run.claim(at: run.path))
    var model = ModelCampaign(loaded, original.run.definitions)
    for round in 900..<902 {
      box.record(original.run.steps(round: round), into: &model)
      try box.snapshot(model)
      try box.commit(elapsed: TimeSpan(seconds: 9), into: &model)
    }
    box.close()
    let next = try original.run.claim(at: run.path).load()
    #expect(ModelCampaign(next, original.run.definitions) == model, comment)
    #expect(next.report.isEmpty, "\(next.report) \(comment)")
  }
}

extension ModelCampaign.Learner {
  /// The same as the script's.
  func summary(valueCount: Int) -> String {
    var bytes: [UInt8] = []
    bytes.append(littleEndian: UInt64(seconds.count))
    for index in seconds.indices {
      bytes.append(littleEndian: points[index])
      for value in values[index * valueCount..<(index + 1) * valueCount] {
        bytes.append(littleEndian: value)
      }
      bytes.append(littleEndian: seconds[index])
      bytes.append(littleEndian: leaves[index])
    }
    bytes.append(littleEndian: UInt64(failed.count))
    for failure in failed {
      for coordinate in failure.point { bytes.append(littleEndian: coordinate) }
      bytes.append(littleEndian: failure.attempts)
      bytes.append(failure.failure.kind.rawValue)
      bytes += failure.failure.text.utf8
    }
    for coordinate in pending { bytes.append(littleEndian: coordinate) }
    return "\(seconds.count)/\(pending.count)/\(failed.count)/"
      + hexadecimal(SHA256.hash(data: bytes))
  }
}
