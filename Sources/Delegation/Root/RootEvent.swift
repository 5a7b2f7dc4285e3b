package import AdaptiveCore

/// What happened to a root.
package enum RootEvent: Sendable {
  /// The state of a learner at the start, with its pending points, which go out before any other,
  /// and how many more it can offer, if that is known.
  case resumed(LearnerIndex, pending: PointBuffer, pointCount: Int, loss: Double, supply: Int?)
  /// Every learner was resumed; children may be served.
  case started
  /// How a learner stands, before it is resumed, offers points or is measured; only where
  /// ``Balancing`` compares learners.
  case standing(LearnerIndex, Standing)
  /// A learner offers points, as it was asked; fewer than asked if it has no more for now.
  case proposed(LearnerIndex, PointBuffer)
  /// A learner took in what it was told since it was measured last.
  case measured(LearnerIndex, pointCount: Int, loss: Double)
  case resultsArrived(from: Rank, ResultBatch, Upward)
  case reportArrived(from: Rank, Report)
  /// Nothing comes from this child any more, and nothing reaches it; with it is gone all that is
  /// below it.
  case childLost(Rank)
  case stopRequested(StopReason)
  /// The coordinator has decided; only in a world of several roots.
  case orderArrived(RootOrder)
  /// The last save was made durable, or could not be.
  case saved(Bool)
  case timePassed
}

/// What a root wants done, in the order in which it must be done.
package enum RootEffect: Sendable, Equatable {
  /// Ask a learner for points; ``RootEvent/proposed(_:_:)`` answers.
  case ask(LearnerIndex, count: Int)
  /// Ask a learner for points one by one, as long as it comes before its rival;
  /// ``RootEvent/standing(_:_:)`` and ``RootEvent/proposed(_:_:)`` answer.
  case askWhileFirst(LearnerIndex, count: Int, rival: LearnerIndex, Standing)
  /// Tell a learner a run of ``RootEffects/told``, value after value.
  case tell(LearnerIndex, ToldResults.Run)
  /// Give a point up: its last attempt failed. The point is a run of ``RootEffects/doubles``.
  case giveUp(LearnerIndex, point: Range<Int>, Failure, attempts: UInt32)
  /// Report a learner's points and loss; ``RootEvent/measured(_:pointCount:loss:)`` answers.
  case measure(LearnerIndex)
  /// Send these entries of ``RootEffects/points`` to a child.
  case assign(Rank, entries: Range<Int>, coordinatesFrom: Int, Downward)
  case send(Order, to: Rank)
  /// Tell the coordinator.
  case report(RootReport)
  /// Make everything durable; ``RootEvent/saved(_:)`` answers.
  case save(Verdict)
  /// Leave the loop. Not `isClean`: some rank has not obeyed the order to stop in time, so that the
  /// world must be aborted.
  case finish(Verdict, isClean: Bool)
}

/// A root's effects in order, with the numbers that they refer to.
package struct RootEffects: Sendable {
  package var queue: [RootEffect] = []
  package var points = PointBatch()
  package var told = ToldResults()
  package var doubles: [Double] = []

  /// Whose run is being appended to, and where it began; it is no effect yet.
  private var openRun: (learner: LearnerIndex, start: ToldResults.Place)?

  package init() {}

  /// Forgets effects that were performed, and keeps the memory.
  package mutating func removeAll() {
    guard !queue.isEmpty else { return }
    queue.removeAll(keepingCapacity: true)
    points.removeAll()
    told.removeAll()
    doubles.removeAll(keepingCapacity: true)
  }

  /// Begins a run of a learner's results, if the last one is not its own: what is appended to
  /// ``told`` from now on is that learner's.
  mutating func tell(_ learner: LearnerIndex) {
    if let openRun, openRun.learner == learner { return }
    endRun()
    openRun = (learner, told.end)
  }

  /// Makes an effect of the run that is open, if one is: before any other effect.
  mutating func endRun() {
    guard let run = openRun.take() else { return }
    queue.append(.tell(run.learner, told.run(since: run.start)))
  }

  mutating func append(_ point: ArraySlice<Double>) -> Range<Int> {
    let start = doubles.count
    doubles.append(contentsOf: point)
    return start..<doubles.count
  }
}
