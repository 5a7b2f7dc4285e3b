import Foundation
import Testing
import _TestSupport

extension EndToEndTests {
  /// What a new user does, with the example that comes along.
  @Suite(.serialized) struct ExampleTests {
    /// The example's own learners and goal.
    private func nanowire(_ launcher: MPILauncher) throws -> CampaignFolder {
      let text = try #require(
        try? String(
          contentsOf: Programs.repository.appendingPathComponent("examples/nanowire/campaign.yaml"),
          encoding: .utf8))
      let begin = try #require(text.range(of: "learners:"))
      return try CampaignFolder(
        function: "examples/nanowire/nanowire.c", campaign: String(text[begin.lowerBound...]),
        launcher: launcher)
    }

    @Test(arguments: [1, 2, 3, 4, 5])
    func reachesItsGoal(ranks: Int) throws {
      let example = try nanowire(CampaignFolder.openMPI.get())
      let outcome = try example.world(ranks: ranks)
      #expect(outcome.exitCode == 0, "\(outcome)")
      try expectGapToCloseWhereItMust(try example.contents())
    }

    @Test(arguments: try MPILauncher.all("adaptive-mpi"))
    func reachesItsGoalWithEveryMPI(launcher: MPILauncher) throws {
      let example = try nanowire(launcher)
      let outcome = try example.world(ranks: 4)
      #expect(outcome.exitCode == 0, "\(outcome)")
    }

    @Test func runsWithoutALauncher() throws {
      let example = try nanowire(CampaignFolder.openMPI.get())
      let process = try RunningProcess(
        [example.launcher.program, "run", "campaign.yaml"], directory: example.folder.path)
      let outcome = process.finish(within: 120)
      #expect(outcome.exitCode == 0, "\(outcome)")
      try expectGapToCloseWhereItMust(try example.contents())
    }

    /// The function and the campaign that the README shows.
    @Test func theFunctionOfTheReadme() throws {
      let readme = try String(
        contentsOf: Programs.repository.appendingPathComponent("README.md"), encoding: .utf8)
      let folder = try TemporaryDirectory()
      let source = try folder.write(try block("c", of: readme), to: "peak.c")
      try folder.write(try block("yaml", of: readme), to: "peak.yaml")
      try Programs.compileLibrary(source, to: folder.path("libpeak.so"))
      let launcher = try CampaignFolder.openMPI.get()
      let world = try launcher.start(ranks: 4, ["run", "peak.yaml"], directory: folder.path)
      let outcome = world.finish(within: 120)
      #expect(outcome.exitCode == 0, "\(outcome)")
      let contents = try RunContents(directory: folder.path("runs/peak"))
      #expect(contents.learners.map(\.name) == ["width=0.01", "width=0.1"])
      for learner in contents.learners {
        // The peak is found: 1 high at 0.
        #expect(
          zip(learner.points, learner.values).contains {
            abs($0.double) < 0.001 && abs($1.double - 1) < 0.02
          })
      }
    }

    /// The first block of a Markdown text in a language.
    private func block(_ language: String, of text: String) throws -> String {
      let begin = try #require(text.range(of: "```\(language)\n"))
      let end = try #require(text[begin.upperBound...].range(of: "```"))
      return String(text[begin.upperBound..<end.lowerBound])
    }

    /// The gap closes at B = √(Δ² + μ²), and is |B - √(Δ² + μ²)| near there.
    private func expectGapToCloseWhereItMust(_ contents: RunContents) throws {
      #expect(contents.learners.map(\.name) == ["mu=0.0", "mu=0.5", "mu=1.0"])
      for (learner, mu) in zip(contents.learners, [0.0, 0.5, 1.0]) {
        let closing = (0.5 * 0.5 + mu * mu).squareRoot()
        let samples = zip(learner.points, learner.values).map { ($0.double, $1.double) }
        let least = try #require(samples.min { $0.1 < $1.1 })
        #expect(abs(least.0 - closing) < 0.05)
        #expect(abs(least.1 - abs(least.0 - closing)) < 1e-6)
      }
    }
  }

  /// A campaign that is gone on with.
  @Suite(.serialized) struct RelaunchTests {
    @Test func nothingIsComputedAgainOnceTheGoalIsReached() throws {
      let campaign = try CampaignFolder.recorder(seconds: 0, goal: 60)
      #expect(try campaign.world(ranks: 4).exitCode == 0)
      let evaluations = campaign.evaluations()
      let before = try campaign.contents()

      let second = try campaign.world(ranks: 3)
      #expect(second.exitCode == 0, "\(second)")
      #expect(second.standardOutput.contains("goal"))
      #expect(second.standardOutput.contains("--fresh"))
      #expect(campaign.evaluations() == evaluations)
      #expect(try campaign.contents().learners.map(\.points) == before.learners.map(\.points))
    }

    @Test func aRaisedGoalGoesOn() throws {
      let campaign = try CampaignFolder.recorder(seconds: 0, goal: 60)
      #expect(try campaign.world(ranks: 3).exitCode == 0)
      let before = try campaign.contents()
      #expect(before.learners.allSatisfy { $0.points.count >= 60 })

      let second = try campaign.world(ranks: 4, ["--set", "goal.npoints=90"])
      #expect(second.exitCode == 0, "\(second)")
      let after = try campaign.contents()
      #expect(after.learners.allSatisfy { $0.points.count >= 90 })
      for (old, new) in zip(before.learners, after.learners) {
        #expect(Array(new.points.prefix(old.points.count)) == old.points)
      }
      expectEachPointOnce(in: campaign, after)
    }

    @Test func freshStartsOverAndKeepsTheOldFiles() throws {
      let campaign = try CampaignFolder.recorder(seconds: 0, goal: 30)
      #expect(try campaign.world(ranks: 3).exitCode == 0)
      let count = campaign.evaluations().count
      let second = try campaign.world(ranks: 3, ["--fresh"])
      #expect(second.exitCode == 0, "\(second)")
      #expect(campaign.evaluations().count >= count + 60)
    }

    @Test func aChangedLearnerIsRefused() throws {
      let campaign = try CampaignFolder.recorder(seconds: 0, goal: 30)
      #expect(try campaign.world(ranks: 3).exitCode == 0)
      let changed = campaign.folder.read("campaign.yaml").replacing("-1.0", with: "-2.0")
      try campaign.folder.write(changed, to: "campaign.yaml")
      let second = try campaign.world(ranks: 3)
      #expect(second.exitCode == 78, "\(second)")
      #expect(second.standardOutput.contains("bounds") || second.standardError.contains("bounds"))
    }

    @Test func aRebuiltFunctionMustBeAccepted() throws {
      let campaign = try CampaignFolder.recorder(seconds: 0, goal: 30)
      #expect(try campaign.world(ranks: 3).exitCode == 0)
      let library = campaign.folder.path("libfunction.so")
      var bytes = try #require(FileManager.default.contents(atPath: library))
      bytes.append(0)
      try bytes.write(to: URL(fileURLWithPath: library))

      let goal = ["--set", "goal.npoints=40"]
      let refused = try campaign.world(ranks: 3, goal)
      #expect(refused.exitCode == 78, "\(refused)")
      let accepted = try campaign.world(ranks: 3, goal + ["--accept-function"])
      #expect(accepted.exitCode == 0, "\(accepted)")

      // The history says with which function and which libraries each world ran.
      let history = try campaign.contents().worlds
      let functions = history.flatMap { $0.split(separator: "\n") }
        .filter { $0.hasPrefix("function: ") }
      #expect(functions.count == 2 && Set(functions).count == 2, "\(history)")
      #expect(history.allSatisfy { $0.contains("Open MPI") && $0.contains("HDF5 1.") })
    }
  }
}

/// Every point of a learner stands in its checkpoint once, and was evaluated.
func expectEachPointOnce(
  in campaign: CampaignFolder, _ contents: RunContents,
  sourceLocation: SourceLocation = #_sourceLocation
) {
  let evaluated = Set(campaign.evaluations().map { [Double($0.learner), $0.point.double] })
  for (position, learner) in contents.learners.enumerated() {
    #expect(Set(learner.points).count == learner.points.count, sourceLocation: sourceLocation)
    for point in learner.points {
      #expect(evaluated.contains([Double(position), point.double]), sourceLocation: sourceLocation)
    }
  }
}
