internal import AdaptiveCore

extension AverageLearner1D {
  /// The curve's own state, and what each site waits for, from left to right.
  package func snapshot() -> LearnerSnapshot {
    var snapshot = curve.snapshot()
    var wanted: [Int64] = []
    var slot = curve.chain.first
    while slot >= 0 {
      wanted.append(Int64(sites[Int(slot)].wantedCount))
      slot = curve.chain[slot].next
    }
    snapshot.fields.append(.init(Field.wanted, .integers(wanted)))
    return snapshot
  }

  private enum Field {
    static let wanted = "wanted_samples"
  }

  /// The learner that was saved: it asks what that one would have asked, for ever. O(n log n).
  init(restoring settings: Average1DSettings, _ record: LearnerRecord) throws(LearnerError) {
    try record.check(dimension: 2, valueCount: 1)
    self.init(settings)
    // By the first time that a site was heard of; the curve's slots come later.
    var found = PointRegister(dimension: 1)
    var foundSites: [Site] = []
    try take(record, &found, &foundSites)
    try giveWanted(record.snapshot, found, &foundSites)

    var means = ResultLog(dimension: 1, valueCount: 1)
    var failed = PointBuffer(dimension: 1)
    var pending = PointBuffer(dimension: 1)
    var order: [Int] = []
    var others: (failed: [Int], pending: [Int]) = ([], [])
    for (index, site) in foundSites.enumerated() {
      if site.knownCount > 0 {
        let place: InlineArray<1, Double> = [found.coordinates[index]]
        let mean: InlineArray<1, Double> = [site.mean]
        means.append(point: place.span, value: mean.span, seconds: 0, leaf: Rank(0))
        order.append(index)
      } else if site.wantedCount < 0 {
        found.append(index, to: &failed)
        others.failed.append(index)
      } else {
        found.append(index, to: &pending)
        others.pending.append(index)
      }
    }
    let scale = curve.scale
    curve = try Learner1D(
      restoring: settings.curve, valueCount: 1, results: means, failed: failed, pending: pending,
      snapshot: record.snapshot)
    // The range of values is that of all samples, not of their means.
    let range = curve.scale.rangeOfLosses
    curve.scale = scale
    curve.scale.rangeOfLosses = range
    for index in order + others.failed + others.pending {
      _ = slots.add(found.coordinates.span.extracting(index..<index + 1))
      sites.append(foundSites[index])
    }
    wanting.extend(to: curve.chain)
    doubtful.extend(to: curve.chain)
    for slot in sites.indices { rank(Int32(slot)) }
  }

  /// Takes in all samples, and the sites they belong to; the curve only learns their range.
  private mutating func take(
    _ record: LearnerRecord, _ found: inout PointRegister, _ foundSites: inout [Site]
  ) throws(LearnerError) {
    func site(at x: Double) -> Int? {
      guard curve.rule.contains(x) else { return nil }
      let place: InlineArray<1, Double> = [x]
      let index = found.add(place.span)
      if index == foundSites.count { foundSites.append(Site(wantedCount: 0)) }
      return index
    }
    record.results.forEachSegment { segment in
      for index in segment.values.indices {
        let point = segment.points.span.extracting(2 * index..<2 * index + 2)
        guard samples.tell(point), let site = site(at: point[1] + 0) else { continue }
        foundSites[site].add(segment.values[index])
        curve.scale.add(segment.values.span.extracting(index..<index + 1))
      }
    }
    var others = record
    others.results = ResultLog(dimension: 2, valueCount: 1)
    try samples.restore(others)
    for index in 0..<samples.count {
      let state = samples.state(index)
      guard state == .pending || state == .failed,
        let site = site(at: samples.coordinates[2 * index + 1])
      else { continue }
      if state == .pending {
        foundSites[site].pendingCount += 1
      } else {
        foundSites[site].failedCount += 1
      }
    }
  }

  private func giveWanted(
    _ snapshot: LearnerSnapshot, _ found: PointRegister, _ foundSites: inout [Site]
  ) throws(LearnerError) {
    let wanted = try snapshot.integers(Field.wanted)
    guard wanted.count == foundSites.count,
      wanted.allSatisfy({ (-1...Int64(Int32.max)).contains($0) })
    else {
      throw LearnerError(
        .badSnapshot,
        "\(wanted.count) sites are saved for \(foundSites.count) with samples, or a number of "
          + "samples is out of range")
    }
    let ascending = foundSites.indices.sorted { found.coordinates[$0] < found.coordinates[$1] }
    for (index, number) in zip(ascending, wanted) { foundSites[index].wantedCount = Int(number) }
  }
}
