import Foundation
import Glibc
import Testing
import _TestSupport

extension EndToEndTests {
  /// `status.json` and `status`, while a world runs and after it ended, one way or another.
  @Suite(.serialized) struct StatusTests {
    /// What Python's parser makes of a status.
    private struct Seen: Decodable {
      struct Points: Decodable { let total: Int }
      struct End: Decodable {
        let exitCode: Int
        let reason: String
      }
      struct Learner: Decodable {
        let name: String
        let points: Int
        let shareOfGoal: Double?
      }
      struct World: Decodable {
        let number: Int
        let host: String
        let pid: Int
      }
      struct Observed: Decodable {
        let source: String
        let fate: String
        let stale: Bool
        let worldEnd: End?
        let remarks: [String]
      }
      let state: String
      let world: World
      let points: Points
      let learners: [Learner]
      let shareOfGoal: Double?
      let end: End?
      let observed: Observed?
    }

    /// Through Python, so that nothing passes that only our reader takes.
    private func parse(_ text: String) throws -> Seen {
      let folder = try TemporaryDirectory()
      let strict = """
        import json, sys
        def refuse(name): raise ValueError(name)
        print(json.dumps(json.load(open(sys.argv[1]), parse_constant=refuse)))
        """
      let normal = try Python.run(strict, try folder.write(text, to: "status.json"))
      let decoder = JSONDecoder()
      decoder.keyDecodingStrategy = .convertFromSnakeCase
      return try decoder.decode(Seen.self, from: Data(normal.utf8))
    }

    private func file(_ campaign: CampaignFolder) throws -> Seen {
      try parse(campaign.folder.read("run/status.json"))
    }

    private func observed(_ campaign: CampaignFolder, isHeld: Bool = false) throws -> Seen {
      let outcome = try campaign.look("status", ["--json"], isHeld: isHeld)
      #expect(outcome.exitCode == 0, "\(outcome)")
      return try parse(outcome.standardOutput)
    }

    private func pointsSaved(_ campaign: CampaignFolder) throws -> Int {
      try campaign.contents().told.reduce(0) { $0 + $1.count }
    }

    @Test(arguments: [1, 4])
    func whileAWorldRunsAndAfterItReachedItsGoal(ranks: Int) throws {
      let campaign = try CampaignFolder.recorder(seconds: 0.02, goal: 300)
      let world = try campaign.start(ranks: ranks)
      try wait(for: "points in the status", seconds: 60) {
        let text = campaign.folder.read("run/status.json")
        return text.isEmpty ? false : try parse(text).points.total > 0
      }
      let running = try observed(campaign, isHeld: true)
      #expect(running.state == "running" && running.observed?.fate == "living")
      #expect(running.observed?.source == "status.json" && running.observed?.stale == false)
      #expect(running.world.number == 1)
      #expect(running.world.host == ProcessInfo.processInfo.hostName)
      #expect(running.end == nil)
      let table = try campaign.look("status", isHeld: true)
      #expect(table.standardOutput.contains("1, running"), "\(table)")
      #expect(table.standardOutput.contains("a=0.3"), "\(table)")

      let outcome = world.finish(within: 60)
      #expect(outcome.exitCode == 0, "\(outcome)")
      campaign.expectNothingLeft(of: world)
      let ended = try file(campaign)
      #expect(ended.state == "ended" && ended.end?.exitCode == 0)
      #expect(ended.end?.reason == "goal reached")
      #expect(try ended.points.total == pointsSaved(campaign))
      #expect(ended.shareOfGoal == 1)
      #expect(ended.learners.map(\.name) == ["a=0.1", "a=0.3"])
      let after = try observed(campaign)
      #expect(after.observed?.fate == "ended" && after.observed?.stale == false)
      #expect(after.observed?.worldEnd?.reason == "goal reached")

      // By the campaign file, too.
      let byFile = try campaign.look("status", at: "campaign.yaml")
      #expect(byFile.exitCode == 0 && byFile.standardOutput.contains("goal reached"), "\(byFile)")
      #expect(byFile.standardOutput.contains("100 %"), "\(byFile)")
    }

    @Test func aStoppedWorld() throws {
      let campaign = try CampaignFolder.recorder(seconds: 0.02, goal: 100_000)
      let world = try campaign.start(ranks: 3)
      try waitForEvaluations(20, in: campaign)
      world.send(signal: SIGUSR1)
      #expect(world.finish(within: 30).exitCode == 75)
      let seen = try observed(campaign)
      #expect(seen.end?.exitCode == 75 && seen.observed?.worldEnd?.exitCode == 75)
      #expect(seen.observed?.worldEnd?.reason.contains("signal") == true)
      #expect(try seen.points.total == pointsSaved(campaign))
    }

    /// The figures of a world that was killed are as of its last update; without them the
    /// checkpoint's are shown.
    @Test func aKilledWorld() throws {
      let campaign = try CampaignFolder.recorder(seconds: 0.02, goal: 100_000)
      let world = try campaign.start(ranks: 3)
      try waitForEvaluations(40, in: campaign)
      for process in world.processes { process.send(signal: SIGKILL) }
      _ = world.finish(within: 60)
      campaign.expectNothingLeft(of: world)

      let seen = try observed(campaign)
      #expect(seen.state != "ended" && seen.end == nil)
      #expect(seen.observed?.fate == "died" && seen.observed?.stale == true)
      #expect(seen.observed?.source == "status.json" && seen.observed?.worldEnd == nil)
      let table = try campaign.look("status")
      #expect(table.standardOutput.contains("died"), "\(table)")

      let whole = campaign.folder.read("run/status.json")
      let saved = try pointsSaved(campaign)
      for damage in [nil, "", String(whole.dropLast(whole.count / 2)), "{\"format\": 1}"] {
        if let damage {
          try campaign.folder.write(damage, to: "run/status.json")
        } else {
          try FileManager.default.removeItem(atPath: campaign.run + "/status.json")
        }
        let fallen = try observed(campaign)
        #expect(fallen.observed?.source == "checkpoint" && fallen.state == "saved")
        #expect(fallen.points.total == saved)
        #expect(fallen.learners.map(\.name) == ["a=0.1", "a=0.3"])
        #expect(fallen.observed?.fate == "died")
        #expect(fallen.observed?.remarks.contains { $0.contains("status.json") } == true)
        #expect(fallen.shareOfGoal.map { $0 > 0 && $0 < 1 } == true)
      }
    }

    /// A world that found its goal reached writes no status: the one before it is not its own.
    @Test func aStatusOfAnOlderWorldIsNotTakenForTheNewest() throws {
      let campaign = try CampaignFolder.recorder(seconds: 0, goal: 40)
      #expect(try campaign.world(ranks: 2).exitCode == 0)
      #expect(try campaign.world(ranks: 2).exitCode == 0)
      let seen = try observed(campaign)
      #expect(seen.observed?.source == "checkpoint")
      #expect(try seen.points.total == pointsSaved(campaign))
      #expect(seen.observed?.worldEnd?.reason == "the goal had been reached before")
    }

    @Test func givenUpPointsAreCountedByReason() throws {
      let campaign = try CampaignFolder(
        function: "failing.c",
        campaign: """
          learners: [{name: one, kind: 1d, bounds: [-1.0, 1.0]}]
          goal: {npoints: 20}
          """)
      #expect(try campaign.world(ranks: 3).exitCode == 76)
      let table = try campaign.look("status")
      #expect(table.standardOutput.contains("× raised: never at all"), "\(table)")
      #expect(table.standardOutput.contains("exit code 76"), "\(table)")
    }

    @Test func whatIsNotThereIsSaid() throws {
      let campaign = try CampaignFolder.recorder(seconds: 0, goal: 20)
      let nothing = try campaign.look("status")
      #expect(nothing.exitCode == 66 && nothing.standardError.contains("no such directory"))
      let other = try campaign.look("status", at: campaign.folder.path)
      #expect(other.exitCode == 66 && other.standardError.contains("holds no campaign"))
    }

    /// Neither the status nor any generation can be read.
    @Test func nothingCanBeRead() throws {
      let campaign = try CampaignFolder.recorder(seconds: 0, goal: 40)
      #expect(try campaign.world(ranks: 2).exitCode == 0)
      for (path, state) in try campaign.filesOfRun() where !path.hasPrefix("worlds") {
        guard let bytes = state.bytes else { continue }
        try Data(bytes.map { $0 ^ 0x5a }).write(
          to: URL(fileURLWithPath: campaign.run + "/" + path))
      }
      let outcome = try campaign.look("status")
      #expect(outcome.exitCode == 65, "\(outcome)")
    }
  }
}
