import Foundation
import Glibc
import Testing
import _TestSupport

extension EndToEndTests {
  /// Functions in processes beside their leaves, and what they do wrong, under a real launcher.
  @Suite(.serialized) struct FunctionTests {
    private func campaign(
      _ function: String, files: [String: String] = [:], goal: Int = 60
    ) throws -> CampaignFolder {
      let campaign = try CampaignFolder(
        function: "recorder.c",
        campaign: """
          learners: [{name: one, kind: 1d, bounds: [-1.0, 1.0]}]
          goal: {npoints: \(goal)}
          """)
      for (name, text) in files {
        chmod(try campaign.folder.write(text, to: name), 0o700)
      }
      let text = campaign.folder.read("campaign.yaml")
        .replacing("{library: libfunction.so, isolation: none}", with: function)
      try campaign.folder.write(text, to: "campaign.yaml")
      return campaign
    }

    @Test(arguments: try MPILauncher.all("adaptive-mpi"))
    func aPythonFunctionThatDiesHangsAndRaises(launcher: MPILauncher) throws {
      let program = """
        import os, time
        def f(x):
            print("at", x)
            if 0.30 < x < 0.34: os.kill(os.getpid(), 11)
            if 0.50 < x < 0.53: time.sleep(1000)
            if 0.70 < x < 0.80: raise ValueError("never here")
            return x * x
        """
      let campaign = try campaign(
        "{python: 'f.py:f', timeout: 0.5}", files: ["f.py": program])
      let outcome = try campaign.world(ranks: 4)
      #expect(outcome.exitCode == 0, "\(outcome)")
      let learner = try #require(try campaign.contents().learners.first)
      #expect(learner.points.count >= 60)
      #expect(zip(learner.points, learner.values).allSatisfy { $1.double == $0.double * $0.double })
      #expect(learner.failedReasons.contains { $0.contains("never here") })
      #expect(!outcome.standardOutput.contains("at "))
    }

    @Test func anImportErrorIsFoundBeforeAnythingIsComputed() throws {
      let campaign = try campaign("{python: 'f.py:f'}", files: ["f.py": "import nowhere_at_all"])
      let outcome = try campaign.world(ranks: 4)
      #expect(outcome.exitCode == 78, "\(outcome)")
      #expect(outcome.standardError.contains("nowhere_at_all"), "\(outcome)")
      #expect(outcome.standardError.contains(ProcessInfo.processInfo.hostName), "\(outcome)")
    }

    /// A leaf that is killed takes its function's process with it, whatever that does.
    @Test(arguments: ["python", "program"])
    func noProcessOutlivesItsLeaf(kind: String) throws {
      let function =
        kind == "python"
        ? "{python: 'f.py:f'}" : "{command: [./sleeper], mode: per_point}"
      let campaign = try campaign(
        function,
        files: [
          "f.py": "import time\ndef f(x):\n    open('begun', 'w').close()\n    time.sleep(1000)",
          "sleeper": "#!/bin/sh\ntouch ../../../begun\nsleep 1000\n",
        ])
      let world = try campaign.start(ranks: 3)
      try wait(for: "a point to begin") {
        FileManager.default.fileExists(atPath: campaign.folder.path("begun"))
      }
      for entry in campaign.launcher.ranks(of: world).values { entry.send(signal: SIGKILL) }
      _ = world.finish(within: 60)
      campaign.expectNothingLeft(of: world)
    }

    /// What cannot be ended is given up: the leaf with it, whose points go elsewhere.
    @Test func aHangInTheRanksOwnProcessCostsItsLeaf() throws {
      let campaign = try CampaignFolder(
        function: "hanging.c",
        campaign: """
          learners: [{name: one, kind: 1d, bounds: [-1.0, 1.0]}]
          goal: {npoints: 40}
          retries: 0
          """)
      let text = campaign.folder.read("campaign.yaml")
        .replacing("isolation: none", with: "isolation: none, timeout: 0.5")
      try campaign.folder.write(text, to: "campaign.yaml")
      let outcome = try campaign.world(ranks: 4, seconds: 40)
      #expect(outcome.exitCode == 0, "\(outcome)")
      let learner = try #require(try campaign.contents().learners.first)
      #expect(learner.points.count >= 40)
      #expect(learner.failedReasons == ["no answer within 0.5 s; the leaf is given up"])
    }

    /// It starts a world of its own, from within ours.
    @Test func aProgramMayBeAnMPIProgram() throws {
      let mpirun = try CampaignFolder.openMPI.get().mpirun
      let campaign = try campaign(
        "{command: [\(mpirun), -n, '2', ./rank, '{x}'], mode: per_point, "
          + "result: {pattern: 'value {}'}, environment: {OMPI_MCA_rmaps_base_oversubscribe: '1', "
          + "OMPI_ALLOW_RUN_AS_ROOT: '1', OMPI_ALLOW_RUN_AS_ROOT_CONFIRM: '1'}}",
        files: [
          "rank": "#!/bin/sh\n[ $OMPI_COMM_WORLD_SIZE = 2 ] && "
            + "[ $OMPI_COMM_WORLD_RANK = 1 ] && echo value $1\nexit 0\n"
        ], goal: 4)
      let text = campaign.folder.read("campaign.yaml")
        .replacing("./rank", with: campaign.folder.path("rank"))
      try campaign.folder.write(text, to: "campaign.yaml")
      let outcome = try campaign.world(ranks: 3)
      #expect(outcome.exitCode == 0, "\(outcome)")
      let learner = try #require(try campaign.contents().learners.first)
      #expect(learner.points == learner.values)
    }
  }
}
