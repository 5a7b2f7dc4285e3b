import AdaptiveCore
import DequeModule

/// A root among several: children come from roots that have no use for them and go to roots that
/// have, and the coordinator says when the world ends.
extension RootMachine {
  mutating func obey(
    _ order: RootOrder, at now: Instant, into effects: inout RootEffects
  ) {
    switch order {
    case .handOver(let ranks):
      heirs.append(contentsOf: ranks)
      spareCount = max(0, spareCount - ranks.count)
      handOver(into: &effects)
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

  /// Takes in a child that another root had no use for. It may come late: after this root has
  /// finished too, or the world is being ended.
  mutating func join(_ rank: Rank, into effects: inout RootEffects) {
    children.insert(rank)
    switch state {
    case .feeding, .saving, .saved: break
    case .finishing: handOver(into: &effects)
    case .draining: effects.queue.append(.send(.drain, to: rank))
    case .stopping(_, let verdict):
      effects.queue.append(.send(.stop(exitCode: verdict.exitCode.rawValue), to: rank))
    case .finished: invariant(false, "rank \(rank.number) joins a root that has left")
    }
  }

  /// Sends children to the heirs that the coordinator has named: all once this root has finished;
  /// before, those with room, but for one.
  mutating func handOver(into effects: inout RootEffects) {
    while let heir = heirs.first, let child = nextToHandOver {
      heirs.removeFirst()
      children.setMoved(child)
      effects.queue.append(.send(.move(to: heir), to: children.rank(of: child)))
    }
  }

  private var nextToHandOver: ChildTable.Index? {
    switch state {
    case .feeding:
      guard wantsNoMorePoints, children.presentCount > 1 else { return nil }
      return children.firstReady
    case .finishing: return children.firstPresent
    case .draining, .saving, .saved, .stopping, .finished: return nil
    }
  }

  /// Once learners have been asked all that they may be asked, this root only waits for answers:
  /// children with room are offered to other roots. One stays, for points that fail.
  mutating func lend(into effects: inout RootEffects) {
    guard wantsNoMorePoints else { return }
    handOver(into: &effects)
    let count = min(children.readyCount, children.presentCount - 1)
    guard count > spareCount else { return }
    effects.queue.append(.report(.spare(childCount: count - spareCount)))
    spareCount = count
  }

  /// No learner will be asked again, whatever it is told.
  private var wantsNoMorePoints: Bool {
    waiting.isEmpty && elsewhere.isEmpty && !isAsking
      && learners.allSatisfy { $0.isDone || $0.isFull }
  }
}
