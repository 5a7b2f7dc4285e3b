import Foundation
import Glibc
import Testing
import _TestSupport

extension EndToEndTests {
  /// What a function needs before its first point, and what it prints.
  @Suite(.serialized) struct FunctionNeedsTests {
    private func campaign(
      _ function: String, files: [String: String] = [:], goal: Int = 20
    ) throws -> CampaignFolder {
      try .oneLearner(function: function, files: files, goal: goal)
    }

    private func lines(_ campaign: CampaignFolder, _ file: String) -> [String] {
      campaign.folder.read(file).split(separator: "\n").map(String.init)
    }

    /// All ranks of this machine are one node: staged once, then each leaf set up, then points.
    @Test(arguments: ["python", "per_point"])
    func nodesAndLeavesAreSetUpBeforeTheFirstPoint(kind: String) throws {
      let function =
        kind == "python"
        ? "{python: 'f.py:f', setup: load, setup_node: [./stage, data]}"
        : "{command: [./f], mode: per_point, setup: [./load], setup_node: [./stage, data], "
          + "environment: {HERE: '../../..'}}"
      let campaign = try campaign(
        function,
        files: [
          "stage": "#!/bin/sh\necho staged >> order\necho 2 > $1\necho noise\n",
          "load": "#!/bin/sh\necho loaded >> order\ntest -s data\n",
          "f": "#!/bin/sh\necho point >> $HERE/order\ncat $HERE/data\n",
          "f.py": """
          def note(word):
              with open("order", "a") as file: file.write(word + "\\n")
          def load():
              global factor
              factor = float(open("data").read())
              note("loaded")
          def f(x):
              note("point")
              return factor
          """,
        ])
      let outcome = try campaign.world(ranks: 5)
      #expect(outcome.exitCode == 0, "\(outcome)")
      #expect(!outcome.standardOutput.contains("noise"))
      let order = lines(campaign, "order")
      // Root and sub-master evaluate nothing.
      #expect(Array(order.prefix(4)) == ["staged", "loaded", "loaded", "loaded"], "\(order)")
      #expect(order.dropFirst(4).allSatisfy { $0 == "point" } && order.count >= 24)
      let learner = try #require(try campaign.contents().learners.first)
      #expect(learner.values.allSatisfy { $0.double == 2 })
    }

    @Test func aNodeThatCannotBeSetUpEndsTheWorldBeforeAnythingIsComputed() throws {
      let campaign = try campaign(
        "{python: 'f.py:f', setup_node: [./stage]}",
        files: [
          "stage": "#!/bin/sh\necho 'no space on scratch' >&2\nexit 3\n",
          "f.py": "open('imported', 'w')\ndef f(x): return x",
        ])
      let outcome = try campaign.world(ranks: 4)
      #expect(outcome.exitCode == 78, "\(outcome)")
      #expect(outcome.standardError.contains("exit code 3: no space on scratch"), "\(outcome)")
      #expect(!FileManager.default.fileExists(atPath: campaign.folder.path("imported")))
    }

    @Test(arguments: [
      ("setup: load", "ZeroDivisionError"), ("setup: nothing", "has no 'nothing'"),
    ])
    func aLeafThatCannotBeSetUpEndsTheWorld(setup: String, words: String) throws {
      let campaign = try campaign(
        "{python: 'f.py:f', \(setup)}",
        files: ["f.py": "def load(): return 1 / 0\ndef f(x): return x"])
      let outcome = try campaign.world(ranks: 4)
      #expect(outcome.exitCode == 78, "\(outcome)")
      #expect(outcome.standardError.contains(words), "\(outcome)")
    }

    @Test func moreThreadsThanCoresAreSaid() throws {
      let campaign = try campaign(
        "{python: 'f.py:f', threads: 4096}", files: ["f.py": "def f(x): return x"])
      let outcome = try campaign.world(ranks: 4)
      #expect(outcome.exitCode == 0, "\(outcome)")
      #expect(outcome.standardError.contains("threads want 8192 cores on a node"), "\(outcome)")
      let without = try self.campaign("{python: 'f.py:f'}", files: ["f.py": "def f(x): return x"])
      let quiet = try without.world(ranks: 6)
      #expect(!quiet.standardError.contains("threads"), "\(quiet)")
    }

    /// Megabytes from each leaf: bounded files, and nothing on mpirun's streams.
    @Test(arguments: [1, 4], ["none", "auto", "process"])
    func whatALibraryPrintsGoesToItsLeafsLog(ranks: Int, isolation: String) throws {
      let campaign = try CampaignFolder(
        function: "loud.c",
        campaign: """
          learners: [{name: one, kind: 1d, bounds: [-1.0, 1.0]}]
          goal: {npoints: 100}
          """)
      let text = campaign.folder.read("campaign.yaml")
        .replacing("isolation: none", with: "isolation: \(isolation)")
      try campaign.folder.write(text, to: "campaign.yaml")
      let outcome = try campaign.world(ranks: ranks)
      #expect(outcome.exitCode == 0, "\(outcome)")
      #expect(outcome.standardOutput.contains("goal reached"), "\(outcome)")
      #expect(!(outcome.standardOutput + outcome.standardError).contains("00000000000"))
      let logs = try FileManager.default.contentsOfDirectory(atPath: campaign.run + "/logs")
      var total = 0
      for name in logs {
        let size = try #require(
          FileManager.default.contents(atPath: "\(campaign.run)/logs/\(name)")?.count)
        // Of ten million bytes in all; one look comes every 100 ms, in which 2 MB are printed.
        #expect(size < 5_000_000, "\(name)")
        total += size
      }
      #expect(total > 500_000)
    }
  }
}
