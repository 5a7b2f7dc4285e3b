import AdaptiveCore

/// What a leaf does when it is told to drain, to go to another root, or to stop.
extension LeafMachine {
  mutating func obey(
    _ order: Order, at now: Instant, into effects: inout LeafEffects
  ) {
    switch order {
    case .drain:
      guard case .feeding = state else { return }
      state = .draining
      for entry in waiting.entries { formers.settle(entry.id) }
      waiting.removeAll()
      leaveFormers(into: &effects)
      if running.isEmpty { drained(at: now, into: &effects) }
    case .move(let root):
      move(to: root, at: now, into: &effects)
    case .stop(let exitCode):
      formers.settleAll()
      leaveFormers(into: &effects)
      waiting.removeAll()
      // A member may hang: the tree must not take this leaf for one that has left.
      if leadsTeam, !running.isEmpty {
        state = .stopping(exitCode: exitCode)
      } else {
        finish(exitCode, into: &effects)
      }
    }
  }

  mutating func finish(_ exitCode: Int32, into effects: inout LeafEffects) {
    state = .finished
    effects.queue.append(.report(.stopped, to: parent))
    effects.queue.append(
      .finish(exitCode: exitCode, isEvaluating: isGivenUp || !running.isEmpty))
  }

  /// Goes to another root, with the points of the one before: they are finished, and answered
  /// there.
  private mutating func move(
    to other: Rank, at now: Instant, into effects: inout LeafEffects
  ) {
    guard isFeeding else {
      invariant(false, "sent to root \(other.number) while draining")
      return
    }
    if let root {
      let owed = running.count + following.count + waiting.count - formers.owedCount
      formers.append(FormerParents.Former(rank: parent, root: root, owedCount: owed))
      leaveFormers(into: &effects)
    } else {
      effects.queue.append(.report(.left, to: parent))
    }
    parent = other
    self.root = nil
    effects.queue.append(.report(.joined, to: other))
    sendResults(at: now, into: &effects)
  }

  /// Says so to former parents that wait for nothing more.
  mutating func leaveFormers(into effects: inout LeafEffects) {
    guard !formers.isEmpty else { return }
    formers.flush { effects.queue.append(.report(.left, to: $0.rank)) }
  }

  var isFeeding: Bool {
    if case .feeding = state { return true }
    return false
  }

  var isEnding: Bool {
    switch state {
    case .stopping, .finished: true
    case .feeding, .draining, .drained: false
    }
  }

  mutating func drained(at now: Instant, into effects: inout LeafEffects) {
    state = .drained
    effects.queue.append(.report(.statistics(statistics(at: now)), to: parent))
    effects.queue.append(.report(.drained, to: parent))
  }
}
