import Foundation
import Glibc
import Testing
import _TestSupport

extension EndToEndTests {
  /// The example of a noisy function, with slow points, killed and started again.
  @Suite(.serialized) struct NoisyLearnerTests {
    private struct Folder {
      let folder: TemporaryDirectory
      let launcher: MPILauncher

      init() throws {
        folder = try TemporaryDirectory()
        launcher = try CampaignFolder.openMPI.get()
        let example = Programs.repository.appendingPathComponent("examples/noisy")
        try FileManager.default.copyItem(
          atPath: example.appendingPathComponent("ising.py").path, toPath: folder.path("ising.py"))
        let text = try String(
          contentsOf: example.appendingPathComponent("campaign.yaml"), encoding: .utf8)
        try folder.write(
          text.replacing("seconds: 0}", with: "seconds: 0.002}")
            .replacing("npoints: 1000", with: "npoints: 400")
            + "checkpoint: {interval: 0.5, commit: 0.1, grace: 5}\n", to: "campaign.yaml")
      }

      func start(ranks: Int) throws -> RunningProcess {
        try launcher.start(ranks: ranks, ["run", "campaign.yaml"], directory: folder.path)
      }

      /// Kills the root once a world has told so many samples more.
      func kill(ranks: Int, after count: Int, _ context: String) throws {
        let before = (try? told()) ?? 0
        let world = try start(ranks: ranks)
        try wait(for: "\(context): \(count) samples") {
          ((try? told()) ?? 0) >= before + count || !world.isRunning
        }
        launcher.ranks(of: world)[0]?.send(signal: SIGKILL)
        let outcome = world.finish(within: 60)
        #expect(!outcome.timedOut, "\(context): \(outcome)")
      }

      /// Samples told, as the running world's status says.
      private func told() throws -> Int {
        struct Status: Decodable {
          struct Learner: Decodable { var points: Int }
          var learners: [Learner]
        }
        let data = try Data(contentsOf: URL(fileURLWithPath: folder.path("runs/noisy/status.json")))
        return try JSONDecoder().decode(Status.self, from: data).learners[0].points
      }

      /// Number, temperature and value of each sample, in the order told.
      func rows() throws -> [[Substring]] {
        let process = try RunningProcess(
          [launcher.program, "export", "runs/noisy"], directory: folder.path)
        let outcome = process.finish(within: 60)
        #expect(outcome.exitCode == 0, "\(outcome)")
        let lines = outcome.standardOutput.split(separator: "\n")
        let header = lines[0].split(separator: ",", omittingEmptySubsequences: false)
        let columns = ["x0", "x1", "y0"].map { header.firstIndex(of: Substring($0))! }
        return lines.dropFirst().map { line in
          let fields = line.split(separator: ",", omittingEmptySubsequences: false)
          return columns.map { fields[$0] }
        }
      }
    }

    /// One rank asks, evaluates and tells in one order only.
    @Test func aKilledRunEndsWithTheSamplesOfAnUndisturbedOne() throws {
      let undisturbed = try Folder()
      let first = try undisturbed.start(ranks: 1).finish(within: 120)
      #expect(first.exitCode == 0, "\(first)")
      let killed = try Folder()
      for round in 1...3 { try killed.kill(ranks: 1, after: 60, "round \(round)") }
      let last = try killed.start(ranks: 1).finish(within: 120)
      #expect(last.exitCode == 0, "\(last)")
      let expected = try undisturbed.rows()
      #expect(expected.count >= 400)
      #expect(try killed.rows() == expected)
    }

    /// Four ranks: no sample is lost or there twice, and means are near the ring's energy, by hand
    /// −tanh(1/T) · (1 + tanh(1/T)^10) / (1 + tanh(1/T)^12).
    @Test func fourRanksGoOnAfterAKill() throws {
      let folder = try Folder()
      for round in 1...2 { try folder.kill(ranks: 4, after: 60, "round \(round)") }
      let last = try folder.start(ranks: 4).finish(within: 120)
      #expect(last.exitCode == 0, "\(last)")
      let rows = try folder.rows()
      #expect(rows.count >= 400)
      #expect(Set(rows.map { $0.prefix(2) }).count == rows.count)
      var values: [Double: [Double]] = [:]
      for row in rows { values[Double(row[1])!, default: []].append(Double(row[2])!) }
      for (temperature, samples) in values where temperature > 0.9 && samples.count >= 10 {
        let t = tanh(1 / temperature)
        let exact = -t * (1 + pow(t, 10)) / (1 + pow(t, 12))
        let mean = samples.reduce(0, +) / Double(samples.count)
        // Six standard deviations of a mean of that many; those of one sample are below 0.35.
        #expect(abs(mean - exact) < 6 * 0.35 / Double(samples.count).squareRoot(), "\(temperature)")
      }
      #expect(values.count >= 5)
    }
  }
}
