import AdaptiveCore
import DequeModule

extension SubmasterMachine {
  mutating func obey(
    _ order: Order, at now: Instant, into effects: inout SubmasterEffects
  ) {
    switch order {
    case .drain:
      guard case .feeding = state else { return }
      state = .draining
      elsewhere.removeAll()
      waiting.removeAll(keepingCapacity: true)
      waitingCoordinates.removeAll(keepingCapacity: true)
      if !gathered.isEmpty { sendResults(at: now, into: &effects) }
      for rank in children.ranks { effects.queue.append(.send(.drain, to: rank)) }
      goOnStopping(at: now, into: &effects)
    case .feed:
      guard case .drained = state else {
        invariant(false, "told to take points again before it was drained")
        return
      }
      state = .feeding
      children.setFeeding()
      held = HeldPoints()
      for rank in children.ranks { effects.queue.append(.send(.feed, to: rank)) }
      sendResults(at: now, into: &effects)
    case .move(let root):
      effects.queue.append(.report(.left))
      effects.queue.append(.join(root))
      obey(.feed, at: now, into: &effects)
    case .stop(let exitCode):
      state = .stopping(exitCode: exitCode)
      for rank in children.ranks {
        effects.queue.append(.send(.stop(exitCode: exitCode), to: rank))
      }
      goOnStopping(at: now, into: &effects)
    }
  }

  mutating func take(
    _ report: Report, from rank: Rank, at now: Instant, into effects: inout SubmasterEffects
  ) {
    let child = children.index(of: rank)
    guard !children.isGone(child) else { return }
    switch report {
    case .statistics(let statistics):
      children.setStatistics(child, statistics)
    case .stopRequested(let reason):
      passStop(reason, into: &effects)
    case .drained:
      invariant(!isFeeding, "rank \(rank.number) is drained though nobody asked for it")
      children.setDrained(child)
      goOnStopping(at: now, into: &effects)
    case .joined, .left:
      invariant(false, "rank \(rank.number) joins or leaves a sub-master")
    case .stopped:
      guard case .stopping = state else {
        invariant(false, "rank \(rank.number) stopped though nobody asked for it")
        return
      }
      children.setStopped(child)
      goOnStopping(at: now, into: &effects)
    }
  }

  /// Takes the next step towards the end once the last child has answered.
  mutating func goOnStopping(at now: Instant, into effects: inout SubmasterEffects) {
    switch state {
    case .draining where children.allDrained:
      state = .drained
      if !gathered.isEmpty { sendResults(at: now, into: &effects) }
      effects.queue.append(.report(.statistics(children.statistics)))
      effects.queue.append(.report(.drained))
    case .stopping(let exitCode) where children.allStopped:
      state = .finished
      if !gathered.isEmpty { sendResults(at: now, into: &effects) }
      effects.queue.append(.report(.stopped))
      effects.queue.append(.finish(exitCode: exitCode))
    default: break
    }
  }

  /// One request stops the world; mpirun may deliver the signal to every rank.
  mutating func passStop(_ reason: StopReason, into effects: inout SubmasterEffects) {
    guard !hasPassedStop else { return }
    switch state {
    case .feeding, .draining, .drained: break
    case .stopping, .finished: return
    }
    hasPassedStop = true
    effects.queue.append(.report(.stopRequested(reason)))
  }

  var isFeeding: Bool {
    if case .feeding = state { return true }
    return false
  }
}
