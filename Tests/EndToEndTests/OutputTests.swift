import Foundation
import Glibc
import Testing
import _TestSupport

extension EndToEndTests {
  /// Values with named parts, of which the learner learns one.
  @Suite(.serialized) struct OutputTests {
    private static let functions = [
      "library": "{library: libfunction.so}",
      "python": "{python: 'f.py:f'}",
      "batch": "{python: 'f.py:each', batch: true}",
      "persistent": "{command: [./lines], mode: persistent}",
      "per_point": "{command: [./once, '{x}'], mode: per_point}",
    ]

    private static let files = [
      "f.py": """
      def f(x):
          if x == 0: raise ValueError("no spectrum at 0")
          return {"energy": x * x, "spectrum": (x, 2 * x, 3 * x)}
      def each(points):
          return [f(x) for x, in points]
      """,
      "lines": """
      #!/usr/bin/env python3
      import sys
      for line in iter(sys.stdin.readline, ""):
          x = float(line)
          print("error no spectrum at 0" if x == 0 else f"{x} {2 * x} {3 * x} {x * x}", flush=True)
      """,
      "once": """
      #!/bin/sh
      exec awk -v x=$1 'BEGIN { if (x == 0) exit 1;
        printf "%.17g %.17g %.17g %.17g\\n", x, 2 * x, 3 * x, x * x }'
      """,
    ]

    private func campaign(_ kind: String, outputs: String) throws -> CampaignFolder {
      let campaign = try CampaignFolder(
        function: "spectrum.c",
        campaign: """
          learners: [{name: one, kind: 1d, bounds: [-1.0, 1.0]}]
          goal: {npoints: 30}
          \(outputs)
          """)
      for (name, text) in Self.files {
        chmod(try campaign.folder.write(text + "\n", to: name), 0o700)
      }
      let text = campaign.folder.read("campaign.yaml").replacing(
        "{library: libfunction.so, isolation: none}", with: Self.functions[kind] ?? "")
      try campaign.folder.write(text, to: "campaign.yaml")
      return campaign
    }

    private static let outputs =
      "outputs: [{name: spectrum, size: 3}, energy]\nlearn: energy"

    /// What h5py finds in the newest snapshot: the points in the order told.
    private func pointsByH5py(_ campaign: CampaignFolder) throws -> [Double] {
      let text = try Python.run(
        """
        import glob, h5py, json, numpy, sys
        path = sorted(glob.glob(sys.argv[1] + "/shard-0000/snapshot-*.h5"))[-1]
        with h5py.File(path, "r") as f:
            assert f.attrs["format_version"] == 2
            g = f["learners/000000"]
            names = list(g["output_names"].asstr())
            ends = numpy.cumsum(g["output_sizes"][:])
            values = {n: g["values"][:, e - s:e]
                      for n, s, e in zip(names, g["output_sizes"][:], ends)}
            assert names == ["spectrum", "energy"] and g.attrs["learned_output"] == b"energy"
            x = g["points"][:]
            assert g["values"].shape == (len(x), 4)
            assert numpy.allclose(values["spectrum"], x * [1, 2, 3], rtol=1e-15, atol=0)
            assert numpy.allclose(values["energy"], x * x, rtol=1e-15, atol=0)
            assert set(g["failed_points"][:, 0]) <= {0}
            print(json.dumps(list(x[:, 0])))
        """, campaign.run)
      return try JSONDecoder().decode([Double].self, from: Data(text.utf8))
    }

    @Test(arguments: functions.keys.sorted())
    func everyKindOfFunctionHasThem(kind: String) throws {
      let campaign = try campaign(kind, outputs: Self.outputs)
      let outcome = try campaign.world(ranks: 4)
      #expect(outcome.exitCode == 0, "\(outcome)")
      #expect(try pointsByH5py(campaign).count >= 30)
    }

    /// The learner is told the energy and nothing else: it asks what it would ask for that alone,
    /// a relaunch included.
    @Test func theLearnerSeesOneOfThem() throws {
      let rich = try campaign("library", outputs: Self.outputs)
      #expect(try rich.world(ranks: 1).exitCode == 0)
      #expect(try rich.world(ranks: 1, ["--set", "goal.npoints=60"]).exitCode == 0)
      let points = try pointsByH5py(rich)

      let poor = try campaign("python", outputs: "outputs: 1")
      try poor.folder.write(
        "def f(x):\n    if x == 0: raise ValueError('no')\n    return x * x\n", to: "f.py")
      #expect(try poor.world(ranks: 1, ["--set", "goal.npoints=60"]).exitCode == 0)
      let alone = try #require(try poor.contents().learners.first).points.map(\.double)
      #expect(points == alone)

      // The journal and the table have all of them, too.
      let table = try rich.look("export").standardOutput.split(separator: "\n").map(String.init)
      #expect(
        table.first == "learner,x0,y.spectrum.0,y.spectrum.1,y.spectrum.2,y.energy,seconds,leaf")
      #expect(table.count == 61)
      for line in table.dropFirst() {
        let cells = line.split(separator: ",").compactMap { Double($0) }
        let x = cells[0]
        #expect(Array(cells[1...4]) == [x, 2 * x, 3 * x, x * x])
      }
    }

    /// Killed, so that the journal alone has the last values.
    @Test func theJournalHasThem() throws {
      let campaign = try campaign("python", outputs: Self.outputs)
      let text = campaign.folder.read("f.py").replacing(
        "def f(x):",
        with: """
          import time
          def f(x):
              time.sleep(0.01)
          """)
      try campaign.folder.write(text, to: "f.py")
      let world = try campaign.start(
        ranks: 3, ["--set", "goal.npoints=100000", "--set", "checkpoint.commit=0.1"])
      try wait(for: "some points") {
        (campaign.folder.read("run/status.json")).contains("\"told\": ")
          && !campaign.folder.read("run/status.json").contains("\"told\": 0,")
      }
      for entry in campaign.launcher.ranks(of: world).values { entry.send(signal: SIGKILL) }
      _ = world.finish(within: 60)
      campaign.expectNothingLeft(of: world)
      let rows = try campaign.look("export").standardOutput.split(separator: "\n").dropFirst()
      #expect(!rows.isEmpty)
      #expect(try campaign.world(ranks: 4, ["--set", "goal.npoints=200"]).exitCode == 0)
      #expect(try pointsByH5py(campaign).count >= 200)
    }

    @Test(arguments: [
      (
        "return {'energy': 1.0}",
        "the function returned energy; the campaign's outputs: spectrum, energy"
      ),
      (
        "return {'energy': 1.0, 'spectrum': [1, 2]}",
        "returned 2 numbers for 'spectrum'; the campaign has 3"
      ),
      ("return 1.0", "the function returned 1 numbers; the campaign's outputs: 4"),
    ])
    func whatDoesNotFitIsAFailureThatSaysSo(line: String, words: String) throws {
      let campaign = try campaign("python", outputs: Self.outputs + "\nfailures: {limit: 3}")
      try campaign.folder.write("def f(x): \(line)\n", to: "f.py")
      let outcome = try campaign.world(ranks: 3)
      #expect(outcome.exitCode == 76, "\(outcome)")
      #expect(outcome.standardOutput.contains(words), "\(outcome)")
    }
  }
}
