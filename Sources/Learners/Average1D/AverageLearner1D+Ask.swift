package import AdaptiveCore

extension AverageLearner1D {
  package mutating func ask(
    _ count: Int, appendingTo points: inout PointBuffer, improvements: inout [Double]
  ) {
    for _ in 0..<count {
      if let slot = nextRepeated {
        propose(slot, improvement: improvement(of: slot), &points, &improvements)
      } else {
        var chosen = PointBuffer(dimension: 1)
        var promised: [Double] = []
        curve.ask(1, appendingTo: &chosen, improvements: &promised)
        guard !chosen.isEmpty else { return }
        propose(addSite(chosen.doubles[0]), improvement: promised[0], &points, &improvements)
      }
    }
  }

  /// Makes the site's next free number pending and hands it out.
  private mutating func propose(
    _ slot: Int32, improvement: Double, _ points: inout PointBuffer, _ improvements: inout [Double]
  ) {
    let site = sites[Int(slot)]
    var point: InlineArray<2, Double> = [
      Double(site.expectedCount + site.failedCount), curve.chain[slot].x,
    ]
    while let index = samples.find(point.span), samples.state(index) != .waiting { point[0] += 1 }
    tellPending(point.span)
    points.append(point.span)
    improvements.append(improvement)
  }

  /// The slot of a site inside the domain, which is added if nobody knew it.
  mutating func site(at x: Double) -> Int32 {
    let place: InlineArray<1, Double> = [x]
    if let index = slots.find(place.span) { return Int32(index) }
    curve.tellPending(place.span)
    return addSite(x)
  }

  /// Adds the site that the curve got last.
  private mutating func addSite(_ x: Double) -> Int32 {
    let place: InlineArray<1, Double> = [x]
    let slot = Int32(slots.add(place.span))
    sites.append(Site(wantedCount: settings.sampleCountMin))
    wanting.extend(to: curve.chain)
    doubtful.extend(to: curve.chain)
    rank(slot)
    return slot
  }
}
