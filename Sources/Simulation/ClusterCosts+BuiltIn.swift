import Learners

/// Costs that come with the program: roles, learners and waking as `benchmarks/scaling/calibrate`
/// measured them on a small machine on 25 November 2026, bytes and learners scaled since by the
/// instructions that roles take (`benchmarks/callgrind/check-tree.sh`); networks as others
/// published them.
extension ClusterCosts {
  /// By name.
  package static let builtIn: [ClusterCosts] = [slingshot, infiniBand, twoCores]

  /// What a role's work costs one core of an AMD EPYC in a virtual machine.
  private static func withMeasuredRoles(_ costs: ClusterCosts) -> ClusterCosts {
    var costs = costs
    costs.processing.send = 1.08e-06
    costs.processing.receive = 1.08e-06
    costs.processing.byte = 1.09e-09
    costs.processing.turn = 1e-07
    costs.learners = [
      LearnerCost(.oneDimensional, ask: 3.51e-07, tell: 3.51e-07),
      LearnerCost(.counting, ask: 1.56e-07, tell: 1.56e-07),
    ]
    costs.journal.record = 7.76e-08
    costs.journal.commit = 2e-06
    costs.journal.snapshotPoint = 2e-10
    costs.waking.ring = 1.6e-05
    costs.waking.thread = 5.53e-05
    costs.waking.polls = true
    costs.startSpread = 0.01
    return costs
  }

  private static let sharedMemory = Link(
    latency: 1.25e-07, spread: 0.0467, bytesPerSecond: 8.26e9)

  /// Frontier's network: mean and 99th percentile of the latency of 8 bytes, two-sided, random
  /// ring, from GPCNeT in Atchley et al., "Frontier: Exploring Exascale", SC 2023; 25 GB/s a NIC.
  private static let slingshot: ClusterCosts = {
    var costs = ClusterCosts(
      name: "slingshot",
      source: "network: Slingshot 11, GPCNeT on Frontier (Atchley et al., SC 2023); roles: "
        + "measured on 2 cores of an AMD EPYC, scaled by counts of instructions since",
      withinNode: sharedMemory,
      betweenNodes: Link(latency: 2.6e-6, spread: 0.26, bytesPerSecond: 25e9))
    costs.waking.spin = 2e-3
    return withMeasuredRoles(costs)
  }()

  /// About what the MVAPICH project published for osu_latency and osu_bw between two nodes with
  /// HDR adapters.
  private static let infiniBand: ClusterCosts = {
    var costs = ClusterCosts(
      name: "infiniband",
      source: "network: InfiniBand HDR, osu_latency and osu_bw as published by the MVAPICH "
        + "project; roles: measured on 2 cores of an AMD EPYC, scaled by counts of "
        + "instructions since",
      withinNode: sharedMemory,
      betweenNodes: Link(latency: 1.1e-6, spread: 0.2, bytesPerSecond: 24.5e9))
    costs.waking.spin = 2e-3
    return withMeasuredRoles(costs)
  }()

  /// The machine that the roles were measured on: all ranks share two cores.
  private static let twoCores: ClusterCosts = {
    var costs = ClusterCosts(
      name: "two-cores",
      source: "measured on 2 cores of AMD EPYC, 2026-11-25, commit 006832d, scaled by counts of "
        + "instructions since",
      withinNode: sharedMemory, betweenNodes: sharedMemory)
    costs.coresPerNode = 2
    return withMeasuredRoles(costs)
  }()
}
