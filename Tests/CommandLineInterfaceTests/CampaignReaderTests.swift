import AdaptiveCore
import Delegation
import Learners
import Testing

@testable import CommandLineInterface

@Suite struct CampaignReaderTests {
  @Test func everyKeyArrives() throws {
    let campaign = try read(wholeCampaign)
    #expect(campaign.name == "nanowire")
    #expect(campaign.directory == "/campaigns/runs/wire")
    #expect(campaign.function == .library(path: "/campaigns/libnanowire.so", symbol: "gap"))
    #expect(
      campaign.goal
        == .all([.loss(0.01), .any([.npoints(2000), .time(TimeSpan(seconds: 7200))])]))
    #expect(campaign.tree == .init(leavesPerSubmaster: 127, levels: 2, roots: 3))
    #expect(campaign.checkpoint.interval == TimeSpan(seconds: 300))
    #expect(campaign.checkpoint.meanTimeBetweenFailures == TimeSpan(seconds: 43200))
    #expect(campaign.checkpoint.commit == TimeSpan(seconds: 2))
    #expect(campaign.checkpoint.grace == TimeSpan(seconds: 45))
    #expect(campaign.retries == 3)
    #expect(campaign.failureLimit == .count(50))
    #expect(campaign.seed == 7)
    #expect(campaign.walltime == TimeSpan(seconds: 86400 + 1800))
  }

  @Test func aSweepMakesEveryCombinationInTheFilesOrder() throws {
    let learners = try read(wholeCampaign).learners
    #expect(
      learners.map(\.name) == [
        "mu=0.0 B=1", "mu=0.0 B=2", "mu=0.0 B=3", "mu=1e-1 B=1", "mu=1e-1 B=2", "mu=1e-1 B=3",
        "plain",
      ])
    #expect(
      learners[4].parameters == [
        .init(name: "delta", value: 0.5), .init(name: "alpha", value: -1),
        .init(name: "mu", value: 0.1), .init(name: "field", value: 2),
      ])
    #expect(learners.map(\.valueCount) == [2, 2, 2, 2, 2, 2, 1])
    #expect(learners.map(\.seed) == [7, 8, 9, 10, 11, 12, 13])
    #expect(
      learners[0].kind
        == .oneDimensional(
          try Learner1DSettings(
            lower: 0, upper: 3, loss: .curvature(area: 1, euclid: 0.5, horizontal: 0.25))))
    #expect(
      learners[6].kind
        == .oneDimensional(try Learner1DSettings(lower: -1, upper: 100, loss: .absMinLog)))
  }

  @Test func whatIsLeftOutHasItsDefault() throws {
    let campaign = try read(smallCampaign())
    #expect(campaign.directory == "/campaigns/runs/small")
    #expect(campaign.function == .builtin(name: "peak", settings: []))
    #expect(campaign.goal == .loss(0.1))
    #expect(campaign.tree == .init())
    #expect(campaign.checkpoint.interval == nil)
    #expect(campaign.checkpoint.commit == TimeSpan(seconds: 1))
    #expect(campaign.checkpoint.grace == TimeSpan(seconds: 30))
    #expect(campaign.retries == 1)
    #expect(campaign.failureLimit == .inRow(100))
    #expect(campaign.walltime == nil)
    #expect(campaign.learners.map(\.valueCount) == [1])
    #expect(
      campaign.learners[0].kind == .oneDimensional(try Learner1DSettings(lower: 0, upper: 1)))
    let library = try read(smallCampaign(function: "function: {library: /opt/lib.so}"))
    #expect(library.function == .library(path: "/opt/lib.so", symbol: "adaptive_mpi_function"))
  }

  @Test(arguments: [
    ("{loss: 0.5, npoints: 10}", Goal.any([.loss(0.5), .npoints(10)])),
    ("{time: 90}", .time(TimeSpan(seconds: 90))),
    ("{time: 1.5h}", .time(TimeSpan(seconds: 5400))),
    ("{all: [{npoints: 1}]}", .all([.npoints(1)])),
  ])
  func goalsTakeEachForm(text: String, goal: Goal) throws {
    #expect(try read(smallCampaign(goal: "goal: \(text)")).goal == goal)
  }

  @Test func overridesReplaceAndAddKeys() throws {
    func override(_ key: String, _ value: String) -> CampaignOverride {
      CampaignOverride(key: key, value: value, source: "--set \(key)")
    }
    let campaign = try read(
      smallCampaign(),
      overrides: [
        override("goal", "{npoints: 5}"), override("checkpoint.grace", "3"),
        override("name", "other"),
      ])
    #expect(campaign.goal == .npoints(5))
    #expect(campaign.checkpoint.grace == TimeSpan(seconds: 3))
    #expect(campaign.directory == "/campaigns/runs/other")
    #expect(
      refusal(of: smallCampaign(), overrides: [override("checkpoint.grace", "soon")])
        == "--set checkpoint.grace:1:1: checkpoint.grace: found 'soon'; allowed: "
        + TimeSpan.textForms)
    #expect(
      refusal(of: smallCampaign(), overrides: [override("name.first", "1")])
        .contains("where 'first' would be; allowed: a mapping"))
    #expect(refusal(of: smallCampaign(), overrides: [override("a..b", "1")]).contains("dots"))
  }
}
