import AdaptiveCore

/// Near the goal, when leaves have nothing to do, points that take long are given to a second one;
/// the first answer counts.
extension RootMachine {
  /// Whether time alone may bring a second evaluation about.
  var looksForStragglers: Bool {
    plan.duplicatesStragglers && isShortOfPoints && isFeeding && children.freeCredit > 0
  }

  /// Every point that somebody waits for has been answered.
  var onlyUnneededAreLeft: Bool { table.count > 0 && table.count == table.unneededCount }

  mutating func lookForStragglers(at now: Instant, into effects: inout RootEffects) {
    guard looksForStragglers, now >= nextStragglerLook else { return }
    nextStragglerLook = now + Self.stragglerTick
    // Points may wait behind one that takes long; so it counts, too, what leaves said they do.
    let leaves = statistics
    let busyCount = min(children.outstanding, Int(leaves.evaluatingCount))
    let idleCount = Int(leaves.leafCount) - busyCount
    guard idleCount > 0, let secondsPerPoint else { return }
    let patience = max(Self.stragglerTick, TimeSpan(seconds: 2 * secondsPerPoint))
    for slot in table.stragglers(at: now, heldFor: patience).prefix(idleCount) {
      guard let holder = table.holder(slot), let child = otherChild(than: holder) else { return }
      let twin = table.insertTwin(of: slot)
      assign(twin, to: child, at: now, into: &effects)
      counts.duplicated += 1
    }
  }

  /// A child with room, but for the holder if any other takes points: a holder with children of its
  /// own gives the point to another of them.
  private mutating func otherChild(than holder: ChildTable.Index) -> ChildTable.Index? {
    children.takesPoints(otherThan: holder)
      ? children.take(avoiding: holder) : children.take(available: 1)?.child
  }

  /// What came first has been told; the other answer is only awaited.
  mutating func settleTwin(of slot: PointTable.Slot) {
    guard let twin = table.twin(slot) else { return }
    table.setUnneeded(twin)
  }

  /// Takes in that an attempt has come to nothing of which nobody need know: its point was answered
  /// by its twin, or will be. False if it is the only one.
  mutating func dismiss(_ slot: PointTable.Slot) -> Bool {
    if table.isUnneeded(slot) {
      table.remove(slot)
      counts.dropped += 1
      return true
    }
    guard let twin = table.twin(slot) else { return false }
    table.forgetTwin(twin)
    table.remove(slot)
    counts.retried += 1
    return true
  }

  mutating func observe(secondsPerPoint seconds: Double) {
    secondsPerPoint = secondsPerPoint.map { $0 + 0.05 * (seconds - $0) } ?? seconds
  }
}
