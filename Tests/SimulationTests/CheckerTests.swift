import AdaptiveCore
import Delegation
import Learners
import NodeRuntime
import Simulation
import Testing

/// The checker notices what it is there for, and a seed repeats a run.
@Suite struct CheckerTests {
  private let learner = LearnerIndex(0)

  private func definition() throws -> LearnerDefinition {
    LearnerDefinition(
      name: "peak", kind: .oneDimensional(try Learner1DSettings(lower: -1, upper: 1)))
  }

  private func value(at x: Double) -> [Double] {
    [SimulatedFunction.value(learner, at: x, component: 0)]
  }

  @Test("a correct history has no violations") func correct() throws {
    let checker = ClusterChecker()
    checker.worldBegins(try CampaignState([definition()]))
    checker.asked(learner, at: 0.5)
    checker.evaluationStarted(learner, at: 0.5)
    checker.evaluationSucceeded(learner, at: 0.5, by: Rank(1))
    checker.told(learner, at: 0.5, value: value(at: 0.5))
    #expect(checker.violations == [])
  }

  @Test("each kind of wrong history is found") func wrong() throws {
    let histories: [(String, (ClusterChecker) throws -> Void)] = [
      (
        "told twice",
        { checker in
          checker.asked(learner, at: 0.5)
          checker.told(learner, at: 0.5, value: value(at: 0.5))
          checker.told(learner, at: 0.5, value: value(at: 0.5))
        }
      ),
      ("told unasked", { $0.told(learner, at: 0.5, value: value(at: 0.5)) }),
      (
        "another value",
        { checker in
          checker.asked(learner, at: 0.5)
          checker.told(learner, at: 0.5, value: value(at: 0.25))
        }
      ),
      (
        "asked twice",
        { checker in
          checker.asked(learner, at: 0.5)
          checker.asked(learner, at: 0.5)
        }
      ),
      (
        "never told",
        { checker in
          checker.asked(learner, at: 0.5)
          checker.evaluationSucceeded(learner, at: 0.5, by: Rank(1))
          checker.worldEnds(try CampaignState([definition()]), isComplete: true)
        }
      ),
      (
        "not saved",
        { checker in
          checker.asked(learner, at: 0.5)
          checker.worldEnds(try CampaignState([definition()]), isComplete: true)
        }
      ),
      (
        "durable and evaluated again",
        { checker in
          var state = try CampaignState([definition()])
          let value = value(at: 0.5)
          _ = state.tell(
            learner, point: [0.5].span, value: value.span, seconds: 1, leaf: Rank(1))
          checker.worldBegins(state)
          checker.evaluationStarted(learner, at: 0.5)
        }
      ),
    ]
    for (name, history) in histories {
      let checker = ClusterChecker()
      checker.worldBegins(try CampaignState([definition()]))
      try history(checker)
      #expect(!checker.violations.isEmpty, "\(name)")
    }
  }

  @Test("the same seed gives the same run, event by event; another seed another")
  func repeats() throws {
    func run(seed: UInt64) throws -> [Int64] {
      var world = try RandomWorld(seed: 77)
      var plan = world.nextPlan(elapsed: .zero)
      plan.seed = seed
      let cluster = SimulatedCluster(
        plan, campaign: try CampaignState(world.definitions), checker: nil)
      #expect(try cluster.run(until: world.timeMax(plan), eventsMax: 3_000_000) == .ended)
      return [Int64(cluster.eventCount), cluster.clock.instant.nanoseconds]
    }
    let first = try run(seed: 1)
    #expect(try run(seed: 1) == first)
    #expect(try run(seed: 2) != first)
  }
}
