import AdaptiveCore
import DequeModule

/// A root among several: children come from roots that have finished and go to roots that have not,
/// and the coordinator says when the world ends.
extension RootMachine {
  mutating func obey(
    _ order: RootOrder, at now: Instant, into effects: inout RootEffects
  ) {
    switch order {
    case .handOver(let ranks):
      heirs.append(contentsOf: ranks)
      guard case .finishing = state else { return }
      for child in children.drained { handOver(child, into: &effects) }
    case .end(let verdict):
      beginEnd(verdict, at: now, into: &effects)
    case .stop(let verdict):
      stop(verdict, deadline: nil, into: &effects)
    case .leave:
      guard case .stopping(_, let verdict) = state else {
        invariant(false, "told to leave before it was told to stop")
        return
      }
      finish(verdict, isClean: true, into: &effects)
    }
  }

  /// Takes in a child whose root has finished. It may come late: after this root has finished too,
  /// or the world is being ended.
  mutating func join(_ rank: Rank, into effects: inout RootEffects) {
    children.insert(rank)
    switch state {
    case .feeding, .saving, .saved: break
    case .finishing, .draining: effects.queue.append(.send(.drain, to: rank))
    case .stopping(_, let verdict):
      effects.queue.append(.send(.stop(exitCode: verdict.exitCode.rawValue), to: rank))
    case .finished: invariant(false, "rank \(rank.number) joins a root that has left")
    }
  }

  /// Sends a drained child to the next heir, if the coordinator has named one.
  mutating func handOver(_ child: ChildTable.Index, into effects: inout RootEffects) {
    guard let heir = heirs.popFirst() else { return }
    children.setMoved(child)
    effects.queue.append(.send(.move(to: heir), to: children.rank(of: child)))
  }
}
