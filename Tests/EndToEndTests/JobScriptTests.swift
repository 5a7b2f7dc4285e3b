import Foundation
import Glibc
import Testing
import _TestSupport

extension EndToEndTests {
  /// `jobscripts/local.sh`, as a user runs it.
  @Suite(.serialized) struct JobScriptTests {
    @Test func goesOnAfterACrash() throws {
      let campaign = try CampaignFolder.recorder(seconds: 0.02, goal: 150)
      let script = try start(campaign)
      try waitForEvaluations(20, in: campaign)
      try #require(campaign.launcher.ranks(of: script)[0]).send(signal: SIGKILL)
      let outcome = script.finish(within: 90)
      #expect(outcome.exitCode == 0, "\(outcome)")
      #expect(outcome.standardOutput.contains("the next one goes on"))
      campaign.expectNothingLeft(of: script)
      expectEachPointOnce(in: campaign, try campaign.contents())
    }

    @Test(arguments: [SIGUSR1, SIGTERM])
    func passesSignalsOn(signal: Int32) throws {
      let campaign = try CampaignFolder.recorder(seconds: 0.02, goal: 100_000)
      let script = try start(campaign)
      try waitForEvaluations(20, in: campaign)
      script.send(signal: signal)
      let outcome = script.finish(within: 60)
      #expect(outcome.exitCode == 75, "\(outcome)")
      campaign.expectNothingLeft(of: script)
    }

    @Test func endsWithAWrongCampaign() throws {
      let campaign = try CampaignFolder(function: "crashing.c", campaign: "goal: {npoints: 1}")
      let outcome = try start(campaign).finish(within: 60)
      #expect(outcome.exitCode == 78, "\(outcome)")
      #expect(!outcome.standardOutput.contains("the next one goes on"))
    }

    @Test func endsAfterCrashesWithoutANewPoint() throws {
      let campaign = try CampaignFolder(
        function: "crashing.c",
        campaign: """
          learners: [{name: one, kind: 1d, bounds: [-1.0, 1.0]}]
          goal: {npoints: 20}
          """)
      let script = try start(campaign)
      let outcome = script.finish(within: 90)
      #expect(outcome.exitCode == 128 + SIGABRT, "\(outcome)")
      #expect(outcome.standardError.contains("3 relaunches brought no new point"), "\(outcome)")
      campaign.expectNothingLeft(of: script)
    }

    private func start(_ campaign: CampaignFolder) throws -> RunningProcess {
      let programs = campaign.launcher.program
      let products = URL(fileURLWithPath: programs).deletingLastPathComponent().path
      let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
      let script = Programs.repository.appendingPathComponent("jobscripts/local.sh").path
      var environment = MPILauncher.environment.mapValues(Optional.some)
      environment["PATH"] = "\(products):\(path)"
      environment["RECORDER_FILE"] = campaign.folder.path("evaluations")
      return try RunningProcess(
        [script, "campaign.yaml"], environment: environment, directory: campaign.folder.path)
    }
  }
}
