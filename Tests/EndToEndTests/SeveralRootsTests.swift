import Foundation
import Glibc
import Testing
import _TestSupport

extension EndToEndTests {
  /// One campaign over several roots: 2 of them with 2 sub-masters and 2 leaves each, or 4.
  @Suite(.serialized) struct SeveralRootsTests {
    /// Learners whose points take ever longer, so that their roots finish one after the other.
    private func campaign(
      roots: Int, goal: Int, launcher: MPILauncher? = nil
    ) throws -> CampaignFolder {
      let learners = (0..<4).map { position in
        let seconds = [0.001, 0.004, 0.001, 0.02][position]
        return """
            - {name: "\(position)", kind: 1d, bounds: [-1.0, 1.0],
               parameters: {a: \(0.1 + 0.2 * Double(position)), seconds: \(seconds)}}
          """
      }
      return try CampaignFolder(
        function: "recorder.c",
        campaign: """
          learners:
          \(learners.joined(separator: "\n"))
          goal: {npoints: \(goal)}
          tree: {roots: \(roots), leaves_per_submaster: 1}
          checkpoint: {interval: 0.7, commit: 0.1, grace: 5}
          """, launcher: launcher)
    }

    @Test(arguments: try MPILauncher.all("adaptive-mpi"), [2, 4])
    func leavesGoWhereThereIsWork(launcher: MPILauncher, roots: Int) throws {
      let campaign = try campaign(roots: roots, goal: 200, launcher: launcher)
      let outcome = try campaign.world(ranks: roots == 2 ? 10 : 12)
      #expect(outcome.exitCode == 0, "\(outcome)")
      let contents = try campaign.contents()
      #expect(contents.learners.map(\.name) == ["0", "1", "2", "3"])
      #expect(contents.learners.allSatisfy { $0.points.count >= 200 })
      expectEachPointOnce(in: campaign, contents)
      // The slowest learner is the last root's; in the end every leaf evaluated for it.
      let evaluations = campaign.evaluations()
      let all = Set(evaluations.map(\.pid))
      #expect(all.count == 4)
      #expect(Set(evaluations.filter { $0.learner == 3 }.map(\.pid)) == all)
      // The status at the end is of all roots together.
      let status = try campaign.look("status", ["--json"])
      #expect(status.standardOutput.contains("\"total\": \(contents.pointCount)"), "\(status)")
    }

    @Test func aStopFileEndsAllOfThem() throws {
      let campaign = try campaign(roots: 2, goal: 400)
      let world = try campaign.start(ranks: 10)
      try waitForEvaluations(100, in: campaign)
      try campaign.folder.write("", to: "run/stop")
      let outcome = world.finish(within: 30)
      #expect(outcome.exitCode == 75, "\(outcome)")
      campaign.expectNothingLeft(of: world)
      let count = campaign.evaluations().count
      let stopped = try campaign.contents()
      #expect(stopped.pointCount == count)
      #expect(try campaign.world(ranks: 4).exitCode == 0)
      let repeated = campaign.evaluations().dropFirst(count).filter {
        stopped.told[$0.learner].contains($0.point)
      }
      #expect(repeated.isEmpty)
    }

    /// A signal to a root that is not rank 0, and to a leaf below it.
    @Test(arguments: [5, 7]) func aSignalToOneRank(rank: Int) throws {
      let campaign = try campaign(roots: 2, goal: 400)
      let world = try campaign.start(ranks: 10)
      try waitForEvaluations(100, in: campaign)
      try #require(campaign.launcher.ranks(of: world)[rank]).send(signal: SIGUSR2)
      let outcome = world.finish(within: 30)
      #expect(outcome.exitCode == 75, "\(outcome)")
      campaign.expectNothingLeft(of: world)
      #expect(try campaign.contents().pointCount == campaign.evaluations().count)
    }

    /// Any rank is killed at a random moment; the next world has another number of roots.
    @Test func nothingSavedIsLostWhoeverIsKilled() throws {
      let seed = TestSeed()
      var generator = seed.generator(stream: 7)
      let campaign = try campaign(roots: 2, goal: 500)
      for round in 1...8 {
        let roots = [1, 2, 4].randomElement(using: &generator)!
        let count = campaign.evaluations().count
        let saved = count == 0 ? nil : try campaign.contents()
        let world = try campaign.start(ranks: 12, ["--set", "tree.roots=\(roots)"])
        let context = "\(seed) round \(round), \(roots) roots"
        try wait(for: "\(context): an evaluation") {
          campaign.evaluations().count > count || !world.isRunning
        }
        // The moment is what is drawn here; there is nothing to wait for.
        usleep(UInt32.random(in: 50_000...900_000, using: &generator))
        let victims = campaign.launcher.ranks(of: world).sorted { $0.key < $1.key }
        let victim = victims.map(\.value).randomElement(using: &generator)
        victim?.send(signal: SIGKILL)
        let outcome = world.finish(within: 60)
        #expect(!outcome.timedOut, "\(context): \(outcome)")
        campaign.expectNothingLeft(of: world)
        guard let saved else { continue }
        let repeated = campaign.evaluations().dropFirst(count).filter {
          saved.told[$0.learner].contains($0.point)
        }
        #expect(repeated.isEmpty, "\(context): \(repeated.count) points computed again")
      }
      // Journals may hold more than the newest snapshots.
      let goal = max(500, try campaign.contents().told.map(\.count).max() ?? 0) + 100
      let last = try campaign.world(
        ranks: 12, ["--set", "tree.roots=4", "--set", "goal.npoints=\(goal)"])
      #expect(last.exitCode == 0, "\(seed) \(last)")
      let contents = try campaign.contents()
      #expect(contents.learners.allSatisfy { $0.points.count >= goal }, "\(seed)")
      expectEachPointOnce(in: campaign, contents)
    }
  }
}
