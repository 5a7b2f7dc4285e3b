/// How much a simplex deserves to be divided. The first five are Python adaptive's for its
/// LearnerND.
///
/// Coordinates are those in the unit box, values are divided by the range of all values. d is the
/// dimension of the domain.
package enum LossND: Sendable, Equatable {
  /// The volume of the simplex on the function's graph.
  case volume
  /// The volume of the simplex in the domain.
  case uniform
  /// The values' standard deviation × volume^(1/d), and the volume.
  case std
  /// The mean volume, one dimension up, of the simplex on the graph with each neighbouring vertex.
  case triangle
  /// (triangle + exploration × volume^((2 + d)/d))^(1/(2 + d))
  case curvature(exploration: Double)
  /// The default loss; 0 where volume^(1/d) is below `min`, infinite where it is above `max`.
  case resolution(min: Double, max: Double)
  /// The volume of a simplex in the domain where the first component of the values crosses `level`,
  /// else that × `exploration`.
  case level(Double, exploration: Double)
  /// A ``UserLoss``.
  case user

  /// The name in campaign files and checkpoints.
  package var name: String {
    switch self {
    case .volume: "default"
    case .uniform: "uniform"
    case .std: "std"
    case .triangle: "triangle"
    case .curvature: "curvature"
    case .resolution: "resolution"
    case .level: "level"
    case .user: "user"
    }
  }

  package var parameters: [Double] {
    switch self {
    case .volume, .uniform, .std, .triangle, .user: []
    case .curvature(let exploration): [exploration]
    case .resolution(let least, let most): [least, most]
    case .level(let level, let exploration): [level, exploration]
    }
  }

  /// The loss of that name, with the parameters that were stored.
  init(name: String, _ parameters: [Double]) throws(LearnerError) {
    switch (name, parameters.count) {
    case ("default", 0): self = .volume
    case ("uniform", 0): self = .uniform
    case ("std", 0): self = .std
    case ("triangle", 0): self = .triangle
    case ("user", 0): self = .user
    case ("curvature", 1): self = .curvature(exploration: parameters[0])
    case ("resolution", 2): self = .resolution(min: parameters[0], max: parameters[1])
    case ("level", 2): self = .level(parameters[0], exploration: parameters[1])
    default:
      throw LearnerError(
        .badSettings, "the loss \(name) with \(parameters.count) parameters is unknown")
    }
  }

  /// Whether the vertices opposite to the simplex's facets count.
  var needsNeighbors: Bool {
    switch self {
    case .triangle, .curvature: true
    case .volume, .uniform, .std, .resolution, .level, .user: false
    }
  }
}
