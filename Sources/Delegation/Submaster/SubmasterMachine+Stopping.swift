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
      for entry in waiting.entries { formers.settle(entry.id) }
      for (entry, _) in elsewhere { formers.settle(entry.id) }
      elsewhere.removeAll()
      waiting.removeAll()
      answerFormers(at: now, into: &effects)
      if !gathered.isEmpty { sendResults(at: now, into: &effects) }
      for rank in children.ranks { effects.queue.append(.send(.drain, to: rank)) }
      goOnStopping(at: now, into: &effects)
    case .move(let root):
      move(to: root, at: now, into: &effects)
    case .stop(let exitCode):
      state = .stopping(exitCode: exitCode)
      for rank in children.ranks {
        effects.queue.append(.send(.stop(exitCode: exitCode), to: rank))
      }
      goOnStopping(at: now, into: &effects)
    }
  }

  /// Goes to another root, with the points of the one before: what is held of them is finished, and
  /// answered there.
  private mutating func move(
    to other: Rank, at now: Instant, into effects: inout SubmasterEffects
  ) {
    guard isFeeding else {
      invariant(false, "sent to root \(other.number) while draining")
      return
    }
    if let root {
      let owed = held.count + waiting.count + elsewhere.count - formers.owedCount
      formers.append(
        FormerParents.Former(rank: parent, root: root, owedCount: owed, results: gathered))
      gathered.removeAll()
      answerFormers(at: now, into: &effects)
    } else {
      effects.queue.append(.report(.left, to: parent))
    }
    parent = other
    self.root = nil
    effects.queue.append(.report(.joined, to: other))
    sendResults(at: now, into: &effects)
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
      leaveFormers(at: now, into: &effects)
      if !gathered.isEmpty { sendResults(at: now, into: &effects) }
      effects.queue.append(.report(.statistics(children.statistics), to: parent))
      effects.queue.append(.report(.drained, to: parent))
    case .stopping(let exitCode) where children.allStopped:
      state = .finished
      leaveFormers(at: now, into: &effects)
      if !gathered.isEmpty { sendResults(at: now, into: &effects) }
      effects.queue.append(.report(.stopped, to: parent))
      effects.queue.append(.finish(exitCode: exitCode))
    default: break
    }
  }

  /// Nothing is held any more below this node.
  private mutating func leaveFormers(at now: Instant, into effects: inout SubmasterEffects) {
    formers.settleAll()
    answerFormers(at: now, into: &effects)
  }

  /// One request stops the world; mpirun may deliver the signal to every rank.
  mutating func passStop(_ reason: StopReason, into effects: inout SubmasterEffects) {
    guard !hasPassedStop else { return }
    switch state {
    case .feeding, .draining, .drained: break
    case .stopping, .finished: return
    }
    hasPassedStop = true
    effects.queue.append(.report(.stopRequested(reason), to: parent))
  }

  var isFeeding: Bool {
    if case .feeding = state { return true }
    return false
  }
}
