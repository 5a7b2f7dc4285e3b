import Delegation
import Learners

extension CampaignReader {
  /// The learner's kind with its settings, from the keys `kind`, `bounds` and `loss`.
  func kind(_ mapping: CampaignMapping) throws(EarlyEnd) -> LearnerKind {
    enum Name: String, CaseIterable {
      case oneDimensional = "1d"
      case counting
    }
    switch try mapping.required("kind", "1d").word(of: Name.self) {
    case .oneDimensional:
      return .oneDimensional(try settings1D(mapping))
    case .counting:
      for key in ["bounds", "loss"] {
        if let node = mapping[key] { throw node.refused(allowed: "no \(key) with kind: counting") }
      }
      return .counting
    }
  }

  private func settings1D(_ mapping: CampaignMapping) throws(EarlyEnd) -> Learner1DSettings {
    let bounds = try mapping.required("bounds", "two numbers, such as [0, 1]")
    let allowed = "two finite numbers, the first below the second, such as [0, 1]"
    guard case .list(let ends) = bounds.content, ends.count == 2 else {
      throw bounds.refused(allowed: allowed)
    }
    let lower = try ends[0].number(allowed)
    let upper = try ends[1].number(allowed)
    let loss = try mapping["loss"].map(loss1D) ?? .distance
    do {
      return try Learner1DSettings(lower: lower, upper: upper, loss: loss)
    } catch {
      throw bounds.refused("[\(lower), \(upper)]", allowed: allowed)
    }
  }

  private func loss1D(_ node: CampaignNode) throws(EarlyEnd) -> Loss1D {
    let words: KeyValuePairs = [
      "default": Loss1D.distance, "uniform": .uniform, "abs_min_log": .absMinLog,
      "triangle": .triangle,
    ]
    guard case .mapping = node.content else {
      guard case .scalar = node.content else {
        throw node.refused(
          allowed: words.map(\.key).joined(separator: ", ") + ", {resolution: …}, {curvature: …}")
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
    let mapping = try CampaignMapping(node, keys: ["min", "max"])
    let range = "a share of the domain from 0 to 1, min below max"
    let least = try mapping["min"]?.number(range) ?? 0
    let most = try mapping["max"]?.number(range) ?? 1
    guard least >= 0, most <= 1, least < most else {
      throw node.refused("min \(least) and max \(most)", allowed: range)
    }
    return .resolution(min: least, max: most)
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
