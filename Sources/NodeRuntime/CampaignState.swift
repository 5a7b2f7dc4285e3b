package import AdaptiveCore
package import Delegation
package import Learners

/// The learners of a root, with the log of what each was told: all that a checkpoint holds.
package struct CampaignState: Sendable {
  private struct Entry: Sendable {
    let definition: LearnerDefinition
    var learner: CampaignLearner
    var results: ResultLog
    var failed: [FailedPoint] = []
    /// Seconds that the results took.
    var evaluationSeconds = 0.0
    /// The answer to the latest ask; kept for its memory.
    var proposals: PointBuffer
    var improvements: [Double] = []

    init(_ definition: LearnerDefinition, _ learner: CampaignLearner, _ results: ResultLog) {
      self.definition = definition
      self.learner = learner
      self.results = results
      proposals = PointBuffer(dimension: definition.kind.dimension)
      results.forEachSegment { evaluationSeconds += $0.seconds.reduce(0, +) }
    }

    mutating func ask(_ count: Int) -> PointBuffer {
      proposals.removeAll()
      improvements.removeAll(keepingCapacity: true)
      learner.ask(count, appendingTo: &proposals, improvements: &improvements)
      return proposals
    }

    /// False if the value was known already.
    mutating func tell(
      _ point: Span<Double>, value: Span<Double>, seconds: Double, leaf: Rank
    ) -> Bool {
      let before = learner.pointCount
      learner.tell(point, value: value)
      guard learner.pointCount > before else { return false }
      results.append(point: point, value: value, seconds: seconds, leaf: leaf)
      evaluationSeconds += seconds
      return true
    }

    /// The places of values that were known already.
    mutating func tell(
      points: Span<Double>, values: Span<Double>, seconds: Span<Double>, leaves: Span<Rank>
    ) -> [Int] {
      let dimension = results.dimension
      let valueCount = results.valueCount
      var known: [Int] = []
      for place in seconds.indices {
        let isNew = tell(
          points.extracting(place * dimension..<(place + 1) * dimension),
          value: values.extracting(place * valueCount..<(place + 1) * valueCount),
          seconds: seconds[place], leaf: leaves[place])
        if !isNew { known.append(place) }
      }
      return known
    }
  }

  private var entries: [Entry]

  /// How long the campaign had run when this state was saved.
  package private(set) var elapsed = TimeSpan.zero

  /// Why points were given up, in all worlds together.
  package private(set) var failures = FailureTally()

  /// Points given up because they ended worlds, and a process of their own, too.
  package private(set) var quarantinedCount = 0

  /// A campaign that knows nothing yet.
  package init(_ definitions: [LearnerDefinition]) throws(LearnerError) {
    entries = []
    for definition in definitions {
      let log = ResultLog(
        dimension: definition.kind.dimension, valueCount: definition.valueCount)
      entries.append(Entry(definition, try CampaignLearner(definition), log))
    }
  }

  /// A campaign as it was saved.
  package init(_ saved: SavedCampaign) throws(LearnerError) {
    entries = []
    elapsed = saved.elapsed
    for learner in saved.learners {
      var failed = PointBuffer(dimension: learner.definition.kind.dimension)
      for point in learner.failed {
        failed.append(point.point.span)
        note(point.failure)
      }
      let record = LearnerRecord(
        results: learner.results, failed: failed, pending: learner.pending,
        snapshot: learner.state)
      let restored = try CampaignLearner(learner.definition, record)
      var entry = Entry(learner.definition, restored, learner.results)
      entry.failed = learner.failed
      entries.append(entry)
    }
  }
}

extension CampaignState {
  /// The campaign has run this long at least, as another root's checkpoint says.
  package mutating func advance(to elapsed: TimeSpan) {
    self.elapsed = max(self.elapsed, elapsed)
  }

  /// Forgets all of the learners that other roots have: they keep their places, and know nothing.
  package mutating func keepOnly(_ isOwn: (LearnerIndex) -> Bool) throws(LearnerError) {
    let fresh = try CampaignState(entries.map(\.definition))
    failures = FailureTally()
    for position in entries.indices {
      if isOwn(LearnerIndex(position)) {
        for failed in entries[position].failed { failures.add(failed.failure) }
      } else {
        entries[position] = fresh.entries[position]
      }
    }
  }
}

// MARK: - Change

extension CampaignState {
  /// Asks a learner for at most `count` points, which are pending from now on.
  package mutating func ask(_ learner: LearnerIndex, count: Int) -> PointBuffer {
    entries[learner.position].ask(count)
  }

  /// Asks a learner for points one by one, as long as it comes before its rival and has any; at
  /// most `count`, and for the first in any case.
  package mutating func askWhileFirst(
    _ learner: LearnerIndex, count: Int, rival: LearnerIndex, _ standing: Standing,
    by balancing: Balancing
  ) -> PointBuffer {
    var points = PointBuffer(dimension: definition(learner).kind.dimension)
    while points.count < count {
      let one = ask(learner, count: 1)
      guard !one.isEmpty else { break }
      points.append(one.doubles.span)
      let isFirst = balancing.isFirst(
        self.standing(learner), at: learner.position, before: standing, at: rival.position)
      guard isFirst else { break }
    }
    return points
  }

  /// What the learner is compared with others by.
  package func standing(_ learner: LearnerIndex) -> Standing {
    let entries = entries.span
    return Standing(
      improvement: entries[learner.position].learner.nextImprovement,
      loss: entries[learner.position].learner.loss(includingPending: true),
      count: entries[learner.position].learner.pointCount
        + entries[learner.position].learner.pendingCount)
  }

  /// Tells a learner a value and appends it to its log; false if the value was known already.
  package mutating func tell(
    _ learner: LearnerIndex, point: Span<Double>, value: Span<Double>, seconds: Double, leaf: Rank
  ) -> Bool {
    entries[learner.position].tell(point, value: value, seconds: seconds, leaf: leaf)
  }

  /// Tells a learner values, one after another, and appends them to its log; the places of those
  /// that were known already, which are not appended.
  package mutating func tell(
    _ learner: LearnerIndex, points: Span<Double>, values: Span<Double>, seconds: Span<Double>,
    leaves: Span<Rank>
  ) -> [Int] {
    entries[learner.position].tell(
      points: points, values: values, seconds: seconds, leaves: leaves)
  }

  /// Tells a learner that a point will have no value.
  package mutating func giveUp(_ learner: LearnerIndex, _ failed: FailedPoint) {
    entries[learner.position].learner.tellFailed(failed.point.span)
    entries[learner.position].failed.append(failed)
    note(failed.failure)
  }

  private mutating func note(_ failure: Failure) {
    failures.add(failure)
    if failure.kind == .quarantined { quarantinedCount += 1 }
  }

  /// Has `body` take the steps of a journal by ``replay(_:)``, faster than one by one. Meanwhile
  /// nothing else may be done with the campaign; if `body` throws, nothing at all any more.
  package mutating func replaying<E: Error>(
    _ body: (inout CampaignState) throws(E) -> Void
  ) throws(E) {
    for position in entries.indices { entries[position].learner.beginReplay() }
    try body(&self)
    for position in entries.indices { entries[position].learner.endReplay() }
  }

  /// Takes the steps that a journal holds after the snapshot, in their order.
  ///
  /// - Throws: ``LearnerError`` for a step that no learner of this campaign can have made.
  package mutating func replay(_ entry: JournalEntry) throws(LearnerError) {
    switch entry {
    case .asked(let learner, let point):
      try check(learner, point: point)
      entries[learner.position].learner.tellPending(point.span)
    case .told(let learner, let point, let value, let seconds, let leaf):
      try check(learner, point: point)
      guard value.count == entries.span[learner.position].results.valueCount else {
        throw LearnerError(.badSnapshot, "the journal has a value of \(value.count) numbers")
      }
      _ = tell(learner, point: point.span, value: value.span, seconds: seconds, leaf: leaf)
    case .failed(let learner, let failed):
      try check(learner, point: failed.point)
      giveUp(learner, failed)
    case .elapsed(let span):
      elapsed = max(elapsed, span)
    }
  }

  private func check(_ learner: LearnerIndex, point: [Double]) throws(LearnerError) {
    guard learner.position >= 0, learner.position < entries.count else {
      throw LearnerError(
        .badSnapshot, "the journal names learner \(learner.position) of \(entries.count)")
    }
    guard point.count == entries.span[learner.position].results.dimension else {
      throw LearnerError(.badSnapshot, "the journal has a point of dimension \(point.count)")
    }
  }
}

// MARK: - Reading

extension CampaignState {
  package var learnerCount: Int { entries.count }

  package func definition(_ learner: LearnerIndex) -> LearnerDefinition {
    entries[learner.position].definition
  }

  package func pointCount(_ learner: LearnerIndex) -> Int {
    // A span lends the entry; an array would copy it, with a count of references for each field.
    entries.span[learner.position].learner.pointCount
  }

  package func failedCount(_ learner: LearnerIndex) -> Int {
    entries[learner.position].failed.count
  }

  /// Seconds that the evaluations took that gave the known values.
  package func evaluationSeconds(_ learner: LearnerIndex) -> Double {
    entries.span[learner.position].evaluationSeconds
  }

  /// The number that the learner has found; nil if it looks for none.
  package func estimate(_ learner: LearnerIndex) -> LearnerEstimate? {
    entries.span[learner.position].learner.estimate
  }

  /// How many points it can still offer; nil where there is no end to them.
  package func supply(_ learner: LearnerIndex) -> Int? {
    entries.span[learner.position].learner.supply
  }

  /// The loss of the known points.
  package func loss(_ learner: LearnerIndex) -> Double {
    entries.span[learner.position].learner.loss(includingPending: false)
  }

  package func pendingPoints(_ learner: LearnerIndex) -> PointBuffer {
    entries[learner.position].learner.pendingPoints()
  }

  /// All that a checkpoint must hold, as of now: references and flat copies, without a walk over
  /// the points.
  package func saved(elapsed: TimeSpan) -> SavedCampaign {
    let learners = entries.map { entry in
      SavedLearner(
        definition: entry.definition, results: entry.results, failed: entry.failed,
        pending: entry.learner.pendingPoints(), state: entry.learner.snapshot())
    }
    return SavedCampaign(learners: learners, elapsed: elapsed)
  }
}
