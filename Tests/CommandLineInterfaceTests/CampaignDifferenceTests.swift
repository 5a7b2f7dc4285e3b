import Learners
import Testing

@testable import CommandLineInterface

@Suite struct CampaignDifferenceTests {
  private let before = smallCampaign(
    learners: """
      learners:
        - {name: "mu={mu}", kind: 1d, bounds: [0, 3], sweep: {mu: [0, 1]}}
      """)

  private func lines(_ after: String) throws -> [String] {
    CampaignDifference.lines(
      checkpoint: try read(before).learners, campaign: try read(after).learners)
  }

  @Test func whatEachWorldMayChooseIsNoDifference() throws {
    let after =
      before.replacing("{loss: 0.1}", with: "{npoints: 9}")
      + "tree: {levels: 1}\nretries: 5\ncheckpoint: {interval: 5, grace: 1}\nwalltime: 4h"
    #expect(try lines(after) == [])
  }

  @Test(arguments: [
    (
      "[0, 3]", "[0, 4]",
      "bounds of learner mu=0: checkpoint has [0.0, 3.0], campaign asks [0.0, 4.0]"
    ),
    (
      "kind: 1d", "kind: 1d, loss: uniform",
      "loss of learner mu=0: checkpoint has default, campaign asks uniform"
    ),
    (
      "kind: 1d", "kind: 1d, outputs: 2",
      "outputs of learner mu=0: checkpoint has 1, campaign asks 2"
    ),
    (
      "kind: 1d", "kind: 1d, outputs: [e, {name: s, size: 4}], learn: s",
      "outputs of learner mu=0: checkpoint has 1, campaign asks e, s of 4; learned s"
    ),
    (
      "kind: 1d", "kind: 1d, parameters: {a: 2}",
      "parameters of learner mu=0: checkpoint has mu = 0.0, campaign asks a = 2.0, mu = 0.0"
    ),
    (
      "name: small", "name: small\nseed: 5",
      "seed of learner mu=0: checkpoint has 0, campaign asks 5"
    ),
  ])
  func whatShapesPointsIsShown(old: String, new: String, line: String) throws {
    let found = try lines(before.replacing(old, with: new, maxReplacements: 1))
    #expect(found.first == line)
    #expect(found.count == 2, "both learners of the sweep differ: \(found)")
  }

  @Test func learnersThatCameOrWentOrMovedAreNamed() throws {
    #expect(
      try lines(before.replacing("[0, 1]", with: "[0, 2]")) == [
        "learner mu=1: in the checkpoint, but not in the campaign",
        "learner mu=2: in the campaign, but not in the checkpoint",
      ])
    #expect(
      try lines(before.replacing("[0, 1]", with: "[1, 0]")) == [
        "place 1 in the list of learners: checkpoint has mu=0, campaign asks mu=1",
        "place 2 in the list of learners: checkpoint has mu=1, campaign asks mu=0",
      ])
  }

  @Test func aRebuiltFunctionIsADifference() {
    let saved = FunctionIdentity(text: "symbol f, sha256 01")
    let rebuilt = FunctionIdentity(text: "symbol f, sha256 02")
    #expect(CampaignDifference.line(checkpoint: saved, campaign: saved) == nil)
    #expect(
      CampaignDifference.line(checkpoint: saved, campaign: rebuilt)
        == "function: checkpoint has symbol f, sha256 01, campaign asks symbol f, sha256 02")
  }
}
