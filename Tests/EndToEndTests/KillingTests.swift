import Foundation
import Glibc
import Testing
import _TestSupport

/// What is killed in a world of at least three ranks.
enum Victim: String, CaseIterable, CustomTestStringConvertible {
  case leaf, submaster, root, launcher, everything

  var testDescription: String { rawValue }
}

extension EndToEndTests {
  /// SIGKILL at random moments, under a real launcher. `ADAPTIVE_MPI_KILLS` says how often for each
  /// victim, 10 by default.
  @Suite(.serialized) struct KillingTests {
    private static let kills =
      ProcessInfo.processInfo.environment["ADAPTIVE_MPI_KILLS"].flatMap { Int($0) } ?? 10

    /// One campaign is killed over and over, and goes on at another number of ranks every other
    /// time; at last it reaches its goal.
    @Test(arguments: Victim.allCases)
    func nothingSavedIsLostOrComputedAgain(victim: Victim) throws {
      let seed = TestSeed()
      var generator = seed.generator(stream: UInt64(victim.rawValue.utf8.count))
      let campaign = try CampaignFolder.recorder(seconds: 0.01, goal: 1_000_000)
      var ranks = 4
      for round in 1...Self.kills {
        if round.isMultiple(of: 2) { ranks = [3, 4, 5, 6].randomElement(using: &generator)! }
        let delay = Double.random(in: 0.1...1.5, using: &generator)
        let context = "\(seed) \(victim) round \(round)"
        try kill(victim, ranks: ranks, after: delay, in: campaign, context, &generator)
      }
      let saved = try campaign.contents()
      // Journals may hold more than the newest snapshots.
      let goal = (saved.told.map(\.count).max() ?? 0) + 100
      let count = campaign.evaluations().count
      let last = try campaign.world(ranks: 4, ["--set", "goal.npoints=\(goal)"])
      #expect(last.exitCode == 0, "\(seed) \(last)")
      expectNoneRepeated(after: count, saved, in: campaign, "\(seed)")
      let final = try campaign.contents()
      #expect(final.learners.allSatisfy { $0.points.count >= goal }, "\(seed)")
      expectEachPointOnce(in: campaign, final)
    }

    /// One rank asks, evaluates and tells in one order only, whatever happens in between.
    @Test func oneRankEndsWithThePointsOfAnUndisturbedRun() throws {
      let seed = TestSeed()
      var generator = seed.generator(stream: 1)
      let undisturbed = try CampaignFolder.recorder(seconds: 0.004, goal: 300)
      #expect(try undisturbed.world(ranks: 1).exitCode == 0)

      let killed = try CampaignFolder.recorder(seconds: 0.004, goal: 300)
      for round in 1...Self.kills {
        let delay = Double.random(in: 0.02...0.4, using: &generator)
        let context = "\(seed) round \(round)"
        try kill(.root, ranks: 1, after: delay, in: killed, context, &generator)
      }
      #expect(try killed.world(ranks: 1).exitCode == 0)
      let expected = try undisturbed.contents()
      let found = try killed.contents()
      for (one, other) in zip(expected.learners, found.learners) {
        #expect(one.points == other.points, "\(seed)")
        #expect(one.values == other.values, "\(seed)")
      }
    }

    /// One world: killed some time after its first evaluation, or left alone if it ends before.
    private func kill(
      _ victim: Victim, ranks: Int, after delay: Double, in campaign: CampaignFolder,
      _ context: String, _ generator: inout SeededGenerator
    ) throws {
      let count = campaign.evaluations().count
      let saved = count == 0 ? nil : try campaign.contents()
      let world = try campaign.start(ranks: ranks)
      try wait(for: "\(context): an evaluation") {
        campaign.evaluations().count > count || !world.isRunning
      }
      // The moment is what is drawn here; there is nothing to wait for.
      usleep(useconds_t(delay * 1e6))
      for process in processes(victim, of: world, in: campaign, &generator) {
        process.send(signal: SIGKILL)
      }
      let outcome = world.finish(within: 60)
      #expect(!outcome.timedOut, "\(context): \(outcome)")
      #expect(expectedCodes.contains(outcome.exitCode), "\(context): \(outcome)")
      campaign.expectNothingLeft(of: world)
      if let saved { expectNoneRepeated(after: count, saved, in: campaign, context) }
    }

    /// Crashes, and the goal where the world was faster than its killer.
    private var expectedCodes: [Int32] { [0, 1, 9, 128 + SIGKILL, 205] }

    private func processes(
      _ victim: Victim, of world: RunningProcess, in campaign: CampaignFolder,
      _ generator: inout SeededGenerator
    ) -> [ProcessEntry] {
      let ranks = campaign.launcher.ranks(of: world)
      switch victim {
      case .everything: return world.processes
      case .launcher: return world.processes.filter { $0.pid == world.pid }
      case .root: return [ranks[0]].compactMap(\.self)
      case .submaster: return [ranks[1]].compactMap(\.self)
      case .leaf:
        let leaves = ranks.filter { $0.key > 1 }.sorted { $0.key < $1.key }.map(\.value)
        return [leaves.randomElement(using: &generator)].compactMap(\.self)
      }
    }

    /// What snapshots and journals held before a world is not evaluated in it or later.
    private func expectNoneRepeated(
      after count: Int, _ saved: RunContents, in campaign: CampaignFolder, _ context: String
    ) {
      let repeated = campaign.evaluations().dropFirst(count).filter {
        $0.learner < saved.told.count && saved.told[$0.learner].contains($0.point)
      }
      #expect(repeated.isEmpty, "\(context): \(repeated.count) points computed again")
    }
  }
}
