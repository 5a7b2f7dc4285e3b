import AdaptiveCore
import Delegation
import Testing

@testable import CommandLineInterface

@Suite struct WorldPlanTests {
  private func plans() throws -> [Result<WorldPlan, EarlyEnd>] {
    let losses = [
      "default", "uniform", "abs_min_log", "triangle", "{resolution: {min: 0.1, max: 0.5}}",
    ]
    let learners = losses.enumerated().map {
      "{name: é\($0.offset), kind: 1d, bounds: [0, 1], loss: \($0.element)}"
    }
    let outputs = "outputs: [e, {name: s, size: 4}]\nlearn: s"
    let builtin = "function: {builtin: peak, seconds: 0.5, fails: [0.1, 0.2]}"
    var shared = plan(try read(wholeCampaign))
    shared.roots = WorldPlan.Roots(
      record: "world: 7\n", campaign: wholeCampaign, elapsed: TimeSpan(seconds: 1.5),
      suspects: "learner 0\n", isCautious: true)
    return [
      .success(plan(try read(wholeCampaign))), .success(shared),
      .success(plan(try read(smallCampaign(more: outputs)))),
      .success(plan(try read(smallCampaign(function: "function: {swift: peak, timeout: 3}")))),
      .success(
        plan(
          try read(
            smallCampaign(
              function: builtin, learners: "learners: [\(learners.joined(separator: ", "))]")))),
      .success(
        plan(
          try read(
            smallCampaign(
              function: "function: {python: 'p.py:f', batch: true, timeout: 2, max_rss: 1G, "
                + "setup: load, setup_node: [./stage, a]}")))),
      .success(
        plan(
          try read(
            smallCampaign(
              function: "function: {command: [./p, '{x}'], mode: per_point, keep: failed, "
                + "result: {file: o, pattern: 'e {}'}, environment: {A: b}, "
                + "threads: 2, setup: [s, t]}"
            )))),
      .success(plan(try read(teamsOfTwoSizes))),
      .failure(EarlyEnd(.fileMissing, "no file 'ü.yaml'")),
    ]
  }

  private func plan(_ campaign: Campaign) -> WorldPlan {
    WorldPlan(campaign, functionIdentity: FunctionIdentity(text: "f"), build: "0, 1 byte")
  }

  @Test func whatIsWrittenIsRead() throws {
    for plan in try plans() {
      #expect(try WorldPlan.decode(WorldPlan.encode(plan)) == plan)
    }
  }

  @Test func everyShorterOrLongerRunOfBytesIsRefused() throws {
    for plan in try plans() {
      let bytes = WorldPlan.encode(plan)
      for count in bytes.indices {
        #expect(throws: DecodingError.self) { try WorldPlan.decode(Array(bytes[..<count])) }
      }
      #expect(throws: DecodingError.self) { try WorldPlan.decode(bytes + [0]) }
    }
  }

  @Test(arguments: 1...4)
  func changedBytesNeverTrap(seed: Int) throws {
    var random = RandomSource(seed: UInt64(seed))
    var refusedCount = 0
    for plan in try plans() {
      let whole = WorldPlan.encode(plan)
      for _ in 0..<500 {
        var bytes = whole
        bytes[Int.random(in: bytes.indices, using: &random)] = .random(in: 0...255, using: &random)
        do throws(DecodingError) { _ = try WorldPlan.decode(bytes) } catch { refusedCount += 1 }
      }
    }
    #expect(refusedCount > 0, "seed \(seed)")
  }
}
