import Learners

/// The learner of a function of two variables.
extension CampaignReader {
  func settings2D(_ mapping: CampaignMapping) throws(EarlyEnd) -> Learner2DSettings {
    let node = try mapping.required("bounds", "two pairs of numbers, such as [[0, 1], [0, 1]]")
    let bounds = try box(node)
    guard bounds.count == 4 else {
      throw node.refused(
        "\(bounds.count / 2) pairs", allowed: "two pairs of numbers, such as [[0, 1], [0, 1]]")
    }
    let loss = try mapping["loss"].map(loss2D) ?? .deviation
    let ratios = Learner2DSettings.aspectRatios
    let allowed = "a number from \(ratios.lowerBound) to \(ratios.upperBound)"
    let aspectRatio = try mapping["aspect_ratio"]?.number(allowed) ?? 1
    if let node = mapping["aspect_ratio"], !ratios.contains(aspectRatio) {
      throw node.refused(allowed: allowed)
    }
    let stackCount = try mapping["stack"]?.integer(in: Learner2DSettings.stackCounts)
    let isCompatible = try mapping["compatible"].map(flag) ?? false
    let isComplex = try self.isComplex(mapping)
    return try settings(at: node) { () throws(LearnerError) in
      try Learner2DSettings(
        bounds: bounds, loss: loss, aspectRatio: aspectRatio, stackCount: stackCount,
        isCompatible: isCompatible, isComplex: isComplex)
    }
  }

  private func loss2D(_ node: CampaignNode) throws(EarlyEnd) -> Loss2D {
    let words: KeyValuePairs = [
      "default": Loss2D.deviation, "uniform": .uniform, "triangle_surface": .surface,
    ]
    guard case .mapping = node.content else {
      guard case .scalar = node.content else {
        throw node.refused(
          allowed: words.map(\.key).joined(separator: ", ") + ", {resolution: …}, {thresholded: …}")
      }
      return try node.word(of: words)
    }
    let mapping = try CampaignMapping(node, keys: ["resolution", "thresholded"])
    if let resolution = mapping["resolution"], mapping["thresholded"] == nil {
      let (least, most) = try resolutionRange(resolution)
      return .resolution(min: least, max: most)
    }
    guard let thresholded = mapping["thresholded"], mapping["resolution"] == nil else {
      throw node.refused(allowed: "resolution or thresholded")
    }
    return try thresholdedLoss(thresholded)
  }

  private func thresholdedLoss(_ node: CampaignNode) throws(EarlyEnd) -> Loss2D {
    let mapping = try CampaignMapping(node, keys: ["lower", "upper", "factor"])
    let lower = try mapping["lower"]?.number()
    let upper = try mapping["upper"]?.number()
    guard lower != nil || upper != nil else {
      throw node.refused("neither lower nor upper", allowed: "one of them, or both")
    }
    let allowed = "a finite number, 0 or more"
    let factor = try mapping["factor"]?.number(allowed) ?? 0.1
    if let node = mapping["factor"], factor < 0 { throw node.refused(allowed: allowed) }
    return .thresholded(
      lower: lower ?? -.infinity, upper: upper ?? .infinity, factor: factor)
  }
}
