import Foundation
import Testing
import _TestSupport

extension EndToEndTests {
  /// `simulate` as people call it.
  @Suite struct SimulateTests {
    private func simulate(
      _ arguments: String..., campaign: String = Self.campaign
    ) throws -> ProcessOutcome {
      let folder = try TemporaryDirectory()
      let path = folder.path + "/campaign.yaml"
      try campaign.write(toFile: path, atomically: true, encoding: .utf8)
      let program = Programs.products.appendingPathComponent("adaptive-mpi").path
      let outcome = try RunningProcess([program, "simulate", path] + arguments)
        .finish(within: 120)
      let left = try FileManager.default.contentsOfDirectory(atPath: folder.path)
      #expect(left == ["campaign.yaml"], "it has written something")
      return outcome
    }

    private static let campaign = """
      name: small
      function: {builtin: peak, seconds: 0.5, distribution: lognormal}
      learners: [{name: peak, kind: 1d, bounds: [-1, 1]}]
      goal: {npoints: 2000}
      """

    @Test func sayWhatWouldHappen() throws {
      let outcome = try simulate("--ranks", "258", "--per-node", "129")
      #expect(outcome.exitCode == 0, "\(outcome)")
      for text in [
        "simulated by the model slingshot", "255 leaves under 2 sub-masters", "goal reached",
        "2 000", "core-hours", "leaves busy", "limited by",
      ] {
        #expect(outcome.standardOutput.contains(text), "\(text): \(outcome)")
      }
    }

    @Test func theSameSeedSaysTheSame() throws {
      let first = try simulate("--ranks", "66", "--json")
      #expect(first.exitCode == 0, "\(first)")
      #expect(try simulate("--ranks", "66", "--json").standardOutput == first.standardOutput)
      let other = try simulate("--ranks", "66", "--json", "--seed", "2")
      #expect(other.standardOutput != first.standardOutput)
    }

    @Test func aSweepIsALineOfJSONEach() throws {
      let outcome = try simulate(
        "--sweep", "ranks=10,40", "--seconds", "0.1", "--points", "400", "--json")
      #expect(outcome.exitCode == 0, "\(outcome)")
      let lines = outcome.standardOutput.split(separator: "\n")
      try #require(lines.count == 2, "\(outcome)")
      for (line, ranks) in zip(lines, [10, 40]) {
        let record = try #require(
          try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
        #expect(record["simulated"] as? Bool == true)
        #expect(record["model"] as? String == "slingshot")
        #expect(record["ranks"] as? Int == ranks)
        #expect(record["points"] as? Int == 400)
        let busy = try #require(record["busy_share"] as? Double)
        #expect(busy > 0.97 && busy <= 1, "\(record)")
      }
    }

    @Test(arguments: [
      (["--ranks", "0"], "allowed: 1 to"), ([], "neither of --ranks"),
      (["--ranks", "4", "--seconds", "fast"], "lognormal"),
      (["--ranks", "4", "--model", "ethernet"], "infiniband"),
      (["--sweep", "ranks=4,x"], "ranks=1024"),
      (["--ranks", "4", "--latency-factor", "0"], "above 0"),
      (["--ranks", "4", "--duration", "long"], "90s"),
    ])
    func wrongArguments(arguments: [String], text: String) throws {
      let program = Programs.products.appendingPathComponent("adaptive-mpi").path
      let folder = try TemporaryDirectory()
      let path = folder.path + "/campaign.yaml"
      try Self.campaign.write(toFile: path, atomically: true, encoding: .utf8)
      let outcome = try RunningProcess([program, "simulate", path] + arguments)
        .finish(within: 60)
      #expect(outcome.exitCode == 64, "\(outcome)")
      #expect(outcome.standardError.contains(text), "\(outcome)")
    }
  }
}
