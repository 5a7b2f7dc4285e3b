import AdaptiveCore
import Delegation
import Testing
import _TestSupport

/// Points that take long are evaluated a second time near the goal, if that is asked for.
@Suite struct StragglerTests {
  private func plan(duplicates: Bool, points: Int, retries: Int = 1) -> RootMachine.Plan {
    var plan = RootMachine.Plan(
      learners: [.init(dimension: 1, goal: .npoints(points))], retries: retries,
      grace: TimeSpan(seconds: 30), failureLimit: .inRow(1000), elapsedBefore: .zero)
    plan.duplicatesStragglers = duplicates
    return plan
  }

  private final class Attempts { var count: [Double: Int] = [:] }

  @Test(
    "the first answer counts, and nobody waits for the other", arguments: [false, true],
    [
      Topology(rankCount: 4, ranksPerNode: 4, levels: 0), Topology(rankCount: 6, ranksPerNode: 6),
      Topology(rankCount: 9, ranksPerNode: 4),
    ])
  func firstAnswerCounts(duplicates: Bool, topology: Topology) {
    var tree = MachineTree(topology, plan(duplicates: duplicates, points: 30))
    let attempts = Attempts()
    tree.function = { x in
      attempts.count[x, default: 0] += 1
      return .value(x, seconds: x == 20 && attempts.count[x] == 1 ? 20 : 0.2)
    }
    tree.start()
    tree.run(until: TimeSpan(seconds: 60))
    #expect(tree.lines.last!.contains("finish with 0"))
    // What follows the straggler at its leaf is held up with it, and then evaluated elsewhere too.
    #expect(tree.evaluations.count == (duplicates ? 32 : 30))
    #expect(tree.evaluations.filter { $0.point == 20 }.count == (duplicates ? 2 : 1))
    #expect(
      Set(tree.evaluations.filter { $0.point == 20 }.map(\.leaf)).count == (duplicates ? 2 : 1))
    #expect(tree.lines.filter { $0.contains("tell learner 0: [20.0]") }.count == 1)
    let end = tree.lines.firstIndex { $0.contains("save, then end with goalReached") }
    let at = end.flatMap { end in
      tree.lines[...end].last { $0.contains(" ms, root") }.flatMap {
        Double($0.prefix { $0 != " " })
      }
    }
    #expect((at ?? 0) < (duplicates ? 12_000 : 30_000) && (duplicates || at! > 20_000))
  }

  @Test(
    "whatever lasts, fails and is lost, every point is told or given up once", arguments: 1...60)
  func onceEach(part: UInt64) throws {
    let seed = TestSeed()
    var random = seed.generator(stream: part)
    let ranks = Int.random(in: 3...12, using: &random)
    let topology = Topology(rankCount: ranks, ranksPerNode: Int.random(in: 3...6, using: &random))
    let points = Int.random(in: 5...40, using: &random)
    var tree = MachineTree(topology, plan(duplicates: true, points: points, retries: 2))
    var source = random
    tree.function = { _ in
      let seconds = Double.random(in: 0...1, using: &source) < 0.2 ? 5.0 : 0.05
      return Double.random(in: 0...1, using: &source) < 0.1
        ? .failure("bad", seconds: seconds) : .value(1, seconds: seconds)
    }
    tree.start()
    tree.run(until: TimeSpan(seconds: Double.random(in: 0.1...8, using: &random)))
    let leaves = (1..<ranks).map { Rank($0) }.filter { topology.role(of: $0) == .leaf }
    if leaves.count > 2, Bool.random(using: &random) {
      tree.lose(leaves.randomElement(using: &random)!)
    }
    tree.run(until: TimeSpan(seconds: 400))
    let settled = tree.lines.compactMap { line -> String? in
      guard line.contains("tell learner") || line.contains("give up [") else { return nil }
      return line.split(separator: "[").dropFirst().first.map { String($0.prefix { $0 != "]" }) }
    }
    #expect(Set(settled).count == settled.count, "\(seed), part \(part)")
    #expect(
      tree.lines.filter { $0.contains("tell learner") }.count == points, "\(seed), part \(part)")
    #expect(tree.lines.contains { $0.contains("finish with 0") }, "\(seed), part \(part)")
  }
}

/// A point that may have ended earlier worlds.
@Suite struct SuspectTests {
  private func tree(_ answer: @escaping (Double) -> MachineTree.Answer) -> MachineTree {
    var learner = RootMachine.LearnerPlan(dimension: 1, goal: .npoints(8))
    learner.suspects = [1]
    var tree = MachineTree(
      Topology(rankCount: 4, ranksPerNode: 4),
      RootMachine.Plan(
        learners: [learner], retries: 3, grace: TimeSpan(seconds: 1), failureLimit: .inRow(100),
        elapsedBefore: .zero))
    tree.function = answer
    tree.start(pending: [0.25, 0.5, 0.75])
    tree.run()
    return tree
  }

  @Test("it is evaluated by itself, apart, and told like any other")
  func apart() {
    let tree = tree { .value($0, seconds: 0.001) }
    let apart = tree.lines.filter { $0.contains("evaluate apart") }
    #expect(apart.count == 1 && apart[0].hasSuffix(": [0.5]"))
    #expect(tree.lines.contains { $0.contains("tell learner 0: [0.5]") })
  }

  @Test("a failure of another kind is one, and tried again apart")
  func raised() {
    let tree = tree { $0 == 0.5 ? .failure("bad", seconds: 0.001) : .value($0, seconds: 0.001) }
    #expect(tree.lines.filter { $0.contains("evaluate apart") }.count == 4)
    #expect(tree.lines.contains { $0.contains("give up [0.5] of learner 0 after 4 attempts: bad") })
  }

  @Test("where it ends its process, it is set aside at once")
  func quarantined() {
    let tree = tree {
      $0 == 0.5 ? .ended("signal 11", seconds: 0.001) : .value($0, seconds: 0.001)
    }
    #expect(tree.lines.filter { $0.contains("evaluate apart") }.count == 1)
    #expect(
      tree.lines.contains {
        $0.contains(
          "give up [0.5] of learner 0 after 1 attempts: signal 11; it was being evaluated")
      })
  }
}
