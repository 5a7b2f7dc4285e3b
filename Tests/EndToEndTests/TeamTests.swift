import Foundation
import Glibc
import Testing
import _TestSupport

extension EndToEndTests {
  /// Functions that several ranks evaluate together, with every MPI that there is a build for.
  @Suite(.serialized) struct TeamTests {
    private func campaign(
      _ launcher: MPILauncher, team: String = "3", parameters: String = "{}", goal: Int = 60,
      rest: String = ""
    ) throws -> CampaignFolder {
      let parameters = parameters == "{}" ? "" : ", parameters: \(parameters)"
      return try CampaignFolder(
        function: "team.c",
        campaign: """
          learners: [{name: one, kind: 1d, bounds: [-1.0, 1.0]\(parameters)}]
          goal: {npoints: \(goal)}
          \(rest)
          """, launcher: launcher, team: team)
    }

    /// One call of `team.c` on one rank.
    private struct Call {
      let x: Double
      let pid: pid_t
      let rank: Int
      let size: Int
      let leader: pid_t
      let worldRank: Int
    }

    private func calls(_ campaign: CampaignFolder) -> [Call] {
      let data =
        FileManager.default.contents(atPath: campaign.folder.path("evaluations")) ?? Data()
      return stride(from: 0, to: data.count / 48 * 48, by: 48).map { start in
        let numbers = (0..<6).map { index in
          data.withUnsafeBytes {
            $0.loadUnaligned(fromByteOffset: start + 8 * index, as: Double.self)
          }
        }
        return Call(
          x: numbers[0], pid: pid_t(numbers[1]), rank: Int(numbers[2]), size: Int(numbers[3]),
          leader: pid_t(numbers[4]), worldRank: Int(numbers[5]))
      }
    }

    private func points(_ campaign: CampaignFolder) -> [Call] {
      calls(campaign).filter { (-1...1).contains($0.x) }
    }

    /// Root, sub-master, two teams of three, and two ranks that are too few for a third.
    @Test(arguments: try MPILauncher.all("adaptive-mpi"))
    func everyPointIsEvaluatedByOneWholeTeam(launcher: MPILauncher) throws {
      let campaign = try campaign(launcher)
      let outcome = try campaign.world(ranks: 10)
      #expect(outcome.exitCode == 0, "\(outcome)")
      #expect(!outcome.standardError.contains("frames"), "\(outcome)")
      let learner = try #require(try campaign.contents().learners.first)
      #expect(learner.points.count >= 60 && learner.failedReasons.isEmpty)
      for (point, value) in zip(learner.points, learner.values) {
        #expect(value.double == point.double * point.double)
      }
      #expect(Set(learner.leaves) == [2, 5])
      let calls = calls(campaign)
      let byPoint = Dictionary(grouping: calls, by: \.x)
      for (x, called) in byPoint where (-1...1).contains(x) {
        #expect(called.map(\.rank).sorted() == [0, 1, 2], "at \(x)")
        #expect(Set(called.map(\.leader)).count == 1, "at \(x)")
      }
      // Set up and torn down once on each rank of a team, and nowhere else.
      for x in [-10.0, 10.0] {
        #expect(byPoint[x]?.map(\.worldRank).sorted() == Array(2...7), "at \(x)")
      }
      #expect(calls.allSatisfy { $0.size == 3 })
    }

    /// A value is the leader's, whatever the others set; a failure is anybody's.
    @Test(arguments: try MPILauncher.all("adaptive-mpi"))
    func failuresAreAnybodysAndValuesTheLeaders(launcher: MPILauncher) throws {
      let campaign = try campaign(
        launcher, parameters: "{failing: 2, nan: 1}", rest: "failures: {limit: 1000}")
      let outcome = try campaign.world(ranks: 8)
      #expect(outcome.exitCode == 0, "\(outcome)")
      let learner = try #require(try campaign.contents().learners.first)
      #expect(learner.points.allSatisfy { $0.double <= 0.4 })
      #expect(!learner.failedReasons.isEmpty)
      for reason in learner.failedReasons {
        #expect(reason.contains("of the team: not for "), "\(reason)")
        #expect(reason.contains("rank 4 ") || reason.contains("rank 7 "), "\(reason)")
      }

      let other = try self.campaign(
        launcher, parameters: "{nan: 0}", rest: "failures: {limit: 1000}")
      let second = try other.world(ranks: 8)
      #expect(second.exitCode == 0, "\(second)")
      let reasons = try #require(try other.contents().learners.first).failedReasons
      #expect(!reasons.isEmpty && reasons.allSatisfy { $0.contains("nan") }, "\(reasons)")
    }

    /// One rank does not come to what the team does together: the others wait for ever, inside MPI.
    /// Their points go elsewhere, the rest is computed, and the world ends in time with its code.
    @Test(arguments: try MPILauncher.all("adaptive-mpi"), [0, 2])
    func aTeamThatHangsIsGivenUp(launcher: MPILauncher, missing: Int) throws {
      let campaign = try campaign(
        launcher, team: "3, timeout: 2", parameters: "{seconds: 0.005, missing: \(missing)}",
        goal: 200, rest: "retries: 0\nfailures: {limit: 1000}")
      let outcome = try campaign.world(ranks: 14, seconds: 60)
      // Three of four teams hang at most: points next to one that failed are close to it.
      #expect([0, 70].contains(outcome.exitCode), "\(outcome)")
      #expect(outcome.standardOutput.contains("timed out: no answer within 2.0 s"), "\(outcome)")
      #expect(try campaign.look("verify").exitCode == 0)
      let learner = try #require(try campaign.contents().learners.first)
      #expect(learner.points.allSatisfy { !(0.4 < $0.double && $0.double < 0.45) })
      #expect(learner.points.count > 8)
    }

    /// Any rank of a team dies: the world does, and the next one computes nothing again.
    @Test(arguments: try MPILauncher.all("adaptive-mpi"), [2, 4, 8])
    func aMemberIsKilled(launcher: MPILauncher, rank: Int) throws {
      let seed = TestSeed()
      var generator = seed.generator(stream: UInt64(rank))
      let campaign = try campaign(
        launcher, parameters: "{seconds: 0.02}", goal: 120,
        rest: "checkpoint: {interval: 0.5, commit: 0.1}")
      let world = try campaign.start(ranks: 9)
      let count = Int.random(in: 30...200, using: &generator)
      try wait(for: "\(seed): evaluations") { points(campaign).count >= count }
      try #require(launcher.ranks(of: world)[rank]).send(signal: SIGKILL)
      let killed = world.finish(within: 30)
      #expect([1, 9, 128 + SIGKILL].contains(killed.exitCode), "\(seed) \(killed)")
      campaign.expectNothingLeft(of: world)
      let saved = try campaign.contents().told[0]
      let before = points(campaign).count
      // Fewer ranks, another team.
      let outcome = try campaign.world(ranks: 6, ["--set", "function.team=2"])
      #expect(outcome.exitCode == 0, "\(seed) \(outcome)")
      let repeated = points(campaign).dropFirst(before).filter {
        saved.contains(RunContents.Bits($0.x))
      }
      #expect(repeated.isEmpty, "\(seed)")
      #expect(try #require(try campaign.contents().learners.first).points.count >= 120)
    }

    /// A point that ends its world twice is set aside: a team cannot try it apart.
    @Test(arguments: try MPILauncher.all("adaptive-mpi"))
    func aPointThatEndsWorldsIsSetAside(launcher: MPILauncher) throws {
      let campaign = try campaign(
        launcher, parameters: "{seconds: 0.005, crashing: 1}", goal: 40)
      var outcome = try campaign.world(ranks: 8)
      var deaths = 0
      while outcome.exitCode != 0, deaths < 6 {
        deaths += 1
        outcome = try campaign.world(ranks: 8)
      }
      #expect(outcome.exitCode == 0 && deaths >= 2, "\(outcome)")
      let reasons = try #require(try campaign.contents().learners.first).failedReasons
      #expect(!reasons.isEmpty && reasons.allSatisfy { $0.contains("a team cannot try it") })
    }

    // MARK: Examples

    /// `examples/team` as its README says, with values that are known.
    @Test(arguments: try MPILauncher.all("adaptive-mpi"))
    func examples(launcher: MPILauncher) throws {
      let folder = try TemporaryDirectory()
      let source = Programs.repository.appendingPathComponent("examples/team")
      for name in try FileManager.default.contentsOfDirectory(atPath: source.path) {
        try FileManager.default.copyItem(
          atPath: source.appendingPathComponent(name).path, toPath: folder.path(name))
      }
      try Programs.compileLibrary(
        folder.path("reaction.c"), to: folder.path("libreaction.so"), by: launcher.tool("mpicc"))
      // Another MPI's `mpi.mod` must not be found.
      let compiler = try RunningProcess(
        [
          launcher.tool("mpifort"), "-O2", "-Wall", "-Werror", "-fPIC", "-shared", "-o",
          "libbessel.so", "bessel.f90",
        ], directory: folder.path
      ).finish(within: 60)
      #expect(compiler.exitCode == 0, "\(compiler)")

      // The mean of 1/k^2 (1 - cosh(k(x - 1/2)) / cosh(k/2)) over the rod.
      try expectValues(
        of: "campaign.yaml", "runs/reaction", ranks: 6, in: folder, launcher, within: 1e-5
      ) { k in (1 - tanh(k / 2) / (k / 2)) / (k * k) }
      try expectValues(
        of: "bessel.yaml", "runs/bessel", ranks: 8, in: folder, launcher, within: 1e-12
      ) { x in j0(x) }
    }

    private func expectValues(
      of file: String, _ run: String, ranks: Int, in folder: TemporaryDirectory,
      _ launcher: MPILauncher, within tolerance: Double, _ expected: (Double) -> Double
    ) throws {
      let outcome = try launcher.start(ranks: ranks, ["run", file], directory: folder.path)
        .finish(within: 120)
      #expect(outcome.exitCode == 0, "\(outcome)")
      let learner = try #require(try RunContents(directory: folder.path(run)).learners.first)
      #expect(learner.points.count >= 50)
      for (point, value) in zip(learner.points, learner.values) {
        let right = expected(point.double)
        #expect(abs(value.double - right) <= tolerance, "\(file) at \(point.double)")
      }
    }

    // MARK: The end

    /// A signal to a member or to an idle rank stops the world as one to the root does; points that
    /// are under way are finished.
    @Test(arguments: try MPILauncher.all("adaptive-mpi"), [4, 8])
    func aSignalToARankOutsideTheTree(launcher: MPILauncher, rank: Int) throws {
      let campaign = try campaign(launcher, parameters: "{seconds: 0.1}", goal: 10_000)
      let world = try campaign.start(ranks: 9)
      try wait(for: "evaluations") { points(campaign).count >= 12 }
      try #require(launcher.ranks(of: world)[rank]).send(signal: SIGUSR2)
      let outcome = world.finish(within: 30)
      #expect(outcome.exitCode == 75, "\(outcome)")
      #expect(outcome.seconds < 20)
      campaign.expectNothingLeft(of: world)
      let counts = Dictionary(grouping: points(campaign), by: \.x).mapValues(\.count)
      #expect(counts.values.allSatisfy { $0 == 3 }, "a point was left half done")
      #expect(calls(campaign).filter { $0.x == 10 }.count == 6, "not torn down")
    }

    /// Points that take longer than the grace do not hold the end up.
    @Test(arguments: try MPILauncher.all("adaptive-mpi"))
    func theWorldEndsThoughATeamIsAtWork(launcher: MPILauncher) throws {
      let campaign = try campaign(
        launcher, parameters: "{seconds: 1000}", rest: "checkpoint: {grace: 1}")
      let world = try campaign.start(ranks: 8)
      try wait(for: "evaluations") { points(campaign).count >= 6 }
      try campaign.folder.write("", to: "run/stop")
      let outcome = world.finish(within: 30)
      #expect(outcome.exitCode == 75, "\(outcome)")
      #expect(outcome.seconds < 20)
      campaign.expectNothingLeft(of: world)
      #expect(try campaign.look("verify").exitCode == 0)
    }

    // MARK: Several sizes

    /// Two learners want three ranks a point, one wants one: each is served by leaves of its kind.
    @Test(arguments: try MPILauncher.all("adaptive-mpi"))
    func teamsAndSingleLeavesServeDifferentLearners(launcher: MPILauncher) throws {
      let campaign = try CampaignFolder(
        function: "team.c",
        campaign: """
          learners:
            - {name: one, kind: 1d, bounds: [-1.0, 1.0], parameters: {seconds: 0.01}, team: 3}
            - {name: two, kind: 1d, bounds: [-1.0, 1.0], parameters: {seconds: 0.005}}
            - {name: three, kind: 1d, bounds: [-0.9, 1.0], parameters: {seconds: 0.01}, team: 3}
          goal: {npoints: 60}
          checkpoint: {interval: 0.5, commit: 0.1}
          """, launcher: launcher, team: "1")
      let world = try campaign.start(ranks: 12)
      try wait(for: "evaluations") { points(campaign).count >= 100 }
      // Rank 9 is a single leaf.
      try #require(launcher.ranks(of: world)[9]).send(signal: SIGKILL)
      #expect(world.finish(within: 30).exitCode != 0)
      campaign.expectNothingLeft(of: world)
      let outcome = try campaign.world(ranks: 12)
      #expect(outcome.exitCode == 0, "\(outcome)")
      #expect(outcome.standardOutput.contains("by teams of 3 and 1"), "\(outcome)")
      // A root whose learners are done has a journal, and no need of another snapshot.
      let told = try campaign.contents().told
      #expect(told.map(\.count).allSatisfy { $0 >= 60 })
      let learners = try campaign.contents().learners
      let threes = points(campaign).filter { $0.size == 3 }
      #expect(points(campaign).allSatisfy { $0.size == 3 || $0.size == 1 })
      // Ranks 0 and 6 are roots, 1 and 7 sub-masters, and rank 5 is idle.
      #expect(Set(threes.map(\.worldRank)) == [2, 3, 4])
      #expect(Set(learners[0].leaves + learners[2].leaves) == [2])
      #expect(Set(learners[1].leaves).isSubset(of: [8, 9, 10, 11]))
      #expect(try campaign.look("verify").exitCode == 0)
    }

    // MARK: The start

    @Test func aTeamThatDoesNotFitIsRefused() throws {
      let launcher = try CampaignFolder.openMPI.get()
      let campaign = try campaign(launcher, team: "9")
      let outcome = try campaign.world(ranks: 6)
      #expect(outcome.exitCode == 78, "\(outcome)")
      #expect(
        outcome.standardError.contains("team: found 9; allowed with these ranks is 1 to 4"),
        "\(outcome)")
      #expect(calls(campaign).isEmpty)
      // With a team that fits it is a campaign like any other.
      let next = try campaign.world(ranks: 6, ["--set", "function.team=4"])
      #expect(next.exitCode == 0, "\(next)")
    }

    @Test func aMemberThatCannotBeSetUpEndsTheWorld() throws {
      let launcher = try CampaignFolder.openMPI.get()
      let campaign = try campaign(launcher)
      let world = try launcher.start(
        ranks: 8, ["run", "campaign.yaml"],
        environment: [
          "RECORDER_FILE": campaign.folder.path("evaluations"), "TEAM_REFUSES": "6",
        ], directory: campaign.folder.path)
      let outcome = world.finish(within: 60)
      #expect(outcome.exitCode == 78, "\(outcome)")
      #expect(outcome.standardError.contains("rank 6 on"), "\(outcome)")
      #expect(outcome.standardError.contains("this rank will not"), "\(outcome)")
      #expect(points(campaign).isEmpty)
    }

    @Test(arguments: try MPILauncher.all("adaptive-mpi"))
    func oneRankIsATeamOfOne(launcher: MPILauncher) throws {
      let campaign = try campaign(launcher, team: "1", goal: 20)
      #expect(try campaign.world(ranks: 1).exitCode == 0)
      #expect(try campaign.contents().pointCount >= 20)
      #expect(points(campaign).allSatisfy { $0.size == 1 })
    }

    /// Members that wait for their leader sleep.
    @Test(arguments: try MPILauncher.all("adaptive-mpi"))
    func whoWaitsSleeps(launcher: MPILauncher) throws {
      let campaign = try campaign(launcher, parameters: "{lead_seconds: 4}", goal: 2)
      let world = try campaign.start(ranks: 9)
      try wait(for: "evaluations") { points(campaign).count >= 6 }
      let ranks = launcher.ranks(of: world)
      let waiting = try [3, 4, 6, 7, 8].map { try #require(ranks[$0]) }
      // The first moments are those of the points' beginning.
      usleep(500_000)
      let before = try waiting.reduce(0) { $0 + (try #require($1.processorSeconds)) }
      let start = ContinuousClock.now
      usleep(2_000_000)
      let after = try waiting.reduce(0) { $0 + (try #require($1.processorSeconds)) }
      let seconds = Double((ContinuousClock.now - start) / .milliseconds(1)) / 1000
      let used = after - before
      #expect(used < 0.03 * seconds, "\(used) s of \(seconds) s")
      #expect(before > 0)
      #expect(world.finish(within: 60).exitCode == 0)
    }
  }
}
