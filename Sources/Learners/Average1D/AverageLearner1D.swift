package import AdaptiveCore
internal import RealModule

/// Samples a noisy function of one variable: Python adaptive's AverageLearner1D.
///
/// A point is a number, which is the seed of one *sample*, and the x it is taken at. A *site* is an
/// x with its samples. The curve through the means of all sites is a ``Learner1D``'s; a site is
/// repeated first while it has too few samples, then while the error of its mean is large beside
/// the distance to its neighbours; else a new one is chosen where the curve's loss is largest.
///
/// Asked for one sample at a time, it asks for adaptive's samples in adaptive's order. Asked for
/// many, it counts pending samples as if they were known: a site is not repeated more often than
/// it takes, and no sample is asked twice. `docs/parity.md` says what else differs.
///
/// Which sample comes next is a function of what is known, pending and failed, and of what each
/// site waits for; not of the order of asking. An ask or a tell takes O(log n) for n sites, as in
/// ``Learner1D``.
package struct AverageLearner1D: Learner {
  /// What is known at one x.
  struct Site: Sendable {
    var knownCount = 0
    var pendingCount = 0
    var failedCount = 0
    var mean = 0.0
    /// The sum of squared differences from the mean (Welford, Technometrics 4(3), 1962).
    var squares = 0.0
    /// The samples that it needs before others get any; 0 once it has had them, -1 if it was
    /// given up.
    var wantedCount: Int

    /// Known and pending samples.
    var expectedCount: Int { knownCount + pendingCount }
  }

  let settings: Average1DSettings

  /// The means. Sites outside the domain are not part of it.
  var curve: Learner1D

  /// All samples ever heard of.
  var samples = PointRegister(dimension: 2)

  /// By their slots in the curve.
  var sites: [Site] = []
  var slots = PointRegister(dimension: 1)

  /// Sites that need samples before others get any, from the left.
  var wanting = LossQueue()

  /// Other sites that may be repeated, by error as a share of the distance to the neighbours.
  var doubtful = LossQueue()

  var quantile: StudentQuantile

  package init(_ settings: Average1DSettings) {
    self.settings = settings
    curve = Learner1D(settings.curve, valueCount: 1)
    quantile = StudentQuantile(tail: settings.alpha)
  }

  package var dimension: Int { 2 }
  package var valueCount: Int { 1 }
  package var pointCount: Int { samples.knownCount }
  package var pendingCount: Int { samples.pendingCount }

  package func loss(includingPending: Bool) -> Double {
    curve.loss(includingPending: includingPending)
  }

  package var nextImprovement: Double {
    if let slot = nextRepeated { return improvement(of: slot) }
    return curve.nextImprovement
  }

  package func pendingPoints() -> PointBuffer { samples.pendingPoints() }

  /// The site that gets the next sample; nil if that is to be a new one.
  var nextRepeated: Int32? {
    if let first = wanting.top { return first.slot }
    guard let worst = doubtful.top, worst.priority > settings.delta else { return nil }
    return worst.slot
  }

  /// What one more sample of a site promises, in units of the curve's loss.
  func improvement(of slot: Int32) -> Double {
    let node = curve.chain[slot]
    guard node.previous >= 0, node.next >= 0 else { return .infinity }
    let loss = (curve.chain[node.previous].loss + node.loss) / 2
    guard loss.isFinite else { return .infinity }
    let count = Double(sites[Int(slot)].expectedCount)
    return loss - loss * (count / (count + 1)).squareRoot()
  }

  /// Half the width of the interval in which the true mean lies, up to twice ``alpha``; infinite
  /// for one sample.
  mutating func error(of slot: Int32) -> Double {
    let site = sites[Int(slot)]
    guard site.knownCount >= 2 else { return .infinity }
    let degrees = site.knownCount - 1
    let variance = site.squares / Double(degrees)
    return quantile(degrees) * (variance / Double(site.knownCount)).squareRoot()
  }
}
