import Foundation
import Glibc
import Testing
import _TestSupport

extension EndToEndTests {
  /// `verify` on real runs: what it says of them holds in the next world.
  @Suite(.serialized) struct VerifyTests {
    private func files(_ campaign: CampaignFolder, _ suffix: String) throws -> [String] {
      try campaign.filesOfRun().keys.filter { $0.hasPrefix("shard-") && $0.hasSuffix(suffix) }
        .sorted()
    }

    private func flip(_ campaign: CampaignFolder, _ file: String, at share: Double) throws {
      let path = campaign.run + "/" + file
      var bytes = try #require(FileManager.default.contents(atPath: path))
      bytes[Int(Double(bytes.count - 1) * share)] ^= 0x10
      try bytes.write(to: URL(fileURLWithPath: path))
    }

    private func pointsSaved(_ campaign: CampaignFolder) throws -> Int {
      try campaign.contents().told.reduce(0) { $0 + $1.count }
    }

    @Test func besideALivingWorldAndAfterItIsKilled() throws {
      let campaign = try CampaignFolder.recorder(seconds: 0.002, goal: 1_000_000)
      let world = try campaign.start(ranks: 4)
      try waitForEvaluations(100, in: campaign)
      for _ in 0..<5 {
        let outcome = try campaign.look("verify", isHeld: true)
        #expect(outcome.exitCode == 0, "\(outcome)")
        #expect(outcome.standardOutput.contains("the newest lives"), "\(outcome)")
      }
      for process in world.processes { process.send(signal: SIGKILL) }
      _ = world.finish(within: 60)
      campaign.expectNothingLeft(of: world)
      let outcome = try campaign.look("verify")
      #expect(outcome.exitCode == 0, "\(outcome)")
      #expect(outcome.standardOutput.contains("the newest died"), "\(outcome)")
      let count = digits(try pointsSaved(campaign))
      #expect(outcome.standardOutput.contains("would load \(count) points"), "\(outcome)")
      #expect(outcome.lines.last == "adaptive-mpi: intact")
    }

    @Test func aDamagedSnapshotCostsNothing() throws {
      let campaign = try CampaignFolder.recorder(seconds: 0.01, goal: 150)
      #expect(try campaign.world(ranks: 4).exitCode == 0)
      let saved = try pointsSaved(campaign)
      #expect(try campaign.look("verify").exitCode == 0)
      try flip(campaign, try #require(files(campaign, ".h5").last), at: 0.5)
      let outcome = try campaign.look("verify", at: "campaign.yaml")
      #expect(outcome.exitCode == 65, "\(outcome)")
      #expect(outcome.standardOutput.contains("snapshot DAMAGED: its SHA-256"), "\(outcome)")
      #expect(
        outcome.standardOutput.contains("would load \(digits(saved)) points"), "\(outcome)")
      #expect(outcome.standardOutput.contains("lost        nothing"), "\(outcome)")
      #expect(outcome.standardError.contains("a relaunch can go on"), "\(outcome)")
      // Nothing is computed again by the relaunch that finds the same.
      let count = campaign.evaluations().count
      #expect(try campaign.world(ranks: 2).exitCode == 0)
      #expect(campaign.evaluations().count == count)
    }

    @Test func whereNothingServesNoRelaunchGoesOn() throws {
      let campaign = try CampaignFolder.recorder(seconds: 0, goal: 60)
      #expect(try campaign.world(ranks: 2).exitCode == 0)
      for file in try files(campaign, "") where !file.hasSuffix(".sha256") {
        let path = campaign.run + "/" + file
        guard let bytes = FileManager.default.contents(atPath: path) else { continue }
        try Data(bytes.map { $0 ^ 0x5a }).write(to: URL(fileURLWithPath: path))
      }
      let outcome = try campaign.look("verify")
      #expect(outcome.exitCode == 65, "\(outcome)")
      #expect(outcome.standardError.contains("a relaunch cannot go on"), "\(outcome)")
      #expect(try campaign.world(ranks: 2).exitCode == 65)
    }

    @Test func oneFile() throws {
      let campaign = try CampaignFolder.recorder(seconds: 0, goal: 60)
      #expect(try campaign.world(ranks: 2).exitCode == 0)
      let snapshot = try #require(files(campaign, ".h5").last)
      let whole = try campaign.look("verify", at: campaign.run + "/" + snapshot)
      #expect(whole.exitCode == 0 && whole.standardOutput.contains("60 points"), "\(whole)")
      try flip(campaign, snapshot, at: 0.7)
      let damaged = try campaign.look("verify", at: campaign.run + "/" + snapshot)
      #expect(damaged.exitCode == 65, "\(damaged)")
      let journal = try #require(files(campaign, "").first { $0.contains("journal-") })
      let good = try campaign.look("verify", at: campaign.run + "/" + journal)
      #expect(good.exitCode == 0 && good.standardOutput.contains("told"), "\(good)")
      #expect(try campaign.look("verify", at: campaign.run + "/none.h5").exitCode == 66)
      #expect(try campaign.look("verify", at: campaign.run + "/none").exitCode == 66)
    }

    /// As people read them: thousands apart.
    private func digits(_ number: Int) -> String {
      number < 1000 ? "\(number)" : "\(number / 1000) \(String(1000 + number % 1000).dropFirst())"
    }
  }
}
