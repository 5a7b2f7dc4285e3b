import AdaptiveCore
import Delegation
import Testing

/// Where a point that failed is tried again.
@Suite struct RetryTests {
  private func plan(retries: Int, points: Int = 60) -> RootMachine.Plan {
    RootMachine.Plan(
      learners: [.init(dimension: 1, goal: .npoints(points))], retries: retries,
      grace: TimeSpan(seconds: 1), failureLimit: .inRow(1000), elapsedBefore: .zero)
  }

  /// Runs a tree in which each third point fails at its first attempts, and returns the leaves of
  /// each point's attempts.
  private func leaves(
    _ topology: Topology, failing count: Int,
    secondsOf: @escaping (Double) -> Double = { _ in 0.01 }
  ) -> [Double: [Rank]] {
    var tree = MachineTree(topology, plan(retries: count))
    let attempts = Attempts()
    tree.function = { x in
      attempts.count[x, default: 0] += 1
      let fails = Int(x) % 3 == 0 && attempts.count[x]! <= count
      return fails ? .failure("bad node", seconds: secondsOf(x)) : .value(x, seconds: secondsOf(x))
    }
    tree.start()
    tree.run(until: TimeSpan(seconds: 20))
    var leaves: [Double: [Rank]] = [:]
    for (point, leaf) in tree.evaluations { leaves[point, default: []].append(leaf) }
    return leaves
  }

  private final class Attempts { var count: [Double: Int] = [:] }

  @Test(
    "the next attempt is made at another leaf",
    arguments: [
      Topology(rankCount: 3, ranksPerNode: 3, levels: 0),
      Topology(rankCount: 4, ranksPerNode: 4),
      Topology(rankCount: 9, ranksPerNode: 4),
      Topology(rankCount: 20, ranksPerNode: 4, levels: 2),
    ])
  func nextAttemptElsewhere(topology: Topology) {
    for slow in [1.0, 3.0, 50.0] {
      let leaves = leaves(topology, failing: 2) { $0 == 4 ? 0.01 * slow : 0.01 }
      #expect(leaves.count >= 60)
      var retried = 0
      for (point, ranks) in leaves where Int(point) % 3 == 0 && ranks.count > 1 {
        retried += 1
        for (before, after) in zip(ranks, ranks.dropFirst()) {
          #expect(before != after, "\(point) at \(ranks)")
        }
      }
      #expect(retried >= 15)
    }
  }

  @Test("where there is no other leaf, it is made at the same")
  func noOtherLeaf() {
    let leaves = leaves(Topology(rankCount: 3, ranksPerNode: 3, levels: 1), failing: 1)
    #expect(leaves[0] == [Rank(2), Rank(2)])
    #expect(leaves.count >= 60)
  }

  @Test("a point that waits for another leaf is not lost with it")
  func otherLeafIsLost() {
    var tree = MachineTree(Topology(rankCount: 4, ranksPerNode: 4), plan(retries: 1, points: 20))
    let attempts = Attempts()
    tree.function = { x in
      attempts.count[x, default: 0] += 1
      // Leaf 3 is busy for long while leaf 2 fails, and is lost before it has answered.
      if x == 1, attempts.count[x] == 1 { return .value(1, seconds: 10) }
      return x == 0 && attempts.count[x] == 1
        ? .failure("bad", seconds: 0.01) : .value(x, seconds: 0.01)
    }
    tree.start()
    tree.run(until: .milliseconds(100))
    let busy = tree.evaluations.first { $0.point == 1 }!.leaf
    tree.lose(busy)
    tree.run(until: TimeSpan(seconds: 5))
    #expect(tree.evaluations.filter { $0.point == 0 }.count == 2)
    #expect(tree.lines.last!.contains("finish with 0"))
  }
}

@Suite struct FailureLimitTests {
  @Test func inARowManyLeavesMayFailBeforeTheFirstValue() {
    let limit = FailureLimit.inRow(100)
    #expect(limit.isReached(givenUp: 100, inRow: 100, told: 0, inFlight: 8))
    #expect(!limit.isReached(givenUp: 500, inRow: 99, told: 0, inFlight: 8))
    #expect(!limit.isReached(givenUp: 700, inRow: 700, told: 0, inFlight: 1000))
    #expect(limit.isReached(givenUp: 2000, inRow: 2000, told: 0, inFlight: 1000))
  }

  @Test func aShareIsOfAllThatMayTurnOutWell() {
    let limit = FailureLimit.share(0.1)
    #expect(!limit.isReached(givenUp: 9, inRow: 9, told: 0, inFlight: 0))
    #expect(limit.isReached(givenUp: 10, inRow: 1, told: 90, inFlight: 0))
    #expect(!limit.isReached(givenUp: 10, inRow: 1, told: 90, inFlight: 1))
    #expect(FailureLimit.count(3).isReached(givenUp: 3, inRow: 0, told: 1000, inFlight: 1000))
  }
}
