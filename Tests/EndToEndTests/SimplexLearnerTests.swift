import Foundation
import Glibc
import Testing
import _TestSupport

extension EndToEndTests {
  /// Learners of several variables in real worlds that are killed: the example, with slow points.
  @Suite(.serialized) struct SimplexLearnerTests {
    private struct Folder {
      let folder: TemporaryDirectory
      let launcher: MPILauncher
      let example: Example

      init(_ example: Example) throws {
        self.example = example
        folder = try TemporaryDirectory()
        launcher = try CampaignFolder.openMPI.get()
        let file = Programs.repository.appendingPathComponent(
          "examples/\(example)/campaign.yaml")
        let text = try String(contentsOf: file, encoding: .utf8)
        try folder.write(
          text.replacing("builtin: ring", with: "builtin: ring, seconds: 0.002, cost: sleep")
            + "checkpoint: {interval: 0.7, commit: 0.1, grace: 5}\n", to: "campaign.yaml")
      }

      func start(ranks: Int) throws -> RunningProcess {
        try launcher.start(ranks: ranks, ["run", "campaign.yaml"], directory: folder.path)
      }

      func finish(ranks: Int) throws -> ProcessOutcome {
        try start(ranks: ranks).finish(within: 120)
      }

      /// Kills the root once the world has written something down.
      func kill(ranks: Int, _ context: String) throws {
        let before = bytesWritten
        let world = try start(ranks: ranks)
        try wait(for: "\(context): results on disk") {
          bytesWritten > before + 20_000 || !world.isRunning
        }
        launcher.ranks(of: world)[0]?.send(signal: SIGKILL)
        let outcome = world.finish(within: 60)
        #expect(!outcome.timedOut, "\(context): \(outcome)")
      }

      private var run: String { "runs/\(example)" }

      private var bytesWritten: Int {
        let files = FileManager.default.enumerator(atPath: folder.path(run))
        var sum = 0
        while let file = files?.nextObject() as? String {
          let path = folder.path("\(run)/\(file)")
          let attributes = try? FileManager.default.attributesOfItem(atPath: path)
          sum += (attributes?[.size] as? Int) ?? 0
        }
        return sum
      }

      /// The lines of the exported points: the learner's name, then coordinates and value.
      func rows() throws -> [String: [[Substring]]] {
        let process = try RunningProcess(
          [launcher.program, "export", run], directory: folder.path)
        let outcome = process.finish(within: 60)
        #expect(outcome.exitCode == 0, "\(outcome)")
        let lines = outcome.standardOutput.split(separator: "\n")
        let header = lines[0].split(separator: ",", omittingEmptySubsequences: false)
        let columns = example.columns.map { header.firstIndex(of: Substring($0))! }
        let name = header.firstIndex(of: "learner")!
        var rows: [String: [[Substring]]] = [:]
        for line in lines.dropFirst() {
          let fields = line.split(separator: ",", omittingEmptySubsequences: false)
          rows[String(fields[name]), default: []].append(columns.map { fields[$0] })
        }
        return rows
      }
    }

    enum Example: String, CaseIterable, CustomStringConvertible {
      case twoDimensional = "2d"
      case simplicial = "nd"

      var description: String { rawValue }

      fileprivate var learners: [String] {
        switch self {
        case .twoDimensional: ["picture", "even", "graph", "wide", "bounded", "ridge"]
        case .simplicial: ["picture", "bends", "triangle", "solid", "contour", "surface"]
        }
      }

      fileprivate var columns: [String] {
        self == .simplicial ? ["x0", "x1", "x2", "y0"] : ["x0", "x1", "y0"]
      }
    }

    /// One rank asks, evaluates and tells in one order only.
    @Test(arguments: Example.allCases)
    func aKilledRunEndsWithThePointsOfAnUndisturbedOne(example: Example) throws {
      let undisturbed = try Folder(example)
      let first = try undisturbed.finish(ranks: 1)
      #expect(first.exitCode == 0, "\(first)")
      let killed = try Folder(example)
      for round in 1...3 { try killed.kill(ranks: 1, "round \(round)") }
      let last = try killed.finish(ranks: 1)
      #expect(last.exitCode == 0, "\(last)")
      let expected = try undisturbed.rows()
      let found = try killed.rows()
      for learner in example.learners {
        #expect(expected[learner]?.count ?? 0 >= 200, "\(learner)")
        #expect(expected[learner] == found[learner], "\(learner)")
      }
    }

    /// Four ranks: nothing is lost, nothing is there twice, and every learner reaches its goal.
    @Test(arguments: Example.allCases) func fourRanksGoOnAfterAKill(example: Example) throws {
      let folder = try Folder(example)
      for round in 1...2 { try folder.kill(ranks: 4, "round \(round)") }
      let saved = try folder.rows()
      let last = try folder.finish(ranks: 4)
      #expect(last.exitCode == 0, "\(last)")
      let rows = try folder.rows()
      for learner in example.learners {
        let found = rows[learner] ?? []
        #expect(found.count >= 200, "\(learner)")
        #expect(Set(found.map { $0.dropLast() }).count == found.count, "\(learner)")
        #expect(Set(saved[learner] ?? []).isSubset(of: found), "\(learner)")
      }
      guard example == .simplicial else { return }
      // Points of two variables leave the third column empty.
      #expect(rows["picture"]?.allSatisfy { $0[2].isEmpty } == true)
      #expect(rows["solid"]?.allSatisfy { !$0[2].isEmpty } == true)
    }
  }
}
