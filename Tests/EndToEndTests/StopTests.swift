import Foundation
import Glibc
import Testing
import _TestSupport

extension EndToEndTests {
  /// Ways to stop a world in good order: each ends it with 75, and the next world reaches the goal
  /// without computing anything again.
  @Suite(.serialized) struct StopTests {
    /// Both launchers pass USR1 on; MPICH's dies of USR2.
    private static func signalsPassedOn() throws -> [(MPILauncher, Int32)] {
      try MPILauncher.all("adaptive-mpi").flatMap { launcher in
        let signals = launcher.implementation == .mpich ? [SIGUSR1] : [SIGUSR1, SIGUSR2]
        return signals.map { (launcher, $0) }
      }
    }

    @Test(arguments: try signalsPassedOn())
    func aSignalToTheLauncher(launcher: MPILauncher, signal: Int32) throws {
      let campaign = try CampaignFolder.recorder(seconds: 0.02, goal: 150, launcher: launcher)
      let world = try campaign.start(ranks: 4)
      try waitForEvaluations(20, in: campaign)
      world.send(signal: signal)
      try expectStopAndRelaunch(world, of: campaign)
    }

    @Test(arguments: try MPILauncher.all("adaptive-mpi"))
    func aSignalToARank(launcher: MPILauncher) throws {
      let campaign = try CampaignFolder.recorder(seconds: 0.02, goal: 150, launcher: launcher)
      let world = try campaign.start(ranks: 4)
      try waitForEvaluations(20, in: campaign)
      try #require(campaign.launcher.ranks(of: world)[0]).send(signal: SIGUSR2)
      try expectStopAndRelaunch(world, of: campaign)
    }

    @Test func aStopFile() throws {
      let campaign = try CampaignFolder.recorder(seconds: 0.02, goal: 150)
      let world = try campaign.start(ranks: 4)
      try waitForEvaluations(20, in: campaign)
      try campaign.folder.write("", to: "run/stop")
      try expectStopAndRelaunch(world, of: campaign)
    }

    @Test func walltime() throws {
      let campaign = try CampaignFolder.recorder(seconds: 0.05, goal: 2000)
      let world = try campaign.start(ranks: 4, ["--walltime", "8s"])
      let outcome = world.finish(within: 30)
      #expect(outcome.exitCode == 75, "\(outcome)")
      #expect(outcome.seconds < 12)
      campaign.expectNothingLeft(of: world)
    }

    @Test func oneRankWithoutALauncher() throws {
      let campaign = try CampaignFolder.recorder(seconds: 0.02, goal: 150)
      let process = try RunningProcess(
        [campaign.launcher.program, "run", "campaign.yaml"],
        environment: ["RECORDER_FILE": campaign.folder.path("evaluations")],
        directory: campaign.folder.path)
      try waitForEvaluations(20, in: campaign)
      process.send(signal: SIGUSR1)
      try expectStopAndRelaunch(process, of: campaign)
    }

    private func expectStopAndRelaunch(
      _ world: RunningProcess, of campaign: CampaignFolder,
      sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
      let outcome = world.finish(within: 30)
      #expect(outcome.exitCode == 75, "\(outcome)", sourceLocation: sourceLocation)
      campaign.expectNothingLeft(of: world, sourceLocation: sourceLocation)
      let count = campaign.evaluations().count
      let stopped = try campaign.contents()
      // What was running has been waited for, and saved.
      #expect(stopped.pointCount == count, sourceLocation: sourceLocation)

      let next = try campaign.world(ranks: 3)
      #expect(next.exitCode == 0, "\(next)", sourceLocation: sourceLocation)
      expectEachPointOnce(in: campaign, try campaign.contents(), sourceLocation: sourceLocation)
      let repeated = campaign.evaluations().dropFirst(count).filter {
        stopped.told[$0.learner].contains($0.point)
      }
      #expect(repeated.isEmpty, sourceLocation: sourceLocation)
    }
  }

  /// A point that takes a minute.
  @Suite(.serialized) struct LongPointTests {
    /// MPI makes no progress while a rank sits in the user's function, and over TCP a large result
    /// would wait for the end of the next point.
    @Test func neitherHoldsBackFinishedResultsNorTheEndOfTheWorld() throws {
      let campaign = try CampaignFolder(
        function: "obstinate.c",
        campaign: """
          outputs: 25000
          learners: [{name: one, kind: 1d, bounds: [0.0, 1.0]}]
          goal: {npoints: 50}
          checkpoint: {interval: 1h, commit: 0.5, grace: 3}
          """)
      let world = try campaign.start(
        ranks: 3, environment: ["OMPI_MCA_btl": "tcp,self", "OMPI_MCA_pml": "ob1"])
      // The first point, at 0, is followed at once by the long one, at 1.
      try wait(for: "the long point to begin") { campaign.folder.read("evaluations") == "1" }
      let start = ContinuousClock.now
      try wait(for: "the journal to hold 200 kB", seconds: 20) { journalBytes(campaign) > 200_000 }
      #expect(ContinuousClock.now - start < .seconds(2))

      let stop = ContinuousClock.now
      world.send(signal: SIGUSR1)
      let outcome = world.finish(within: 30)
      #expect(outcome.exitCode == 75, "\(outcome)")
      #expect(ContinuousClock.now - stop < .seconds(3 + 4))
      campaign.expectNothingLeft(of: world)
    }

    private func journalBytes(_ campaign: CampaignFolder) -> Int {
      let walker = FileManager.default.enumerator(atPath: campaign.run)
      var bytes = 0
      while let path = walker?.nextObject() as? String {
        guard path.contains("journal-") else { continue }
        let file = campaign.run + "/" + path
        bytes += (try? FileManager.default.attributesOfItem(atPath: file)[.size] as? Int) ?? 0
      }
      return bytes
    }
  }
}

/// Waits until the recorder has been called so often.
func waitForEvaluations(_ count: Int, in campaign: CampaignFolder) throws {
  try wait(for: "\(count) evaluations", seconds: 60) { campaign.evaluations().count >= count }
}
