import AdaptiveCore

extension RootMachine {
  mutating func take(
    _ report: Report, from rank: Rank, at now: Instant, into effects: inout RootEffects
  ) {
    if case .joined = report {
      join(rank, into: &effects)
      return
    }
    let child = children.index(of: rank)
    guard !children.isGone(child), !children.isLeaving(child) else {
      switch report {
      case .left:
        children.setLeft(child)
        goOnStopping(into: &effects)
      // It was asked to stop before it knew that it has another root.
      case .stopRequested(let reason): requestStop(reason, at: now, into: &effects)
      case .drained, .stopped, .statistics, .joined: break
      }
      return
    }
    switch report {
    case .joined: break
    case .left: invariant(false, "rank \(rank.number) leaves though nobody sent it away")
    case .statistics(let statistics):
      children.setStatistics(child, statistics)
    case .stopRequested(let reason):
      requestStop(reason, at: now, into: &effects)
    case .drained:
      invariant(!isFeeding, "rank \(rank.number) is drained though nobody asked for it")
      children.setDrained(child)
      goOnStopping(into: &effects)
    case .stopped:
      switch state {
      case .stopping:
        children.setStopped(child)
        goOnStopping(into: &effects)
      case .finished:
        // It obeyed after its time was over.
        break
      case .feeding, .finishing, .draining, .saving, .saved:
        invariant(false, "rank \(rank.number) stopped though nobody asked for it")
      }
    }
  }

  /// Takes the next step towards the end once the last child has answered.
  mutating func goOnStopping(into effects: inout RootEffects) {
    switch state {
    case .draining(_, let verdict) where children.allDrained || onlyUnneededAreLeft:
      save(verdict, into: &effects)
    case .stopping(_, let verdict) where children.allStopped:
      if plan.isCoordinated {
        effects.queue.append(.report(.stopped(childCount: children.stoppedHereCount)))
      } else {
        finish(verdict, isClean: true, into: &effects)
      }
    default: break
    }
  }

  /// Obeys whoever asks the world to stop. A world whose campaign was taken over ends without
  /// grace, even while it drains or saves: nothing that it still learns may be written.
  mutating func requestStop(
    _ reason: StopReason, at now: Instant, into effects: inout RootEffects
  ) {
    if plan.isCoordinated {
      effects.queue.append(.report(.stopRequested(reason)))
    } else {
      beginEnd(.stopped(reason), at: now, into: &effects)
    }
  }

  /// Nothing is to be asked any more, as far as this root knows.
  mutating func end(_ verdict: Verdict, at now: Instant, into effects: inout RootEffects) {
    guard plan.isCoordinated else {
      beginEnd(verdict, at: now, into: &effects)
      return
    }
    guard case .feeding = state else { return }
    state = .finishing
    effects.queue.append(.report(.finished(verdict)))
  }

  /// Stops asking, and lets what is being evaluated finish within the grace. The first reason
  /// counts.
  mutating func beginEnd(
    _ verdict: Verdict, at now: Instant, into effects: inout RootEffects
  ) {
    switch state {
    case .feeding, .finishing, .draining, .saving, .saved:
      if verdict == .stopped(.fenced) { return save(verdict, into: &effects) }
    case .stopping, .finished: return
    }
    switch state {
    case .feeding, .finishing:
      state = .draining(deadline: now + plan.grace, verdict)
      for rank in children.ranks { effects.queue.append(.send(.drain, to: rank)) }
      goOnStopping(into: &effects)
    case .draining, .saving, .saved, .stopping, .finished: break
    }
  }

  mutating func passTime(at now: Instant, into effects: inout RootEffects) {
    switch state {
    case .feeding:
      lookForStragglers(at: now, into: &effects)
      guard hasTimeGoal, now >= nextTick else { return }
      nextTick = now + Self.tick
      for position in learners.indices { checkGoal(position, at: now) }
      goOn(at: now, into: &effects)
    case .draining(let deadline, let verdict):
      if now >= deadline { save(verdict, into: &effects) }
    case .stopping(let deadline, let verdict):
      if let deadline, now >= deadline { finish(verdict, isClean: false, into: &effects) }
    case .finishing, .saving, .saved, .finished:
      break
    }
  }

  private mutating func save(_ verdict: Verdict, into effects: inout RootEffects) {
    state = .saving(verdict)
    effects.queue.append(.save(verdict))
  }

  /// Stops the tree once everything is durable, or is known not to become so.
  mutating func saved(isDurable: Bool, at now: Instant, into effects: inout RootEffects) {
    guard case .saving(let planned) = state else {
      invariant(false, "saved, though no save was asked for")
      return
    }
    if plan.isCoordinated {
      state = .saved
      effects.queue.append(.report(.saved(isDurable: isDurable)))
    } else {
      stop(isDurable ? planned : .notSaved, deadline: now + Limits.stopMax, into: &effects)
    }
  }

  mutating func stop(
    _ verdict: Verdict, deadline: Instant?, into effects: inout RootEffects
  ) {
    state = .stopping(deadline: deadline, verdict)
    for rank in children.ranks {
      effects.queue.append(.send(.stop(exitCode: verdict.exitCode.rawValue), to: rank))
    }
    goOnStopping(into: &effects)
  }

  mutating func finish(
    _ verdict: Verdict, isClean: Bool, into effects: inout RootEffects
  ) {
    state = .finished
    effects.queue.append(.finish(verdict, isClean: isClean))
  }
}
