import AdaptiveCore
import Delegation
import Testing
import _TestSupport

@Suite struct GoalTests {
  private func progress(_ pointCount: Int, loss: Double = .infinity, seconds: Double = 0)
    -> Goal.Progress
  {
    Goal.Progress(pointCount: pointCount, loss: loss, elapsed: TimeSpan(seconds: seconds))
  }

  @Test("each goal is reached at its limit and not before") func limits() {
    #expect(!Goal.npoints(10).isReached(by: progress(9)))
    #expect(Goal.npoints(10).isReached(by: progress(10)))
    #expect(!Goal.loss(0.1).isReached(by: progress(10, loss: 0.11)))
    #expect(Goal.loss(0.1).isReached(by: progress(10, loss: 0.1)))
    #expect(!Goal.loss(0.1).isReached(by: progress(10, loss: .nan)))
    #expect(!Goal.time(TimeSpan(seconds: 5)).isReached(by: progress(0, seconds: 4.9)))
    #expect(Goal.time(TimeSpan(seconds: 5)).isReached(by: progress(0, seconds: 5)))
  }

  @Test("any and all combine, also nested") func combinations() {
    let any = Goal.any([.npoints(10), .loss(0.1)])
    let all = Goal.all([.npoints(10), .loss(0.1)])
    #expect(any.isReached(by: progress(10)))
    #expect(!all.isReached(by: progress(10)))
    #expect(any.isReached(by: progress(0, loss: 0)))
    #expect(all.isReached(by: progress(10, loss: 0)))
    #expect(Goal.all([any, .npoints(20)]).isReached(by: progress(20)))
    #expect(!Goal.all([any, .npoints(20)]).isReached(by: progress(19, loss: 0)))
  }

  @Test("asking stops where no further point can be needed") func pointCountMax() {
    #expect(Goal.npoints(10).pointCountMax == 10)
    #expect(Goal.loss(1).pointCountMax == nil)
    #expect(Goal.any([.npoints(10), .loss(1), .npoints(7)]).pointCountMax == 7)
    #expect(Goal.all([.npoints(10), .npoints(7)]).pointCountMax == 10)
    #expect(Goal.all([.npoints(10), .loss(1)]).pointCountMax == nil)
  }

  @Test("at its greatest number of points a goal is reached, whatever it is made of")
  func pointCountMaxReaches() {
    var random = RandomSource(seed: 3)
    for _ in 0..<2000 {
      let goal = randomGoal(depth: 3, &random)
      guard let count = goal.pointCountMax else { continue }
      #expect(goal.isReached(by: progress(count)), "\(goal)")
    }
  }

  private func randomGoal(depth: Int, _ random: inout RandomSource) -> Goal {
    let limit = Int.random(in: 1...9, using: &random)
    switch Int.random(in: 0..<(depth == 0 ? 3 : 5), using: &random) {
    case 0: return .npoints(limit)
    case 1: return .loss(0.5)
    case 2: return .time(TimeSpan(seconds: 1))
    case 3: return .any((0..<2).map { _ in randomGoal(depth: depth - 1, &random) })
    default: return .all((0..<2).map { _ in randomGoal(depth: depth - 1, &random) })
    }
  }

  @Test("goals that time alone can reach are known") func dependsOnTime() {
    #expect(Goal.any([.npoints(1), .all([.time(.zero), .loss(1)])]).dependsOnTime)
    #expect(!Goal.any([.npoints(1), .loss(1)]).dependsOnTime)
  }
}

@Suite struct GoalShareTests {
  private func progress(_ count: Int, _ loss: Double, _ seconds: Double) -> Goal.Progress {
    Goal.Progress(pointCount: count, loss: loss, elapsed: TimeSpan(seconds: seconds))
  }

  @Test func eachKindHasItsMeasure() {
    let state = progress(30, 0.4, 90)
    #expect(Goal.npoints(120).share(reachedBy: state) == 0.25)
    #expect(Goal.loss(0.1).share(reachedBy: state) == 0.25)
    #expect(Goal.time(TimeSpan(seconds: 120)).share(reachedBy: state) == 0.75)
    let three = [Goal.npoints(300), .loss(0.1), .time(TimeSpan(seconds: 100))]
    #expect(Goal.any(three).share(reachedBy: state) == 0.9)
    #expect(Goal.all(three).share(reachedBy: state) == 0.1)
    #expect(Goal.all([.any(three), .loss(0.2)]).share(reachedBy: state) == 0.5)
    var busy = state
    busy.evaluationSeconds = 1800
    #expect(Goal.coreHours(2).share(reachedBy: busy) == 0.25)
    #expect(!Goal.coreHours(0.5.nextUp).isReached(by: busy))
    #expect(Goal.coreHours(0.5).isReached(by: busy))
  }

  @Test func nothingIsKnownYet() {
    let state = progress(0, .infinity, 0)
    for goal in [Goal.npoints(5), .loss(0.1), .time(TimeSpan(seconds: 1)), .any([]), .loss(0)] {
      #expect(goal.share(reachedBy: state) == 0)
    }
    #expect(Goal.loss(0.1).share(reachedBy: progress(1, .nan, 1)) == 0)
    #expect(Goal.loss(0.1).share(reachedBy: progress(1, 0.1.nextUp, 1)) < 1)
  }

  @Test func itIsOneExactlyWhereTheGoalIsReached() {
    let seed = TestSeed()
    var generator = seed.generator()
    func goal(depth: Int) -> Goal {
      switch Int.random(in: 0..<(depth > 0 ? 5 : 3), using: &generator) {
      case 0: .npoints(Int.random(in: 1...9, using: &generator))
      case 1: .loss(Double.random(in: 0.1...1, using: &generator))
      case 2: .time(TimeSpan(seconds: Double(Int.random(in: 1...9, using: &generator))))
      case 3:
        .any((0..<Int.random(in: 0...3, using: &generator)).map { _ in goal(depth: depth - 1) })
      default:
        .all((0..<Int.random(in: 0...3, using: &generator)).map { _ in goal(depth: depth - 1) })
      }
    }
    for _ in 0..<5000 {
      let goal = goal(depth: 2)
      let state = progress(
        Int.random(in: 0...9, using: &generator), Double.random(in: 0.1...1, using: &generator),
        Double(Int.random(in: 0...9, using: &generator)))
      let share = goal.share(reachedBy: state)
      #expect((share == 1) == goal.isReached(by: state), "\(seed): \(goal) \(state)")
      #expect(share >= 0 && share <= 1, "\(seed): \(goal) \(state)")
    }
  }
}
