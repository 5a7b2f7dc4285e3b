import AdaptiveCore

extension RootMachine {
  mutating func take(
    _ report: Report, from rank: Rank, at now: Instant, into effects: inout RootEffects
  ) {
    let child = children.index(of: rank)
    guard !children.isLost(child) else { return }
    switch report {
    case .statistics(let statistics):
      children.setStatistics(child, statistics)
    case .stopRequested(let reason):
      requestStop(reason, at: now, into: &effects)
    case .drained:
      invariant(!isFeeding, "rank \(rank.number) is drained though nobody asked for it")
      children.setDrained(child)
      goOnStopping(into: &effects)
    case .stopped:
      guard case .stopping = state else {
        invariant(false, "rank \(rank.number) stopped though nobody asked for it")
        return
      }
      children.setStopped(child)
      goOnStopping(into: &effects)
    }
  }

  /// Takes the next step towards the end once the last child has answered.
  mutating func goOnStopping(into effects: inout RootEffects) {
    switch state {
    case .draining(_, let verdict) where children.allDrained:
      save(verdict, into: &effects)
    case .stopping(_, let verdict) where children.allStopped:
      finish(verdict, isClean: true, into: &effects)
    default: break
    }
  }

  /// Obeys whoever asks the world to stop. A world whose campaign was taken over ends without
  /// grace, even while it drains or saves: nothing that it still learns may be written.
  mutating func requestStop(
    _ reason: StopReason, at now: Instant, into effects: inout RootEffects
  ) {
    guard reason == .fenced else {
      beginDraining(.stopped(reason), at: now, into: &effects)
      return
    }
    switch state {
    case .feeding, .draining, .saving: save(.stopped(.fenced), into: &effects)
    case .stopping, .finished: break
    }
  }

  /// Stops asking, and lets what is being evaluated finish within the grace. The first reason
  /// counts.
  mutating func beginDraining(
    _ verdict: Verdict, at now: Instant, into effects: inout RootEffects
  ) {
    guard case .feeding = state else { return }
    state = .draining(deadline: now + plan.grace, verdict)
    for rank in children.ranks { effects.queue.append(.send(.drain, to: rank)) }
    goOnStopping(into: &effects)
  }

  mutating func passTime(at now: Instant, into effects: inout RootEffects) {
    switch state {
    case .feeding:
      guard hasTimeGoal, now >= nextTick else { return }
      nextTick = now + Self.tick
      for position in learners.indices { checkGoal(position, at: now) }
      goOn(at: now, into: &effects)
    case .draining(let deadline, let verdict):
      if now >= deadline { save(verdict, into: &effects) }
    case .stopping(let deadline, let verdict):
      if now >= deadline { finish(verdict, isClean: false, into: &effects) }
    case .saving, .finished:
      break
    }
  }

  private mutating func save(_ verdict: Verdict, into effects: inout RootEffects) {
    state = .saving(verdict)
    effects.queue.append(.save(verdict))
  }

  /// Stops the tree once everything is durable, or is known not to become so.
  mutating func stop(isDurable: Bool, at now: Instant, into effects: inout RootEffects) {
    guard case .saving(let planned) = state else {
      invariant(false, "saved, though no save was asked for")
      return
    }
    let verdict = isDurable ? planned : .notSaved
    state = .stopping(deadline: now + Limits.stopMax, verdict)
    for rank in children.ranks {
      effects.queue.append(.send(.stop(exitCode: verdict.exitCode.rawValue), to: rank))
    }
    goOnStopping(into: &effects)
  }

  private mutating func finish(
    _ verdict: Verdict, isClean: Bool, into effects: inout RootEffects
  ) {
    state = .finished
    effects.queue.append(.finish(verdict, isClean: isClean))
  }
}
