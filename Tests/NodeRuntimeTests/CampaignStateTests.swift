import AdaptiveCore
import Learners
import NodeRuntime
import Testing

@Suite struct CampaignStateTests {
  private func definitions() throws -> [LearnerDefinition] {
    try [(1, Loss1D.distance), (2, .uniform)].map { valueCount, loss in
      LearnerDefinition(
        name: "learner \(valueCount)",
        kind: .oneDimensional(try Learner1DSettings(lower: -1, upper: 1, loss: loss)),
        valueCount: valueCount)
    }
  }

  /// A campaign after random steps, the steps as a journal keeps them, and the state at one of
  /// them.
  private struct History {
    var state: CampaignState
    var journal: [JournalEntry] = []
    var saved: SavedCampaign
    /// Steps that ``saved`` holds.
    var savedCount = 0
  }

  private func history(seed: UInt64, steps: Int) throws -> History {
    var random = RandomSource(seed: seed)
    let state = try CampaignState(definitions())
    var history = History(state: state, saved: state.saved(elapsed: .zero))
    let saveAt = Int.random(in: 0..<steps, using: &random)
    for step in 0..<steps {
      if step == saveAt {
        history.saved = history.state.saved(elapsed: TimeSpan(seconds: 3))
        history.savedCount = history.journal.count
      }
      let learner = LearnerIndex(Int.random(in: 0..<2, using: &random))
      let pending = history.state.pendingPoints(learner)
      if pending.isEmpty || random.nextUnit() < 0.4 {
        let points = history.state.ask(learner, count: Int.random(in: 1...5, using: &random))
        for index in 0..<points.count {
          history.journal.append(.asked(learner, point: Array(points[index])))
        }
        continue
      }
      let point = Array(pending[Int.random(in: 0..<pending.count, using: &random)])
      // The bounds are needed for a loss; a learner without them is Learner1D's own matter.
      if random.nextUnit() < 0.1, abs(point[0]) < 1 {
        let failed = FailedPoint(point: point, failure: Failure(.raised, "no"), attempts: 2)
        history.state.giveUp(learner, failed)
        history.journal.append(.failed(learner, failed))
      } else {
        let value = (0...learner.position).map { Double($0) + point[0] * point[0] }
        let isNew = history.state.tell(
          learner, point: point.span, value: value.span, seconds: 0.5, leaf: Rank(step))
        #expect(isNew)
        history.journal.append(
          .told(learner, point: point, value: value, seconds: 0.5, leaf: Rank(step)))
      }
    }
    return history
  }

  private func expectEqual(_ a: CampaignState, _ b: CampaignState, _ comment: Comment) {
    let pairs = zip(a.saved(elapsed: .zero).learners, b.saved(elapsed: .zero).learners)
    for (a, b) in pairs {
      #expect(a.definition == b.definition, comment)
      #expect(doubles(a.results) == doubles(b.results), comment)
      #expect(a.failed == b.failed, comment)
      #expect(a.pending == b.pending, comment)
    }
    // What both would ask next.
    var a = a
    var b = b
    for position in 0..<2 {
      let learner = LearnerIndex(position)
      #expect(a.loss(learner) == b.loss(learner), comment)
      #expect(a.ask(learner, count: 9) == b.ask(learner, count: 9), comment)
    }
  }

  private func doubles(_ log: ResultLog) -> [Double] {
    var all: [Double] = []
    log.forEachSegment { all += $0.points + $0.values + $0.seconds + $0.leaves.map { Double($0) } }
    return all
  }

  @Test("replaying the whole journal gives the state that made it", arguments: 1...10)
  func wholeJournal(seed: UInt64) throws {
    let history = try history(seed: seed, steps: 300)
    var replayed = try CampaignState(definitions())
    for entry in history.journal { try replayed.replay(entry) }
    expectEqual(replayed, history.state, "seed \(seed)")
    var together = try CampaignState(definitions())
    try together.replaying { (state) throws(LearnerError) in
      for entry in history.journal { try state.replay(entry) }
    }
    expectEqual(together, history.state, "seed \(seed)")
  }

  @Test("a saved state and the journal after it give the state at the end", arguments: 1...10)
  func savedAndJournal(seed: UInt64) throws {
    let history = try history(seed: seed, steps: 300)
    var restored = try CampaignState(history.saved)
    #expect(restored.elapsed == TimeSpan(seconds: 3))
    var together = restored
    for entry in history.journal[history.savedCount...] { try restored.replay(entry) }
    expectEqual(restored, history.state, "seed \(seed)")
    try together.replaying { (state) throws(LearnerError) in
      for entry in history.journal[history.savedCount...] { try state.replay(entry) }
    }
    expectEqual(together, history.state, "seed \(seed)")
  }

  @Test("a value told twice changes nothing") func toldTwice() throws {
    var state = try CampaignState(definitions())
    let learner = LearnerIndex(0)
    let tell = { (state: inout CampaignState) in
      state.tell(learner, point: [0.5].span, value: [1].span, seconds: 1, leaf: Rank(1))
    }
    #expect(tell(&state))
    #expect(!tell(&state))
    #expect(state.pointCount(learner) == 1)
    #expect(state.saved(elapsed: .zero).learners[0].results.count == 1)
  }

  @Test("a journal that no learner of the campaign can have made is an error") func wrongJournal()
    throws
  {
    var state = try CampaignState(definitions())
    let wrong: [JournalEntry] = [
      .asked(LearnerIndex(2), point: [0]), .asked(LearnerIndex(-1), point: [0]),
      .asked(LearnerIndex(0), point: [0, 0]), .asked(LearnerIndex(0), point: []),
      .told(LearnerIndex(1), point: [0], value: [0], seconds: 0, leaf: Rank(0)),
      .failed(
        LearnerIndex(7), FailedPoint(point: [0], failure: Failure(.raised, ""), attempts: 1)),
    ]
    for entry in wrong {
      #expect(throws: LearnerError.self) { try state.replay(entry) }
    }
    try state.replay(.elapsed(TimeSpan(seconds: 9)))
    try state.replay(.elapsed(TimeSpan(seconds: 4)))
    #expect(state.elapsed == TimeSpan(seconds: 9))
  }
}
