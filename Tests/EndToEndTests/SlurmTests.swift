import Foundation
import Glibc
import Testing
import _TestSupport

extension EndToEndTests {
  /// `jobscripts/slurm.sh` in a real Slurm, as a user submits it.
  @Suite(
    .serialized,
    .disabled(if: SlurmCluster.obstacle != nil, "no Slurm here: \(SlurmCluster.obstacle ?? "")"))
  struct SlurmTests {
    private static let oneNode = "--partition=low"

    @Test func reachesItsGoal() throws {
      let cluster = try SlurmCluster()
      let campaign = try CampaignFolder.recorder(seconds: 0.01, goal: 100)
      let job = try cluster.submit(campaign, Self.oneNode, "--ntasks=4", "--time=5")
      try expectGoal(of: job, campaign)
      #expect(job.output.contains("life 1 of job \(job.id) on n1: \(campaign.launcher.program)"))
      #expect(try job.restarts() == 0)
    }

    @Test(arguments: ["mpirun", "srun --mpi=pmix"])
    func reachesItsGoalOnTwoNodes(launch: String) throws {
      let cluster = try SlurmCluster()
      let campaign = try CampaignFolder.recorder(seconds: 0.01, goal: 100)
      let job = try cluster.submit(
        campaign, "--nodes=2", "--ntasks=6", "--time=5",
        environment: ["ADAPTIVE_MPI_LAUNCH": launch])
      try expectGoal(of: job, campaign)
      #expect(job.output.contains("on n[2-3]"))
    }

    /// USR2 comes before the time is over: stopped with 75, back into the queue, on to the goal.
    @Test func goesOnAfterTheTimeLimit() throws {
      let cluster = try SlurmCluster()
      let campaign = try CampaignFolder.recorder(seconds: 0.1, goal: 230)
      let job = try cluster.submit(
        campaign, Self.oneNode, "--ntasks=3", "--time=1", "--signal=B:USR2@50")
      try expectGoal(of: job, campaign)
      #expect(try job.restarts() >= 1)
      #expect(job.output.contains("stopped, with more to do"))
    }

    /// One rank asks, evaluates and tells in one order only, however often it is thrown out.
    @Test func tenPreemptionsChangeNothing() throws {
      let cluster = try SlurmCluster()
      let undisturbed = try CampaignFolder.recorder(seconds: 0, goal: 400)
      #expect(try undisturbed.world(ranks: 1).exitCode == 0)
      let campaign = try CampaignFolder.recorder(seconds: 0.02, goal: 400)
      // "lower" is ended without notice; "low" gets USR2 and a minute.
      let job = try cluster.submit(campaign, "--partition=lower", "--ntasks=1", "--time=60")
      for cycle in 1...10 {
        let count = campaign.evaluations().count
        try wait(for: "life \(cycle) to evaluate\n\(job.output)", seconds: 90) {
          campaign.evaluations().count >= count + 10
        }
        try cluster.run(
          "sbatch", "--partition=high", "--ntasks=16", "--time=1", "--output=/dev/null", "--wrap",
          "true")
        try wait(for: "preemption \(cycle)\n\(job.output)", seconds: 60, every: 0.1) {
          try job.restarts() >= cycle
        }
      }
      try expectGoal(of: job, campaign)
      let expected = try undisturbed.contents()
      let found = try campaign.contents()
      for (one, other) in zip(expected.learners, found.learners) {
        #expect(one.points == other.points)
        #expect(one.values == other.values)
      }
    }

    @Test func preemptionWithNoticeStopsInGoodOrder() throws {
      let cluster = try SlurmCluster()
      let campaign = try CampaignFolder.recorder(seconds: 0.02, goal: 600)
      let job = try cluster.submit(campaign, Self.oneNode, "--ntasks=3", "--time=60")
      try waitForEvaluations(50, in: campaign)
      try cluster.run(
        "sbatch", "--partition=high", "--ntasks=16", "--time=1", "--output=/dev/null", "--wrap",
        "true")
      try expectGoal(of: job, campaign)
      #expect(try job.restarts() >= 1)
      #expect(job.output.contains("stopped, with more to do"))
    }

    @Test func goesOnAfterScancel() throws {
      let cluster = try SlurmCluster()
      let campaign = try CampaignFolder.recorder(seconds: 0.02, goal: 300)
      let job = try cluster.submit(campaign, Self.oneNode, "--ntasks=4", "--time=5")
      try waitForEvaluations(50, in: campaign)
      try cluster.run("scancel", job.id)
      #expect(try job.end(within: 60) == "CANCELLED")
      let count = campaign.evaluations().count
      let saved = try campaign.contents()
      let next = try cluster.submit(campaign, Self.oneNode, "--ntasks=3", "--time=5")
      try expectGoal(of: next, campaign)
      let repeated = campaign.evaluations().dropFirst(count).filter {
        saved.told[$0.learner].contains($0.point)
      }
      #expect(repeated.isEmpty)
    }

    @Test func goesOnAfterRequeueByHand() throws {
      let cluster = try SlurmCluster()
      let campaign = try CampaignFolder.recorder(seconds: 0.02, goal: 300)
      let job = try cluster.submit(campaign, Self.oneNode, "--ntasks=4", "--time=5")
      try waitForEvaluations(50, in: campaign)
      try cluster.run("scontrol", "requeue", job.id)
      try expectGoal(of: job, campaign)
      #expect(try job.restarts() == 1)
    }

    /// The world dies with the node; the job goes back into the queue, and on when it can.
    @Test func goesOnAfterANodeDied() throws {
      let cluster = try SlurmCluster()
      let campaign = try CampaignFolder.recorder(seconds: 0.02, goal: 300)
      let job = try cluster.submit(campaign, "--nodes=2", "--ntasks=6", "--time=10")
      try waitForEvaluations(50, in: campaign)
      try cluster.node("kill", "n3")
      try wait(for: "the job to leave the dead node\n\(job.output)", seconds: 120, every: 0.2) {
        try job.restarts() >= 1 || job.state() == "PENDING"
      }
      try cluster.node("start", "n3")
      try expectGoal(of: job, campaign)
    }

    @Test func aStopFileEndsTheJob() throws {
      let cluster = try SlurmCluster()
      let campaign = try CampaignFolder.recorder(seconds: 0.02, goal: 100_000)
      let job = try cluster.submit(campaign, Self.oneNode, "--ntasks=3", "--time=5")
      try waitForEvaluations(20, in: campaign)
      try campaign.folder.write("", to: "run/stop")
      #expect(try job.end(within: 60) == "FAILED")
      #expect(try job.exitCode() == 75)
      #expect(try job.restarts() == 0)
    }

    @Test func aWrongCampaignEndsTheJob() throws {
      let cluster = try SlurmCluster()
      let campaign = try CampaignFolder(function: "crashing.c", campaign: "goal: {npoints: 1}")
      let job = try cluster.submit(campaign, Self.oneNode, "--ntasks=3", "--time=5")
      #expect(try job.end(within: 60) == "FAILED")
      #expect(try job.exitCode() == 78)
      #expect(try job.restarts() == 0)
    }

    @Test func crashesWithoutANewPointEndTheJob() throws {
      let cluster = try SlurmCluster()
      let campaign = try CampaignFolder(
        function: "crashing.c",
        campaign: """
          learners: [{name: one, kind: 1d, bounds: [-1.0, 1.0]}]
          goal: {npoints: 20}
          """)
      let job = try cluster.submit(campaign, Self.oneNode, "--ntasks=3", "--time=5")
      #expect(try job.end(within: 90) == "FAILED")
      #expect(job.output.contains("3 relaunches brought no new point"), "\(job.output)")
      #expect(job.output.contains("world 4 begins with 0 points"), "\(job.output)")
      #expect(!job.output.contains("world 5"), "\(job.output)")
    }

    /// Without an mpirun no world ever begins; that, too, must end.
    @Test func aLauncherThatIsMissingEndsTheJob() throws {
      let cluster = try SlurmCluster()
      let campaign = try CampaignFolder.recorder(seconds: 0.02, goal: 100)
      let job = try cluster.submit(
        campaign, Self.oneNode, "--ntasks=3", "--time=5",
        environment: ["ADAPTIVE_MPI_LAUNCH": "no-such-launcher"])
      #expect(try job.end(within: 90) == "FAILED")
      #expect(try job.exitCode() == 127)
    }

    private func expectGoal(
      of job: SlurmJob, _ campaign: CampaignFolder,
      sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
      let state = try job.end(within: 150)
      #expect(state == "COMPLETED", "\(job.output)", sourceLocation: sourceLocation)
      #expect(
        job.output.hasSuffix("adaptive-mpi: goal reached\n"), "\(job.output)",
        sourceLocation: sourceLocation)
      expectEachPointOnce(in: campaign, try campaign.contents(), sourceLocation: sourceLocation)
    }
  }
}
