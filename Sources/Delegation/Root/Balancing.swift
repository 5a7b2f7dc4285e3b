/// Which learner a root with several asks next.
package enum Balancing: UInt8, Sendable, CaseIterable {
  /// One after the other, each for its share of what is wanted.
  case cycle = 1
  /// The one whose next point promises most.
  case lossImprovements = 2
  /// The one with the largest loss, pending points included.
  case loss = 3
  /// The one with the fewest points, pending ones included.
  case npoints = 4
}

/// What learners are compared by.
package struct Standing: Sendable, Equatable {
  /// What the next point promises, in units of the loss.
  package var improvement: Double
  /// Known and pending points together.
  package var loss: Double
  /// Known and pending points.
  package var count: Int

  package init(improvement: Double, loss: Double, count: Int) {
    self.improvement = improvement
    self.loss = loss
    self.count = count
  }
}

extension Balancing {
  /// Whether a learner that stands so is asked before another: the better, of equals the one with
  /// fewer points, then the earlier. A standing that is not a number comes last.
  package func isFirst(
    _ a: Standing, at aPosition: Int, before b: Standing, at bPosition: Int
  ) -> Bool {
    let (aWorth, bWorth) = (worth(a), worth(b))
    if aWorth != bWorth { return aWorth > bWorth }
    if a.count != b.count { return a.count < b.count }
    return aPosition < bPosition
  }

  private func worth(_ standing: Standing) -> Double {
    let worth =
      switch self {
      case .lossImprovements: standing.improvement
      case .loss: standing.loss
      case .cycle, .npoints: 0.0
      }
    return worth.isNaN ? -.infinity : worth
  }
}
