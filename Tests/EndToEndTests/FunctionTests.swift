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
      try .oneLearner(function: function, files: files, goal: goal)
    }

    @Test(arguments: try MPILauncher.all("adaptive-mpi"))
    func aPythonFunctionThatDiesHangsAndRaises(launcher: MPILauncher) throws {
      let program = """
        import os, time
        def f(x):
            print("at", x)
            if 0.30 < x < 0.34: os.kill(os.getpid(), 11)
            if 0.49 < x < 0.53: time.sleep(1000)
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

      // What people and programs see of it.
      let status = try status(of: campaign)
      let points = try #require(status["points"] as? [String: Any])
      let leaves = try #require(status["leaves"] as? [String: Any])
      let failures = try #require(status["failures"] as? [String: Any])
      let reasons = try #require(failures["attempt_reasons"] as? [[String: Any]])
      let counts = Dictionary(
        reasons.map { ($0["kind"] as? String ?? "", $0["count"] as? Int ?? 0) },
        uniquingKeysWith: +)
      #expect(counts.keys.sorted() == ["ended", "raised", "timed out"])
      let failed = (counts.values.reduce(0, +)) + (failures["other_attempts"] as? Int ?? 0)
      #expect(points["attempts"] as? Int == (points["told"] as? Int ?? 0) + failed)
      #expect(leaves["isolated"] as? Int == leaves["count"] as? Int)
      // A batch that dies is evaluated again one by one, which may take one more.
      let restarts = leaves["restarts"] as? Int ?? 0
      #expect(restarts >= counts["ended", default: 0] + counts["timed out", default: 0])
      for words in ["never here", "timed out: no answer", "signal 11", "started again"] {
        #expect(outcome.standardOutput.contains(words), "\(outcome)")
      }
    }

    private func status(of campaign: CampaignFolder) throws -> [String: Any] {
      let text = campaign.folder.read("run/status.json")
      let object = try JSONSerialization.jsonObject(with: Data(text.utf8))
      return try #require(object as? [String: Any])
    }

    /// One leaf's machine is broken; the others make up for it.
    @Test(arguments: [3, 5])
    func whatFailsAtOneLeafIsTriedAtAnother(ranks: Int) throws {
      let program = """
        import os
        try:
            os.close(os.open("broken", os.O_CREAT | os.O_EXCL))
            broken = True
        except FileExistsError:
            broken = False
        def f(x):
            if broken: raise RuntimeError("no licence here")
            return x * x
        """
      let campaign = try campaign("{python: 'f.py:f'}", files: ["f.py": program])
      // Of 3 ranks two are leaves only without a sub-master.
      let tree = ranks == 3 ? ["--set", "tree.levels=0"] : []
      let outcome = try campaign.world(ranks: ranks, tree)
      #expect(outcome.exitCode == 0, "\(outcome)")
      let learner = try #require(try campaign.contents().learners.first)
      #expect(learner.failedReasons.isEmpty, "\(outcome)")
      #expect(outcome.standardOutput.contains("RuntimeError: no licence here"), "\(outcome)")
    }

    /// It does not burn the allocation, and says why.
    @Test(arguments: ["", "failures: {limit: 15}", "failures: {limit: 40%}"])
    func aFunctionThatFailsEverywhereEndsTheWorld(limit: String) throws {
      let program = """
        def f(x):
            if x > 0: raise ValueError("positive")
            raise KeyError("nothing")
        """
      let campaign = try campaign("{python: 'f.py:f'}", files: ["f.py": program], goal: 100_000)
      try campaign.folder.write(
        campaign.folder.read("campaign.yaml") + limit + "\n", to: "campaign.yaml")
      let outcome = try campaign.world(ranks: 5)
      #expect(outcome.exitCode == 76, "\(outcome)")
      let last = try #require(outcome.standardOutput.split(separator: "\n").last)
      #expect(last.contains("fails everywhere"))
      #expect(last.contains("× raised: ValueError: positive"))
      #expect(last.contains("× raised: KeyError: 'nothing'"))
      let failed = try #require(try campaign.contents().learners.first).failedReasons.count
      // What was under way comes in, too.
      #expect(failed < (limit.contains("15") ? 60 : 2000))
    }

    /// Half of all points fail, and sooner than the others have a value.
    @Test func manyFailuresEndNoSoundWorld() throws {
      let program = """
        import time
        def f(x):
            if x > 0: raise ValueError("not there")
            time.sleep(0.02)
            return x
        """
      let campaign = try campaign("{python: 'f.py:f'}", files: ["f.py": program], goal: 150)
      let outcome = try campaign.world(ranks: 8, ["--set", "retries=0"])
      #expect(outcome.exitCode == 0, "\(outcome)")
    }

    /// What `auto` chose, for functions that are fast and slow.
    @Test(arguments: [0, 0.005])
    func whatTheChoiceOfIsolationWasIsSaid(seconds: Double) throws {
      let campaign = try CampaignFolder.recorder(seconds: seconds, goal: 200)
      try campaign.folder.write(
        campaign.folder.read("campaign.yaml").replacing("isolation: none", with: "isolation: auto"),
        to: "campaign.yaml")
      let outcome = try campaign.world(ranks: 3)
      #expect(outcome.exitCode == 0, "\(outcome)")
      let leaves = try #require(try status(of: campaign)["leaves"] as? [String: Any])
      #expect(leaves["isolated"] as? Int == (seconds == 0 ? 0 : leaves["count"] as? Int))
      let words = seconds == 0 ? "in the ranks' own processes" : "in processes of its own"
      #expect(outcome.standardOutput.contains("function    \(words)"), "\(outcome)")
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

    /// A function that ends its world at a point: the third world knows which, and sets it aside.
    @Test(arguments: [1, 4])
    func aPointThatEndsItsWorldIsSetAside(ranks: Int) throws {
      let campaign = try CampaignFolder(
        function: "poison.c",
        campaign: """
          learners: [{name: one, kind: 1d, bounds: [-1.0, 1.0]}]
          goal: {npoints: 40}
          """)
      var codes: [Int32?] = []
      var outcome = try campaign.world(ranks: ranks)
      while outcome.exitCode != 0, codes.count < 6 {
        codes.append(outcome.exitCode)
        outcome = try campaign.world(ranks: ranks)
      }
      #expect(outcome.exitCode == 0 && codes.count >= 2, "\(codes) \(outcome)")
      let learner = try #require(try campaign.contents().learners.first)
      #expect(learner.points.count >= 40)
      #expect(learner.points.contains { $0.double > 0.51 })
      #expect(learner.failedReasons.allSatisfy { $0.contains("signal 11") }, "\(learner)")
      #expect(learner.failedReasons.contains { $0.contains("when 2 worlds died") }, "\(learner)")
      #expect(outcome.standardError.contains("evaluated in a process of its own"), "\(outcome)")
      let failures = try #require(try status(of: campaign)["failures"] as? [String: Any])
      #expect(failures["quarantined"] as? Int == learner.failedReasons.count)
      #expect(outcome.standardOutput.contains("of them quarantined"), "\(outcome)")
      #expect(try campaign.look("verify").exitCode == 0)
    }

    /// One evaluation takes for ever; its point is evaluated at another leaf as well.
    @Test func aStragglerIsEvaluatedASecondTime() throws {
      let program = """
        import os, time
        def f(x):
            time.sleep(0.01)
            if x > 0.4:
                try:
                    os.close(os.open("slow", os.O_CREAT | os.O_EXCL))
                    time.sleep(1000)
                except FileExistsError:
                    pass
            return x * x
        """
      let campaign = try campaign("{python: 'f.py:f'}", files: ["f.py": program], goal: 40)
      let outcome = try campaign.world(
        ranks: 5, ["--set", "duplicate_stragglers=true"], seconds: 60)
      #expect(outcome.exitCode == 0, "\(outcome)")
      let learner = try #require(try campaign.contents().learners.first)
      #expect(learner.points.count == 40 && Set(learner.points).count == 40)
      let points = try #require(try status(of: campaign)["points"] as? [String: Any])
      #expect(points["duplicated"] as? Int ?? 0 >= 1)
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
