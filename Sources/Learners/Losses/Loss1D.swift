/// How badly an interval between two known points is resolved: the larger, the sooner it is cut.
package enum Loss1D: Sendable, Equatable {
  /// The length of the segment from one known point to the next (adaptive's default loss).
  case distance
  /// The length of the interval, whatever the values.
  case uniform
  /// ``distance`` of the logarithm of the smallest absolute component.
  case absMinLog
  /// The mean area of the triangles of neighbouring points.
  case triangle
  /// ``distance``, but 0 for intervals shorter than `min` and infinite for longer than `max`, both
  /// as shares of the domain.
  case resolution(min: Double, max: Double)
  /// `area` · √triangle + `euclid` · distance + `horizontal` · length.
  case curvature(area: Double, euclid: Double, horizontal: Double)
  /// A ``UserLoss`` that sees so many known points on each side of an interval, 0 or 1.
  case user(neighborCount: Int)
}

/// As a campaign file and a checkpoint write it: a word, and numbers.
extension Loss1D {
  package var name: String {
    switch self {
    case .distance: "default"
    case .uniform: "uniform"
    case .absMinLog: "abs_min_log"
    case .triangle: "triangle"
    case .resolution: "resolution"
    case .curvature: "curvature"
    case .user: "user"
    }
  }

  package var parameters: [Double] {
    switch self {
    case .distance, .uniform, .absMinLog, .triangle: []
    case .resolution(let min, let max): [min, max]
    case .curvature(let area, let euclid, let horizontal): [area, euclid, horizontal]
    case .user(let neighborCount): [Double(neighborCount)]
    }
  }

  /// - Throws: ``LearnerError`` for a loss that is not known.
  package init(name: String, _ parameters: [Double]) throws(LearnerError) {
    switch (name, parameters.count) {
    case ("default", 0): self = .distance
    case ("uniform", 0): self = .uniform
    case ("abs_min_log", 0): self = .absMinLog
    case ("triangle", 0): self = .triangle
    case ("resolution", 2): self = .resolution(min: parameters[0], max: parameters[1])
    case ("curvature", 3):
      self = .curvature(area: parameters[0], euclid: parameters[1], horizontal: parameters[2])
    case ("user", 1) where parameters[0] == 0 || parameters[0] == 1:
      self = .user(neighborCount: Int(parameters[0]))
    default: throw LearnerError(.badSettings, "the unknown loss \(name) \(parameters)")
    }
  }
}
