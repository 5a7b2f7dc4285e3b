package import AdaptiveCore

extension Learner1D {
  /// The losses of real intervals, by the point to their left in told order (infinite where there
  /// is none), and the range of values with which they were last computed all together: between two
  /// such times, losses keep the scale they were computed with.
  ///
  /// O(1): the array is shared until the next tell.
  package func snapshot() -> LearnerSnapshot {
    LearnerSnapshot(fields: [
      .init(Field.losses, .doubles(losses)),
      .init(Field.rangeOfLosses, .doubles([scale.rangeOfLosses])),
    ])
  }

  /// The learner whose snapshot was taken: it asks what that one would have asked, for ever.
  ///
  /// - Parameters:
  ///   - results: what was told, in that order. A point that was told again counts once.
  ///   - failed: the points given up; those with a result all the same are known.
  ///   - pending: pending points in the order in which they were asked.
  /// - Throws: ``LearnerError`` with code `badSnapshot` if the parts do not fit together.
  /// - Complexity: O(n log n)
  package init(
    restoring settings: Learner1DSettings, valueCount: Int, results: ResultLog,
    failed: PointBuffer, pending pendingPoints: PointBuffer, snapshot: LearnerSnapshot
  ) throws(LearnerError) {
    guard valueCount > 0, results.valueCount == valueCount, results.dimension == 1,
      failed.dimension == 1, pendingPoints.dimension == 1
    else {
      throw LearnerError(
        .badSnapshot,
        "points of 1 number and values of \(valueCount) are needed; results have "
          + "\(results.dimension) and \(results.valueCount), failed points \(failed.dimension), "
          + "pending points \(pendingPoints.dimension)")
    }
    self.init(settings, valueCount: valueCount)
    var points: [Double] = []
    var values: [Double] = []
    results.forEachSegment {
      points += $0.points
      values += $0.values
    }
    let firstFailed = points.count
    points += failed.doubles
    let firstPending = points.count
    points += pendingPoints.doubles

    let merge = appendMerging(points)
    storeResults(values, at: merge.slots[..<firstFailed], of: points)
    giveUp(merge.slots[firstFailed..<firstPending])
    try markPending(merge.slots[firstPending...], points[firstPending...])
    chain.link(merge.order)
    try restoreLosses(snapshot)
    shareOutAll()
  }

  private enum Field {
    static let losses = "losses"
    static let rangeOfLosses = "range_of_losses"
  }

  private mutating func giveUp(_ slots: ArraySlice<Int32>) {
    for slot in slots
    where rule.contains(chain[slot].x) && chain[slot].told == PointChain.Node.pending {
      let isBound = chain[slot].x == rule.lower || chain[slot].x == rule.upper
      chain[slot].told = isBound ? PointChain.Node.failedBound : PointChain.Node.failed
    }
  }

  private mutating func markPending(
    _ slots: ArraySlice<Int32>, _ points: ArraySlice<Double>
  ) throws(LearnerError) {
    for (slot, point) in zip(slots, points) {
      let x = point + 0
      let isTaken =
        chain[slot].told != PointChain.Node.pending || outside.contains(x.bitPattern)
      guard !isTaken, pending.slot(of: x) == nil else {
        throw LearnerError(
          .badSnapshot, "the pending point \(x) is known, failed or pending already")
      }
      pending.insert(x, slot: slot)
    }
  }

  private mutating func restoreLosses(_ snapshot: LearnerSnapshot) throws(LearnerError) {
    let saved = try snapshot.doubles(Field.losses)
    guard saved.count == losses.count else {
      throw LearnerError(
        .badSnapshot, "\(saved.count) losses are saved for \(losses.count) known points")
    }
    let range = try snapshot.doubles(Field.rangeOfLosses)
    guard range.count == 1, range[0] >= 0 else {
      throw LearnerError(.badSnapshot, "the range of losses is one number from 0, not \(range)")
    }
    losses = saved
    scale.rangeOfLosses = range[0]
  }
}
