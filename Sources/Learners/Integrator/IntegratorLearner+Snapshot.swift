internal import AdaptiveCore

extension IntegratorLearner {
  /// How asks and answers alternated: with the results, all that a learner without chance needs.
  package func snapshot() -> LearnerSnapshot {
    LearnerSnapshot(fields: [
      .init("answers", .integers(answers)), .init("asked", .integers([Int64(askedCount)])),
    ])
  }

  /// The learner that was saved, by going its way again. O(evaluations), as it took.
  ///
  /// - Throws: ``LearnerError`` with code `badSnapshot` if the parts do not fit together.
  init(restoring settings: IntegratorSettings, _ record: LearnerRecord) throws(LearnerError) {
    self.init(settings)
    let valueCount = valueCount
    try record.check(dimension: 1, valueCount: valueCount)
    let order = try record.snapshot.integers("answers")
    let asked = try record.snapshot.integers("asked")
    var points: [Double] = []
    var values: [Double] = []
    record.results.forEachSegment {
      points += $0.points
      values += $0.values
    }
    guard asked.count == 1, order.count == points.count + record.failed.count else {
      throw Self.misfit("\(order.count) answers for \(points.count) results")
    }
    var toldCount = 0
    var failedCount = 0
    for entry in order {
      let before = entry < 0 ? -(entry + 1) : entry
      try goOn(to: before)
      let known = answers.count
      if entry >= 0, toldCount < points.count {
        tell(
          points.span.extracting(toldCount..<toldCount + 1),
          value: values.span.extracting(toldCount * valueCount..<(toldCount + 1) * valueCount))
        toldCount += 1
      } else if entry < 0, failedCount < record.failed.count {
        record.failed.withPoint(failedCount) { tellFailed($0) }
        failedCount += 1
      }
      guard answers.count == known + 1 else { throw Self.misfit("an answer to no question") }
    }
    try goOn(to: asked[0])
    guard pendingPoints() == record.pending else {
      throw Self.misfit("\(pendingCount) points are pending, \(record.pending.count) were saved")
    }
  }

  private mutating func goOn(to count: Int64) throws(LearnerError) {
    guard count >= askedCount, count <= Int32.max else { throw Self.misfit("\(count) asked") }
    while askedCount < count {
      guard prepare() else { throw Self.misfit("\(count) asked, of \(askedCount)") }
      _ = handOut()
    }
  }

  private static func misfit(_ found: String) -> LearnerError {
    LearnerError(.badSnapshot, "the integrator's steps do not fit its results: \(found)")
  }
}
