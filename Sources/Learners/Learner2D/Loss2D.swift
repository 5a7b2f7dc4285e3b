/// How much a triangle deserves to be divided: the losses of Python adaptive's Learner2D.
///
/// Lengths are those in a domain of width 1 and height `aspect_ratio`, A is the triangle's area
/// there. Values are divided by the range of all values, but for thresholds. Of complex numbers
/// moduli count, and their distances.
package enum Loss2D: Sendable, Equatable {
  /// D √A + 0.3 A. D adds up, over components and corners, by how much the plane that touches the
  /// function at a corner misses the worse of the other two.
  case deviation
  /// √A
  case uniform
  /// The area of the triangle on the function's graph.
  case surface
  /// The default loss; 0 where A is below `min`², infinite where it is above `max`².
  case resolution(min: Double, max: Double)
  /// The default loss; × `factor` where all values lie below `lower` or all above `upper`.
  case thresholded(lower: Double, upper: Double, factor: Double)

  /// The name in campaign files and checkpoints.
  package var name: String {
    switch self {
    case .deviation: "default"
    case .uniform: "uniform"
    case .surface: "triangle_surface"
    case .resolution: "resolution"
    case .thresholded: "thresholded"
    }
  }

  package var parameters: [Double] {
    switch self {
    case .deviation, .uniform, .surface: []
    case .resolution(let least, let most): [least, most]
    case .thresholded(let lower, let upper, let factor): [lower, upper, factor]
    }
  }

  /// The loss of that name, with the parameters that were stored.
  init(name: String, _ parameters: [Double]) throws(LearnerError) {
    switch (name, parameters.count) {
    case ("default", 0): self = .deviation
    case ("uniform", 0): self = .uniform
    case ("triangle_surface", 0): self = .surface
    case ("resolution", 2): self = .resolution(min: parameters[0], max: parameters[1])
    case ("thresholded", 3):
      self = .thresholded(lower: parameters[0], upper: parameters[1], factor: parameters[2])
    default:
      throw LearnerError(
        .badSettings, "the loss \(name) with \(parameters.count) parameters is unknown")
    }
  }

  /// Whether the function's gradients at the corners count.
  var needsGradients: Bool {
    switch self {
    case .deviation, .resolution, .thresholded: true
    case .uniform, .surface: false
    }
  }
}
