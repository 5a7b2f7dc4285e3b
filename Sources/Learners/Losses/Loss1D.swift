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
}
