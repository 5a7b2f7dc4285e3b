import AdaptiveCore
import Foundation
import Learners

/// Learners whose points are fixed beforehand.
extension CampaignReader {
  func sobol(_ mapping: CampaignMapping) throws(EarlyEnd) -> SobolSettings {
    let bounds = try mapping.required("bounds", "two numbers, or a list of such pairs")
    var isScrambled = true
    if let node = mapping["scramble"] {
      isScrambled = try node.word(of: ["true": true, "false": false])
    }
    let box = try box(bounds)
    return try settings(at: bounds) { () throws(LearnerError) in
      try SobolSettings(box: box, isScrambled: isScrambled)
    }
  }

  /// Lower and upper bound of each coordinate, one after another; one pair may stand alone.
  func box(_ node: CampaignNode) throws(EarlyEnd) -> [Double] {
    guard case .list(let sides) = node.content, case .list = sides.first?.content else {
      let (lower, upper) = try interval(node)
      return [lower, upper]
    }
    var box: [Double] = []
    for side in sides {
      let (lower, upper) = try interval(side)
      box += [lower, upper]
    }
    return box
  }

  func sequence(_ mapping: CampaignMapping) throws(EarlyEnd) -> SequenceSettings {
    let given = ["points", "grid", "file"].compactMap { mapping[$0] }
    guard given.count == 1, let node = given.first else {
      throw mapping.node.refused(
        "\(given.count) of the keys points, grid and file", allowed: "one of them")
    }
    let rows: [[Double]]
    if mapping["points"] != nil {
      rows = try node.elements(of: "points").map { row throws(EarlyEnd) in try coordinates(row) }
    } else if mapping["grid"] != nil {
      rows = try grid(node)
    } else {
      let path = absolutePath(try node.text("the path of a CSV or npy file"))
      rows = try PointFile(path).rows(at: node)
    }
    let dimension = rows.first?.count ?? 0
    guard (1...Limits.dimensionMax).contains(dimension),
      rows.allSatisfy({ $0.count == dimension })
    else {
      throw node.refused(
        "points of \(Set(rows.map(\.count)).sorted()) numbers", allowed: "points of one length")
    }
    return try settings(at: node) { () throws(LearnerError) in
      try SequenceSettings(points: PointBuffer(dimension: dimension, doubles: rows.flatMap { $0 }))
    }
  }

  /// One point: a number, or a list of them.
  private func coordinates(_ node: CampaignNode) throws(EarlyEnd) -> [Double] {
    guard case .list(let numbers) = node.content else { return [try node.number()] }
    return try numbers.map { number throws(EarlyEnd) in try number.number() }
  }

  /// All combinations of one value of each list; the last list changes fastest.
  private func grid(_ node: CampaignNode) throws(EarlyEnd) -> [[Double]] {
    let axes = try node.elements(of: "lists of numbers").map { axis throws(EarlyEnd) in
      try axis.elements(of: "numbers").map { value throws(EarlyEnd) in try value.number() }
    }
    let count = axes.reduce(1.0) { $0 * Double($1.count) }
    guard count <= Double(Limits.sequencePointsMax) else {
      throw node.refused("\(count) points", allowed: "at most \(Limits.sequencePointsMax)")
    }
    return axes.reduce([[]]) { rows, axis in rows.flatMap { row in axis.map { row + [$0] } } }
  }
}
