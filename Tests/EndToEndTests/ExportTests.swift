import Foundation
import Glibc
import Testing
import _TestSupport

extension EndToEndTests {
  /// `export` against what h5py and Python's csv module read.
  @Suite(.serialized) struct ExportTests {
    private struct Table: Decodable {
      /// Of each learner, bits of the coordinates in the order of the rows; so are the others.
      let points: [String: [RunContents.Bits]]
      let values: [String: [RunContents.Bits]]
      let seconds: [String: [RunContents.Bits]]
      let leaves: [String: [Int]]
      let pending: [String: [RunContents.Bits]]
      let reasons: [String: [String]]
    }

    private func table(_ csv: String) throws -> Table {
      let folder = try TemporaryDirectory()
      let program = """
        import csv, json, struct, sys
        names = ("points", "values", "seconds", "leaves", "pending", "reasons")
        out = {name: {} for name in names}
        def bits(text): return struct.pack(">d", float(text)).hex()
        with open(sys.argv[1], newline="") as file:
            for row in csv.DictReader(file, strict=True):
                def add(name, value): out[name].setdefault(row["learner"], []).append(value)
                state = row.get("state", "told")
                if state == "told":
                    add("points", bits(row["x0"])); add("values", bits(row["y0"]))
                    add("seconds", bits(row["seconds"])); add("leaves", int(row["leaf"]))
                elif state == "pending": add("pending", bits(row["x0"]))
                else: add("reasons", row["reason"])
                assert None not in row and None not in row.values()
        print(json.dumps(out))
        """
      let text = try Python.run(program, try folder.write(csv, to: "points.csv"))
      return try JSONDecoder().decode(Table.self, from: Data(text.utf8))
    }

    private func expect(
      _ table: Table, equals contents: RunContents,
      sourceLocation: SourceLocation = #_sourceLocation
    ) {
      for learner in contents.learners {
        let name = learner.name
        #expect(table.points[name] ?? [] == learner.points, sourceLocation: sourceLocation)
        #expect(table.values[name] ?? [] == learner.values, sourceLocation: sourceLocation)
        #expect(
          table.seconds[name] ?? [] == learner.seconds.map { RunContents.Bits($0) },
          sourceLocation: sourceLocation)
        #expect(table.leaves[name] ?? [] == learner.leaves, sourceLocation: sourceLocation)
      }
    }

    @Test func aFinishedRun() throws {
      let campaign = try CampaignFolder.recorder(seconds: 0.001, goal: 200)
      #expect(try campaign.world(ranks: 4).exitCode == 0)
      let outcome = try campaign.look("export", ["--format", "csv"])
      #expect(outcome.exitCode == 0, "\(outcome)")
      #expect(outcome.standardError.isEmpty, "\(outcome)")
      #expect(
        outcome.lines.first == "learner,parameter.seconds,parameter.a,x0,y0,seconds,leaf"
          || outcome.lines.first == "learner,parameter.a,parameter.seconds,x0,y0,seconds,leaf")
      expect(try table(outcome.standardOutput), equals: try campaign.contents())
    }

    /// Snapshot and journal together; the reader of snapshots alone sees it after the next world.
    @Test func aKilledRunWithPendingPoints() throws {
      let campaign = try CampaignFolder.recorder(seconds: 0.01, goal: 100_000)
      let world = try campaign.start(ranks: 4)
      try waitForEvaluations(150, in: campaign)
      for process in world.processes { process.send(signal: SIGKILL) }
      _ = world.finish(within: 60)
      campaign.expectNothingLeft(of: world)

      let contents = try campaign.contents()
      let exported = try table(
        campaign.look("export", ["--include", "pending,failed"]).standardOutput)
      for (index, learner) in contents.learners.enumerated() {
        let points = try #require(exported.points[learner.name])
        // All that any file holds, each once, and the snapshot's part first and in its order.
        #expect(Set(points) == contents.told[index] && points.count == contents.told[index].count)
        #expect(Array(points.prefix(learner.points.count)) == learner.points)
      }
      // The pending points are those that the next world evaluates first.
      let pending = Set(exported.pending.values.joined())
      let count = campaign.evaluations().count
      #expect(!pending.isEmpty)
      let next = try campaign.start(ranks: 3)
      try waitForEvaluations(count + pending.count, in: campaign)
      next.send(signal: SIGUSR1)
      #expect(next.finish(within: 30).exitCode == 75)
      let first = campaign.evaluations().dropFirst(count).prefix(pending.count).map(\.point)
      #expect(Set(first) == pending)
      expect(
        try table(campaign.look("export").standardOutput), equals: try campaign.contents())
    }

    @Test func besideALivingWorld() throws {
      let campaign = try CampaignFolder.recorder(seconds: 0.002, goal: 1_000_000)
      let world = try campaign.start(ranks: 4)
      try waitForEvaluations(100, in: campaign)
      var before = 0
      for _ in 0..<5 {
        let outcome = try campaign.look("export", isHeld: true)
        #expect(outcome.exitCode == 0 && outcome.standardError.isEmpty, "\(outcome)")
        let points = try table(outcome.standardOutput).points
        let count = points.values.reduce(0) { $0 + $1.count }
        #expect(count >= before && points.values.allSatisfy { Set($0).count == $0.count })
        before = count
      }
      #expect(before > 0)
      world.send(signal: SIGUSR1)
      #expect(world.finish(within: 30).exitCode == 75)
      campaign.expectNothingLeft(of: world)
    }

    @Test func failedPointsAndTheirReasons() throws {
      let campaign = try CampaignFolder(
        function: "failing.c",
        campaign: """
          learners: [{name: 'one, "two"', kind: 1d, bounds: [-1.0, 1.0]}]
          goal: {npoints: 20}
          """)
      #expect(try campaign.world(ranks: 3).exitCode == 76)
      let exported = try table(campaign.look("export", ["--include", "failed"]).standardOutput)
      let reasons = try campaign.contents().learners[0].failedReasons
      #expect(exported.reasons["one, \"two\""] == reasons && !reasons.isEmpty)
      #expect(exported.points.isEmpty && exported.pending.isEmpty)
    }

    @Test func filesAreNotOverwrittenUnlessAsked() throws {
      let campaign = try CampaignFolder.recorder(seconds: 0, goal: 30)
      #expect(try campaign.world(ranks: 2).exitCode == 0)
      let file = try campaign.folder.write("mine", to: "points.csv")
      let refused = try campaign.look("export", ["--output", file])
      #expect(refused.exitCode == 64 && refused.standardError.contains("--overwrite"), "\(refused)")
      #expect(campaign.folder.read("points.csv") == "mine")
      let link = campaign.folder.path("link.csv")
      try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: file)
      #expect(try campaign.look("export", ["--output", link, "--overwrite"]).exitCode == 64)
      #expect(try campaign.look("export", ["--output", "/dev/null", "--overwrite"]).exitCode == 64)
      #expect(campaign.folder.read("points.csv") == "mine")

      #expect(try campaign.look("export", ["--output", file, "--overwrite"]).exitCode == 0)
      expect(try table(campaign.folder.read("points.csv")), equals: try campaign.contents())
      let names = try FileManager.default.contentsOfDirectory(atPath: campaign.folder.path)
      #expect(!names.contains { $0.hasSuffix(".new") }, "\(names)")
    }

    @Test func whatCannotBeDoneIsSaid() throws {
      let campaign = try CampaignFolder.recorder(seconds: 0, goal: 30)
      #expect(try campaign.look("export").exitCode == 66)
      #expect(try campaign.world(ranks: 2).exitCode == 0)
      let kinds = try campaign.look("export", ["--include", "failed,lost"])
      #expect(kinds.exitCode == 64 && kinds.standardError.contains("'lost'"), "\(kinds)")
      let full = try RunningProcess([
        "sh", "-c", "exec \"$@\" > /dev/full", "sh", campaign.launcher.program, "export",
        campaign.run,
      ]).finish(within: 60)
      #expect(full.exitCode == 74, "\(full)")
      let nowhere = try campaign.look("export", ["--output", "no/such/folder/points.csv"])
      #expect(nowhere.exitCode == 74, "\(nowhere)")
    }
  }
}
