import AdaptiveCore
import Delegation

/// Events and effects in the words of a transcript.
enum Wording {
  static func text(_ event: MachineTree.Event) -> String {
    switch event {
    case .root(let event): text(event)
    case .submaster(let event): text(event)
    case .leaf(let event): text(event)
    case .coordinator(let event): text(event)
    }
  }

  private static func text(_ event: CoordinatorEvent) -> String {
    switch event {
    case .reportArrived(let rank, let report): "from root \(rank.number): \(text(report))"
    case .timePassed: "time passed"
    }
  }

  static func text(_ effect: CoordinatorEffect) -> String {
    switch effect {
    case .send(let order, let rank): "send to root \(rank.number): \(text(order))"
    case .abandon(let verdict): "abort the world: \(verdict)"
    }
  }

  private static func text(_ report: RootReport) -> String {
    switch report {
    case .finished(let verdict): "finished: \(text(verdict))"
    case .stopRequested(let reason): "stop requested: \(reason)"
    case .saved(let isDurable): isDurable ? "saved" : "not saved"
    case .stopped(let childCount): "\(childCount) children have stopped"
    case .spare(let childCount): "\(childCount) more children to spare"
    }
  }

  private static func text(_ order: RootOrder) -> String {
    switch order {
    case .handOver(let heirs): "hand a child over to each of \(heirs.map(\.number))"
    case .end(let verdict): "drain and save: \(text(verdict))"
    case .stop(let verdict): "stop: \(text(verdict))"
    case .leave: "leave"
    }
  }

  private static func text(_ verdict: Verdict) -> String {
    if case .stopped(let reason) = verdict { return "stopped, \(reason)" }
    return "\(verdict)"
  }

  private static func text(_ order: Order) -> String {
    if case .move(let root) = order { return "move to root \(root.number)" }
    return "\(order)"
  }

  private static func text(_ event: RootEvent) -> String {
    switch event {
    case .resumed(let learner, let pending, let pointCount, _, _):
      "learner \(learner.position) resumed with \(pointCount) points, pending \(pending.doubles)"
    case .started: "started"
    case .standing(let learner, let standing):
      "learner \(learner.position) stands at \(standing.count) points, loss \(standing.loss), "
        + "improvement \(standing.improvement)"
    case .proposed(let learner, let points):
      "learner \(learner.position) proposes \(points.doubles)"
    case .measured(let learner, let count, let loss):
      "learner \(learner.position) has \(count) points, loss \(rounded(loss))"
    case .resultsArrived(let rank, let batch, let upward):
      "from \(rank.number): \(text(batch)); window \(upward.window)"
    case .reportArrived(let rank, let report): "from \(rank.number): \(text(report))"
    case .childLost(let rank): "lost: \(rank.number)"
    case .stopRequested(let reason): "stop requested: \(reason)"
    case .orderArrived(let order): "order: \(text(order))"
    case .saved(let isDurable): isDurable ? "saved" : "not saved"
    case .timePassed: "time passed"
    }
  }

  private static func text(_ event: SubmasterEvent) -> String {
    switch event {
    case .pointsArrived(let batch, let downward): "points \(text(batch)); \(text(downward))"
    case .orderArrived(let order): "order: \(text(order))"
    case .resultsArrived(let rank, let batch, let upward):
      "from \(rank.number): \(text(batch)); window \(upward.window)"
    case .reportArrived(let rank, let report): "from \(rank.number): \(text(report))"
    case .childLost(let rank): "lost: \(rank.number)"
    case .stopRequested(let reason): "stop requested: \(reason)"
    case .timePassed: "time passed"
    }
  }

  private static func text(_ event: LeafEvent) -> String {
    switch event {
    case .started: "started"
    case .pointsArrived(let batch, let downward): "points \(text(batch)); \(text(downward))"
    case .orderArrived(let order): "order: \(text(order))"
    case .evaluated(let evaluated):
      "evaluated: \(evaluated.values), failures \(evaluated.failures.map(\.failure.text))"
    case .stopRequested(let reason): "stop requested: \(reason)"
    case .timePassed: "time passed"
    }
  }

  static func text(_ effect: RootEffect, _ effects: RootEffects) -> String {
    switch effect {
    case .ask(let learner, let count): "ask learner \(learner.position) for \(count)"
    case .askWhileFirst(let learner, let count, let rival, _):
      "ask learner \(learner.position) for \(count) while it is before \(rival.position)"
    case .tell(let learner, let run): text(run, of: learner, effects.told)
    case .giveUp(let learner, let point, let failure, let attempts):
      "give up \(Array(effects.doubles[point])) of learner \(learner.position) after "
        + "\(attempts) attempts: \(failure.text)"
    case .measure(let learner): "measure learner \(learner.position)"
    case .assign(let rank, let entries, let coordinate, let downward):
      "assign to \(rank.number): \(text(effects.points, entries, coordinate)); \(text(downward))"
    case .send(let order, let rank): "send to \(rank.number): \(text(order))"
    case .report(let report): "report: \(text(report))"
    case .save(let verdict): "save, then end with \(verdict)"
    case .finish(let verdict, let isClean):
      "finish with \(verdict.exitCode.rawValue)\(isClean ? "" : ", abort the world")"
    }
  }

  /// A line a result.
  private static func text(
    _ run: ToldResults.Run, of learner: LearnerIndex, _ told: ToldResults
  ) -> String {
    (0..<run.count).map { place in
      let part = run.without((0..<run.count).filter { $0 != place })[0]
      let leaf = told.leaves[part.results.lowerBound]
      return "tell learner \(learner.position): \(Array(told.points[part.points])) → "
        + "\(Array(told.values[part.values])), by leaf \(leaf.number)"
    }.joined(separator: "\n")
  }

  static func text(_ effect: SubmasterEffect, _ effects: SubmasterEffects) -> String {
    switch effect {
    case .assign(let rank, let entries, let coordinate, let downward):
      "assign to \(rank.number): \(text(effects.points, entries, coordinate)); \(text(downward))"
    case .send(let order, let rank): "send to \(rank.number): \(text(order))"
    case .sendResults(let rank, let end, let upward):
      "send results to \(rank.number), up to \(end); window \(upward.window)"
    case .report(let report, let rank): "report to \(rank.number): \(text(report))"
    case .finish(let exitCode): "finish with \(exitCode)"
    }
  }

  static func text(_ effect: LeafEffect, _ effects: LeafEffects) -> String {
    switch effect {
    case .evaluate(let learner, _, let coordinates, let isSuspect):
      "evaluate\(isSuspect ? " apart" : "") for learner \(learner.position): "
        + "\(Array(effects.coordinates[coordinates]))"
    case .sendResults(let rank, let end, let upward):
      "send results to \(rank.number), up to \(end); window \(upward.window)"
    case .report(let report, let rank): "report to \(rank.number): \(text(report))"
    case .finish(let exitCode, let isEvaluating):
      "finish with \(exitCode)\(isEvaluating ? ", still evaluating" : "")"
    }
  }

  // MARK: - Parts

  private static func text(_ batch: PointBatch) -> String { text(batch, 0..<batch.count, 0) }

  private static func text(
    _ batch: PointBatch, _ entries: Range<Int>, _ coordinate: Int
  ) -> String {
    entries.enumerated().map { offset, index in
      let entry = batch.entries[index]
      return "\(text(entry.id, entry.attempt)) at \(batch.coordinates[coordinate + offset])"
    }.joined(separator: ", ")
  }

  private static func text(_ batch: ResultBatch) -> String {
    guard !batch.isEmpty else { return "no results" }
    var value = 0
    var failure = 0
    return batch.entries.map { entry in
      let head = text(entry.id, entry.attempt)
      if entry.isFailure {
        defer { failure += 1 }
        return "\(head) failed: \(batch.failures[failure].text)"
      }
      defer { value += entry.valueCount }
      return "\(head) = \(batch.values[value..<value + entry.valueCount])"
    }.joined(separator: ", ")
  }

  /// Slot, use of the slot, root if it is not the first, attempt.
  private static func text(_ id: PointID, _ attempt: Attempt) -> String {
    let root = id.root == 0 ? "" : " of root \(id.root)"
    return "#\(id.slot).\(id.use)\(root) try \(attempt.rawValue)"
  }

  private static func text(_ downward: Downward) -> String {
    "echo \(downward.echo.nanoseconds / 1000) µs, held \(downward.held.nanoseconds / 1000) µs"
  }

  private static func text(_ report: Report) -> String {
    switch report {
    case .drained: "drained"
    case .stopped: "stopped"
    case .joined: "joined"
    case .left: "left"
    case .stopRequested(let reason): "stop requested: \(reason)"
    case .statistics(let statistics):
      "\(statistics.leafCount) leaves, \(statistics.evaluatingCount) evaluating, "
        + "\(statistics.evaluatedCount) evaluated, busy \(rounded(statistics.busySeconds)) s"
    }
  }

  private static func rounded(_ value: Double) -> Double { (value * 1e6).rounded() / 1e6 }
}
