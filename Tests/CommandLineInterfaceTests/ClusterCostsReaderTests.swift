import Delegation
import Foundation
import Learners
import Simulation
import Testing
import _TestSupport

@testable import CommandLineInterface

@Suite struct ClusterCostsReaderTests {
  private static let least = """
    name: mine
    source: here
    within_node: {latency: 1e-6}
    """

  private func read(_ text: String) throws -> ClusterCosts {
    try ClusterCostsReader.read(Array(text.utf8), source: "cluster.yaml")
  }

  @Test("what is left out costs nothing, and is as far as within a node") func leastOfAll() throws {
    let costs = try read(Self.least)
    #expect(costs.name == "mine" && costs.betweenNodes == costs.withinNode)
    #expect(costs.processing == ClusterCosts.Processing() && costs.coresPerNode == nil)
  }

  @Test("the documented file is read") func documented() throws {
    let document = try String(
      contentsOfFile: Programs.repository.path + "/docs/scaling.md", encoding: .utf8)
    let text = try #require(document.split(separator: "```yaml\n").dropFirst().first)
    let costs = try read(String(text.split(separator: "```")[0]))
    #expect(costs.betweenNodes.latency == 2.6e-6 && costs.coresPerNode == 2)
    #expect(costs.learner(.oneDimensional)?.ask == 4e-7)
    #expect(costs.waking.polls)
  }

  @Test("the calibrated file is the built-in two-cores") func calibrated() throws {
    let path = Programs.repository.path + "/benchmarks/scaling/calibrate/two-cores.yaml"
    let bytes = try Data(contentsOf: URL(fileURLWithPath: path))
    let costs = try ClusterCostsReader.read(Array(bytes), source: path)
    #expect(costs == (try ClusterCostsReader.costs("two-cores")))
  }

  @Test(arguments: [
    ("latency: 1e-6", "latency: -1"), ("latency: 1e-6", "latency: fast"),
    ("latency: 1e-6", "latencies: 1e-6"), ("name: mine", "nam: mine"),
    ("source: here", "source: here\nlearners: {7d: {ask: 1, tell: 1}}"),
    ("source: here", "source: here\nlearners: {1d: {ask: 1}}"),
    ("source: here", "source: here\nwaking: {polls: maybe}"),
    ("source: here", "source: here\ncores_per_node: 0"),
  ])
  func refusals(found: String, wrong: String) throws {
    let error = try #require(throws: EarlyEnd.self) {
      try read(Self.least.replacing(found, with: wrong))
    }
    #expect(error.exitCode == .campaignWrong)
    #expect(error.detail.contains("cluster.yaml:") && error.detail.contains("allowed"))
  }

  @Test("a name that is none is refused with those that are") func unknownName() throws {
    let error = try #require(throws: EarlyEnd.self) { try ClusterCostsReader.costs("slingshut") }
    #expect(error.exitCode == .usage && error.detail.contains("slingshot"))
    let missing = try #require(throws: EarlyEnd.self) {
      try ClusterCostsReader.costs("./no-such.yaml")
    }
    #expect(missing.exitCode == .fileMissing)
  }
}
