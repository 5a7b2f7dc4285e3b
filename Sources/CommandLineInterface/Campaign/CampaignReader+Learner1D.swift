import Learners

extension CampaignReader {
  func settings1D(_ mapping: CampaignMapping) throws(EarlyEnd) -> Learner1DSettings {
    let bounds = try mapping.required("bounds", "two numbers, such as [0, 1]")
    let (lower, upper) = try interval(bounds)
    var userLoss: UserLoss?
    var loss = Loss1D.distance
    if let node = mapping["loss"] {
      userLoss = try self.userLoss(node, hasNeighbors: true)
      loss = try userLoss == nil ? loss1D(node) : .user(neighborCount: neighborCount(node))
    }
    let isComplex = try self.isComplex(mapping)
    do {
      return try Learner1DSettings(
        lower: lower, upper: upper, loss: loss, isComplex: isComplex, userLoss: userLoss)
    } catch {
      throw bounds.refused("[\(lower), \(upper)]", allowed: Self.intervalForm)
    }
  }

  private static let intervalForm =
    "two finite numbers, the first below the second, such as [0, 1]"

  /// Two bounds in ascending order.
  func interval(_ node: CampaignNode) throws(EarlyEnd) -> (lower: Double, upper: Double) {
    guard case .list(let ends) = node.content, ends.count == 2 else {
      throw node.refused(allowed: Self.intervalForm)
    }
    let lower = try ends[0].number(Self.intervalForm)
    let upper = try ends[1].number(Self.intervalForm)
    guard lower < upper, (upper - lower).isFinite else {
      throw node.refused("[\(lower), \(upper)]", allowed: Self.intervalForm)
    }
    return (lower, upper)
  }

  /// Whether the learner's values are complex numbers.
  func isComplex(_ mapping: CampaignMapping) throws(EarlyEnd) -> Bool {
    try mapping["values"]?.word(of: ["real": false, "complex": true]) ?? false
  }

  private func loss1D(_ node: CampaignNode) throws(EarlyEnd) -> Loss1D {
    let words: KeyValuePairs = [
      "default": Loss1D.distance, "uniform": .uniform, "abs_min_log": .absMinLog,
      "triangle": .triangle,
    ]
    guard case .mapping = node.content else {
      guard case .scalar = node.content else {
        throw node.refused(
          allowed: words.map(\.key).joined(separator: ", ")
            + ", {resolution: …}, {curvature: …}, {library: …}, {swift: …}")
      }
      return try node.word(of: words)
    }
    let mapping = try CampaignMapping(node, keys: ["resolution", "curvature"])
    if let resolution = mapping["resolution"] {
      guard mapping["curvature"] == nil else {
        throw node.refused("resolution and curvature", allowed: "one of them")
      }
      return try resolutionLoss(resolution)
    }
    guard let curvature = mapping["curvature"] else {
      throw node.refused(allowed: "resolution or curvature")
    }
    return try curvatureLoss(curvature)
  }

  private func resolutionLoss(_ node: CampaignNode) throws(EarlyEnd) -> Loss1D {
    let (least, most) = try resolutionRange(node)
    return .resolution(min: least, max: most)
  }

  /// The sides below and above which values do not count.
  func resolutionRange(_ node: CampaignNode) throws(EarlyEnd) -> (least: Double, most: Double) {
    let mapping = try CampaignMapping(node, keys: ["min", "max"])
    let range = "a share of the domain from 0 to 1, min below max"
    let least = try mapping["min"]?.number(range) ?? 0
    let most = try mapping["max"]?.number(range) ?? 1
    guard least >= 0, most <= 1, least < most else {
      throw node.refused("min \(least) and max \(most)", allowed: range)
    }
    return (least, most)
  }

  private func curvatureLoss(_ node: CampaignNode) throws(EarlyEnd) -> Loss1D {
    let mapping = try CampaignMapping(node, keys: ["area", "euclid", "horizontal"])
    func factor(_ key: String, _ otherwise: Double) throws(EarlyEnd) -> Double {
      guard let node = mapping[key] else { return otherwise }
      let allowed = "a finite number, 0 or more"
      let value = try node.number(allowed)
      guard value >= 0 else { throw node.refused(allowed: allowed) }
      return value
    }
    return .curvature(
      area: try factor("area", 1), euclid: try factor("euclid", 0.02),
      horizontal: try factor("horizontal", 0.02))
  }
}
