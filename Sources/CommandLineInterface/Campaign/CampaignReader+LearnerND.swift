import AdaptiveCore
import Learners

/// Learners of functions of several variables.
extension CampaignReader {
  func settingsND(_ mapping: CampaignMapping) throws(EarlyEnd) -> LearnerNDSettings {
    let (domain, node) = try domain(mapping)
    let userLoss = try mapping["loss"].flatMap { node throws(EarlyEnd) in
      try self.userLoss(node, hasNeighbors: false)
    }
    let loss = try userLoss == nil ? mapping["loss"].map(lossND) ?? .volume : .user
    let isAnisotropic = try mapping["anisotropic"].map(flag) ?? false
    let isCompatible = try mapping["compatible"].map(flag) ?? false
    let isComplex = try self.isComplex(mapping)
    return try settings(at: node) { () throws(LearnerError) in
      try LearnerNDSettings(
        domain: domain, loss: loss, isAnisotropic: isAnisotropic, isCompatible: isCompatible,
        isComplex: isComplex, userLoss: userLoss)
    }
  }

  func levelSet(_ mapping: CampaignMapping) throws(EarlyEnd) -> LevelSetSettings {
    let (domain, node) = try domain(mapping)
    let level = try mapping.required("level", "a number").number()
    let allowed = "a number from 0 to 1"
    let exploration = try mapping["exploration"]?.number(allowed) ?? 0
    if let node = mapping["exploration"], !(0...1).contains(exploration) {
      throw node.refused(allowed: allowed)
    }
    return try settings(at: node) { () throws(LearnerError) in
      try LevelSetSettings(domain: domain, level: level, exploration: exploration)
    }
  }

  func flag(_ node: CampaignNode) throws(EarlyEnd) -> Bool {
    try node.word(of: ["true": true, "false": false])
  }

  /// A box or a convex hull, and where it stands.
  private func domain(
    _ mapping: CampaignMapping
  ) throws(EarlyEnd) -> (LearnerNDSettings.Domain, CampaignNode) {
    if let hull = mapping["hull"] {
      guard mapping["bounds"] == nil else {
        throw mapping.node.refused("the keys bounds and hull", allowed: "one of them")
      }
      let rows = try hull.elements(of: "points").map { row throws(EarlyEnd) in
        try row.elements(of: "numbers").map { number throws(EarlyEnd) in try number.number() }
      }
      let dimension = rows.first?.count ?? 0
      guard dimension > 0, rows.allSatisfy({ $0.count == dimension }) else {
        throw hull.refused("points of different lengths", allowed: "points of one length")
      }
      let points = PointBuffer(dimension: dimension, doubles: rows.flatMap { $0 })
      return (.hull(points), hull)
    }
    let bounds = try mapping.required("bounds", "a list of pairs, such as [[0, 1], [0, 1]]")
    return (.box(try box(bounds)), bounds)
  }

  private func lossND(_ node: CampaignNode) throws(EarlyEnd) -> LossND {
    let words: KeyValuePairs = [
      "default": LossND.volume, "uniform": .uniform, "std": .std, "triangle": .triangle,
      "curvature": .curvature(exploration: 0.05),
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
    if let resolution = mapping["resolution"], mapping["curvature"] == nil {
      let (least, most) = try resolutionRange(resolution)
      return .resolution(min: least, max: most)
    }
    guard let curvature = mapping["curvature"], mapping["resolution"] == nil else {
      throw node.refused(allowed: "resolution or curvature")
    }
    let inner = try CampaignMapping(curvature, keys: ["exploration"])
    let allowed = "a finite number, 0 or more"
    let exploration = try inner["exploration"]?.number(allowed) ?? 0.05
    guard exploration >= 0 else { throw curvature.refused(allowed: allowed) }
    return .curvature(exploration: exploration)
  }
}
