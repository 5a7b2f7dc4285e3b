package import AdaptiveCore

/// What a sub-master knows of children that lead teams: they say nothing while they evaluate.
package struct TeamWatch: Sendable, Equatable {
  /// How long one may hold points and answer none of them; nil: for ever.
  package var silenceMax: TimeSpan?

  package init(silenceMax: TimeSpan?) { self.silenceMax = silenceMax }
}

/// Children that evaluate on the thread that would answer.
extension ChildTable {
  /// Looks at every child, and notes since when it has held points and answered none of them: since
  /// the first look, or its last answer.
  mutating func noteSilence(at now: Instant) {
    for position in children.indices {
      let child = children[position]
      let isSilent = child.outstanding > 0 && !child.isDrained
      children[position].silentSince = isSilent ? child.silentSince ?? now : nil
    }
  }

  /// Children that have been silent for `span`.
  func silent(for span: TimeSpan, at now: Instant) -> [Index] {
    children.indices.filter { position in
      children[position].silentSince.map { now - $0 >= span } ?? false
    }.map { Index(position: Int32($0)) }
  }

  /// What the children reported, and of those that are silent that they evaluate since.
  func statisticsOfTeams(at now: Instant) -> NodeStatistics {
    children.reduce(into: NodeStatistics()) { sum, child in
      sum += child.statistics
      guard let since = child.silentSince else { return }
      // One that is at its first point has not reported anything.
      if child.statistics.leafCount == 0 { sum.leafCount += 1 }
      if child.statistics.evaluatingCount == 0 { sum.evaluatingCount += 1 }
      sum.busySeconds += (now - since).seconds
    }
  }

  /// Sends a child nothing more and does not wait for it to be drained; it is still told to stop,
  /// which it may not obey. Whatever it says takes that back.
  mutating func giveUp(_ index: Index) {
    setDrained(index)
    change(index) { child in
      child.isGivenUp = true
      child.window = 0
      child.outstanding = 0
      child.silentSince = nil
    }
  }

  mutating func takeBack(_ index: Index) {
    children[Int(index.position)].isGivenUp = false
    children[Int(index.position)].isDrained = false
    drainedCount -= 1
  }
}
