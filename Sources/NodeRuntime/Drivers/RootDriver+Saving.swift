import AdaptiveCore
import Delegation

/// The save at the end of a world: journal and a last snapshot, until a deadline.
struct LastSave {
  var deadline: Instant
  /// Another world has taken over: nothing may be written any more.
  var isFenced: Bool
  var hasBegun = false
}

extension RootDriver where T: ~Copyable, Store: ~Copyable {
  /// Takes what the store's writers report; false if nothing.
  mutating func takeStoreEvents(at now: Instant) -> Bool {
    var tookSome = false
    while let event = store.poll() {
      tookSome = true
      switch event {
      case .committed(let commits):
        committedAt = now
        durableCommitCount = commits
        storeTrouble = nil
      case .snapshotDurable(let cost):
        policy.snapshotEnded(cost: cost, at: now)
        snapshotTrouble = nil
      case .failed(let detail):
        storeTrouble = detail
      case .snapshotFailed(let detail):
        snapshotTrouble = detail
      case .fenced:
        machine.handle(.stopRequested(.fenced), at: now, into: &effects)
      }
    }
    return tookSome
  }

  /// Commits and begins snapshots when they are due, and sees the last save through; false if there
  /// was nothing to do.
  mutating func save(at now: Instant) -> Bool {
    guard let last = lastSave else {
      if policy.isSnapshotDue(at: now) || store.needsSnapshot, !store.isWritingSnapshot {
        beginSnapshot(at: now)
      } else if policy.isCommitDue(at: now) {
        commit(at: now)
      } else {
        return false
      }
      return true
    }
    if last.isFenced {
      endLastSave(isDurable: true, at: now)
    } else if policy.hasUncommittedSteps {
      commit(at: now)
    } else if !store.isWritingSnapshot, !last.hasBegun || store.needsSnapshot {
      commit(at: now)
      if policy.hasUnsavedSteps || store.needsSnapshot { beginSnapshot(at: now) }
      lastSave?.hasBegun = true
    } else if last.hasBegun, !store.isBusy {
      endLastSave(isDurable: true, at: now)
    } else if now >= last.deadline {
      // A snapshot that cannot be written costs nothing while the journal is durable.
      endLastSave(isDurable: durableCommitCount == commitCount, at: now)
    } else {
      return false
    }
    return true
  }

  mutating func commit(at now: Instant) {
    store.commit(elapsed: machine.elapsed(at: now))
    commitCount += 1
    policy.committed(at: now)
  }

  private mutating func beginSnapshot(at now: Instant) {
    commit(at: now)
    store.beginSnapshot(campaign.saved(elapsed: machine.elapsed(at: now)))
    policy.snapshotBegun(at: now)
  }

  /// Commits what came after the last save and ends the store's writers. After the outcome, once.
  package mutating func closeStore() {
    let now = clock.now()
    if policy.hasUncommittedSteps, verdict != .stopped(.fenced) { commit(at: now) }
    store.close()
  }

  private mutating func endLastSave(isDurable: Bool, at now: Instant) {
    lastSave = nil
    machine.handle(.saved(isDurable), at: now, into: &effects)
  }
}
