internal import RealModule

extension AverageLearner1D {
  /// A sample outside the domain is counted, and belongs to no site.
  package mutating func tell(_ point: Span<Double>, value: Span<Double>) {
    precondition(point.count == 2 && value.count == 1)
    let before = state(of: point)
    guard samples.tell(point), curve.rule.contains(point[1] + 0) else { return }
    let slot = site(at: point[1] + 0)
    leave(before, slot)
    sites[Int(slot)].add(value[0])
    let place: InlineArray<1, Double> = [curve.chain[slot].x]
    if sites[Int(slot)].knownCount == 1 {
      curve.tell(place.span, value: value)
    } else {
      curve.change(slot, to: sites[Int(slot)].mean, seen: value[0])
      settle(slot)
    }
    let (left, right) = neighbors(of: slot)
    rank(slot)
    if left >= 0 { rank(left) }
    if right >= 0 { rank(right) }
  }

  package mutating func tellPending(_ point: Span<Double>) {
    precondition(point.count == 2)
    let before = state(of: point)
    guard before == .waiting else { return }
    samples.tellPending(point)
    guard curve.rule.contains(point[1] + 0) else { return }
    let slot = site(at: point[1] + 0)
    sites[Int(slot)].pendingCount += 1
    rank(slot)
  }

  /// A site is given up once as many samples have failed there as it needs, and most of all.
  package mutating func tellFailed(_ point: Span<Double>) {
    precondition(point.count == 2)
    let before = state(of: point)
    guard before == .waiting || before == .pending else { return }
    samples.tellFailed(point)
    guard curve.rule.contains(point[1] + 0) else { return }
    let slot = site(at: point[1] + 0)
    leave(before, slot)
    sites[Int(slot)].failedCount += 1
    let site = sites[Int(slot)]
    if site.failedCount >= settings.sampleCountMin, site.failedCount > site.knownCount {
      sites[Int(slot)].wantedCount = -1
      let place: InlineArray<1, Double> = [curve.chain[slot].x]
      if site.knownCount == 0 { curve.tellFailed(place.span) }
    }
    rank(slot)
  }

  private func state(of point: Span<Double>) -> PointRegister.State {
    samples.find(point).map { samples.state($0) } ?? .waiting
  }

  /// Takes a sample out of what it counted as.
  private mutating func leave(_ state: PointRegister.State, _ slot: Int32) {
    if state == .pending { sites[Int(slot)].pendingCount -= 1 }
    if state == .failed { sites[Int(slot)].failedCount -= 1 }
  }

  /// Whether a site has the samples that it needs before others, counted anew at each of its own:
  /// a share of what its neighbours have by then is among them.
  private mutating func settle(_ slot: Int32) {
    guard sites[Int(slot)].wantedCount > 0 else { return }
    let (left, right) = neighbors(of: slot)
    let counts = [left, right].filter { $0 >= 0 }.map { Double(sites[Int($0)].knownCount) }
    let mean = counts.isEmpty ? 0 : counts.reduce(0, +) / Double(counts.count)
    let share = Int(settings.neighborSampling * mean) + 1
    let wanted = min(max(settings.sampleCountMin, share), settings.sampleCountMax)
    sites[Int(slot)].wantedCount = sites[Int(slot)].knownCount >= wanted ? 0 : wanted
  }

  /// The nearest sites with a mean to the left and right, -1 where there is none.
  private func neighbors(of slot: Int32) -> (left: Int32, right: Int32) {
    let left = curve.chain.end(before: slot)
    let right = curve.chain[slot].span
    return (
      left >= 0 && curve.chain[left].told >= 0 ? left : -1,
      right >= 0 && curve.chain[right].told >= 0 ? right : -1
    )
  }

  /// Puts a site where it belongs among those that are repeated.
  mutating func rank(_ slot: Int32) {
    wanting.own()
    doubtful.own()
    let site = sites[Int(slot)]
    if site.expectedCount < site.wantedCount {
      wanting.set(slot, 0, in: curve.chain)
    } else {
      wanting.remove(slot, in: curve.chain)
    }
    let doubt = doubt(of: slot)
    if doubt > 0 {
      doubtful.set(slot, doubt, in: curve.chain)
    } else {
      doubtful.remove(slot, in: curve.chain)
    }
  }

  /// The error that a mean will have once pending samples are known, as a share of the distance to
  /// the nearer neighbour; 0 for a site that is not to be repeated.
  private mutating func doubt(of slot: Int32) -> Double {
    let site = sites[Int(slot)]
    guard site.wantedCount == 0, site.expectedCount < settings.sampleCountMax else { return 0 }
    let error = error(of: slot)
    let enough = max(settings.absoluteTolerance, settings.relativeTolerance * site.mean.magnitude)
    let (left, right) = neighbors(of: slot)
    guard error > enough, left >= 0 || right >= 0 else { return 0 }
    let x = curve.chain[slot].x
    var distance = Double.infinity
    for neighbor in [left, right] where neighbor >= 0 {
      let other = Double.hypot(
        curve.chain[neighbor].x - x, sites[Int(neighbor)].mean - site.mean)
      distance = min(distance, other)
    }
    let share = Double(site.knownCount) / Double(site.expectedCount)
    let doubt = error * share.squareRoot() / distance
    return doubt.isNaN ? 0 : doubt
  }
}

extension AverageLearner1D.Site {
  mutating func add(_ value: Double) {
    knownCount += 1
    let difference = value - mean
    mean += difference / Double(knownCount)
    squares += difference * (value - mean)
  }
}
