import Foundation
import Glibc
import Testing
import _TestSupport

extension EndToEndTests {
  /// The codes of `docs/exit-codes.md` out of `mpirun`, with every MPI.
  @Suite(.serialized) struct ErrorTests {
    private static let good = """
      learners: [{name: one, kind: 1d, bounds: [-1.0, 1.0], parameters: {a: 0.1, seconds: 0}}]
      goal: {npoints: 20}
      """

    @Test(arguments: try MPILauncher.all("adaptive-mpi"))
    func aWrongCampaign(launcher: MPILauncher) throws {
      let campaign = try CampaignFolder(
        function: "recorder.c", campaign: Self.good.replacing("npoints", with: "npoint"),
        launcher: launcher)
      let outcome = try campaign.world(ranks: 4)
      #expect(outcome.exitCode == 78, "\(outcome)")
      let message = outcome.standardOutput + outcome.standardError
      #expect(message.contains("campaign.yaml:5"), "\(outcome)")
      #expect(message.contains("npoints"), "\(outcome)")
      #expect(campaign.evaluations().isEmpty)
      #expect(!FileManager.default.fileExists(atPath: campaign.run))
    }

    @Test(arguments: [
      ("bounds: [-1.0, 1.0]", "bounds: [1.0, -1.0]"), ("bounds: [-1.0, 1.0]", "bounds: [1.0, 1.0]"),
      ("bounds: [-1.0, 1.0]", "bounds: [.nan, 1.0]"), ("kind: 1d", "kind: 7d"),
      ("npoints: 20", "npoints: many"), ("npoints: 20", "npoints: -1"),
      ("goal: {npoints: 20}", "goal: {npoints: 20}\nsede: 1"), ("a: 0.1", "a: [0.1]"),
      ("learners: [", "learners: [["),
    ])
    func whatIsWrongIsNamed(found: String, wrong: String) throws {
      let campaign = try CampaignFolder(
        function: "recorder.c", campaign: Self.good.replacing(found, with: wrong))
      let outcome = try campaign.world(ranks: 1)
      #expect(outcome.exitCode == 78, "\(outcome)")
      let message = outcome.standardOutput + outcome.standardError
      #expect(message.contains("campaign.yaml:"), "\(outcome)")
      #expect(!FileManager.default.fileExists(atPath: campaign.run))
    }

    @Test(arguments: try MPILauncher.all("adaptive-mpi"))
    func noCampaignFile(launcher: MPILauncher) throws {
      let folder = try TemporaryDirectory()
      let world = try launcher.start(ranks: 3, ["run", "none.yaml"], directory: folder.path)
      let outcome = world.finish(within: 60)
      #expect(outcome.exitCode == 66, "\(outcome)")
      #expect((outcome.standardOutput + outcome.standardError).contains("none.yaml"))
    }

    @Test(arguments: try MPILauncher.all("adaptive-mpi"))
    func usage(launcher: MPILauncher) throws {
      let world = try launcher.start(ranks: 3, ["run", "--no-such-option"])
      #expect(world.finish(within: 60).exitCode == 64)
    }

    @Test func aLibraryWithoutTheFunction() throws {
      let campaign = try CampaignFolder(function: "nameless.c", campaign: Self.good)
      let outcome = try campaign.world(ranks: 3)
      #expect(outcome.exitCode == 78, "\(outcome)")
      let message = outcome.standardOutput + outcome.standardError
      #expect(message.contains("adaptive_mpi_function"), "\(outcome)")
    }

    /// A path that leads elsewhere on the last rank: into its working directory.
    @Test(arguments: try MPILauncher.all("adaptive-mpi"))
    func theFunctionIsMissingOnTheLastRankOnly(launcher: MPILauncher) throws {
      let campaign = try CampaignFolder(
        function: "recorder.c", campaign: Self.good, launcher: launcher)
      let folder = campaign.folder
      let text = folder.read("campaign.yaml")
        .replacing("libfunction.so", with: "/proc/self/cwd/libfunction.so")
      let file = try folder.write(text, to: "campaign.yaml")
      try folder.write("", to: "last/empty")
      let nameless = Programs.repository
        .appendingPathComponent("Tests/EndToEndTests/Functions/nameless.c").path
      try Programs.compileLibrary(nameless, to: folder.path("last/libfunction.so"))

      let program = [launcher.program, "run", file]
      let world = try launcher.start(
        command: [launcher.mpirun, "-wdir", folder.path, "-n", "3"] + program
          + [":", "-wdir", folder.path("last"), "-n", "1"] + program,
        environment: ["RECORDER_FILE": folder.path("evaluations")], directory: folder.path)
      let outcome = world.finish(within: 60)
      #expect(outcome.exitCode == 78, "\(outcome)")
      let message = outcome.standardOutput + outcome.standardError
      #expect(message.contains("adaptive_mpi_function"), "\(outcome)")
      #expect(message.contains("rank 3"), "\(outcome)")
      #expect(message.contains(ProcessInfo.processInfo.hostName), "\(outcome)")
      #expect(campaign.evaluations().isEmpty)
      campaign.expectNothingLeft(of: world)
    }

    @Test(arguments: try MPILauncher.all("adaptive-mpi"))
    func aFunctionThatFailsEverywhere(launcher: MPILauncher) throws {
      let campaign = try CampaignFolder(
        function: "failing.c", campaign: Self.good, launcher: launcher)
      let outcome = try campaign.world(ranks: 3)
      #expect(outcome.exitCode == 76, "\(outcome)")
      #expect((outcome.standardOutput + outcome.standardError).contains("fails everywhere"))
      let learner = try #require(try campaign.contents().learners.first)
      #expect(!learner.failedReasons.isEmpty)
      #expect(learner.failedReasons.allSatisfy { $0 == "never at all" })
    }

    @Test func aSecondWorldOnTheSameDirectory() throws {
      let campaign = try CampaignFolder.recorder(seconds: 0.02, goal: 1_000_000)
      let first = try campaign.start(ranks: 3)
      try waitForEvaluations(10, in: campaign)
      let root = try #require(campaign.launcher.ranks(of: first)[0])

      for arguments in [[], ["--fresh"]] {
        let second = try campaign.world(ranks: 2, arguments)
        #expect(second.exitCode == 73, "\(second)")
        let message = second.standardOutput + second.standardError
        #expect(message.contains(ProcessInfo.processInfo.hostName), "\(second)")
        #expect(message.contains(String(root.pid)), "\(second)")
      }
      #expect(first.isRunning)
      first.send(signal: SIGUSR1)
      #expect(first.finish(within: 30).exitCode == 75)
      campaign.expectNothingLeft(of: first)
    }

    /// From some moment on no file of the root may grow, as on a full disk: the world goes on, and
    /// when it is to end it says that it could not save. What was saved before is gone on with.
    @Test func nothingCanBeSaved() throws {
      let campaign = try CampaignFolder.recorder(seconds: 0.02, goal: 150)
      let world = try startWithoutRoom(campaign)
      let count = campaign.evaluations().count
      try waitForEvaluations(count + 20, in: campaign)
      world.send(signal: SIGUSR1)
      let outcome = world.finish(within: 90)
      #expect(outcome.exitCode == 74, "\(outcome)")
      campaign.expectNothingLeft(of: world)

      #expect(try campaign.world(ranks: 3).exitCode == 0)
      expectEachPointOnce(in: campaign, try campaign.contents())
    }

    /// What was computed meanwhile is saved as soon as there is room again.
    @Test func savingGoesOnOnceThereIsRoom() throws {
      let campaign = try CampaignFolder.recorder(seconds: 0.02, goal: 600)
      let world = try startWithoutRoom(campaign)
      let count = campaign.evaluations().count
      try waitForEvaluations(count + 40, in: campaign)
      try wait(for: "it to be said", seconds: 30) {
        world.standardOutput.contains("NOT SAVED")
      }
      try limitFiles(of: world, in: campaign, to: "unlimited")
      let outcome = world.finish(within: 90)
      #expect(outcome.exitCode == 0, "\(outcome)")
      campaign.expectNothingLeft(of: world)
      let contents = try campaign.contents()
      #expect(contents.learners.allSatisfy { $0.points.count >= 600 })
      #expect(contents.pointCount == campaign.evaluations().count)
      expectEachPointOnce(in: campaign, contents)
    }

    /// A world whose root can write no byte to any file once 40 evaluations have begun (EFBIG).
    private func startWithoutRoom(_ campaign: CampaignFolder) throws -> RunningProcess {
      let launcher = campaign.launcher
      let world = try launcher.start(
        command: [launcher.mpirun, "-n", "3", "sh", "-c", "trap '' XFSZ; exec \"$@\"", "sh"]
          + [launcher.program, "run", "campaign.yaml"],
        environment: ["RECORDER_FILE": campaign.folder.path("evaluations")],
        directory: campaign.folder.path)
      try waitForEvaluations(40, in: campaign)
      try limitFiles(of: world, in: campaign, to: "1:unlimited")
      return world
    }

    private func limitFiles(
      of world: RunningProcess, in campaign: CampaignFolder, to bytes: String
    ) throws {
      let root = try #require(campaign.launcher.ranks(of: world)[0])
      let limit = try RunningProcess(["prlimit", "--pid", String(root.pid), "--fsize=\(bytes)"])
      #expect(limit.finish(within: 10).exitCode == 0)
    }

    @Test func everySnapshotIsDamaged() throws {
      let campaign = try CampaignFolder.recorder(seconds: 0, goal: 60)
      #expect(try campaign.world(ranks: 3).exitCode == 0)
      let walker = FileManager.default.enumerator(atPath: campaign.run)
      var damaged = 0
      while let path = walker?.nextObject() as? String {
        guard path.hasSuffix(".h5") || path.contains("journal-") else { continue }
        let file = campaign.run + "/" + path
        guard var bytes = FileManager.default.contents(atPath: file) else { continue }
        for index in bytes.indices { bytes[index] ^= 0x5a }
        try bytes.write(to: URL(fileURLWithPath: file))
        damaged += 1
      }
      #expect(damaged > 0)
      let outcome = try campaign.world(ranks: 3)
      #expect(outcome.exitCode == 65, "\(outcome)")
    }
  }
}
