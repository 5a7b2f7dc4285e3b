import Geometry

/// A rectangle, and the way from its points to those that are triangulated: in a rectangle whose
/// sides are 1 and the aspect ratio, or as much smaller as makes the longer one 1.
struct Domain2D: Sendable {
  private let lower: InlineArray<2, Double>
  private let upper: InlineArray<2, Double>
  private let width: InlineArray<2, Double>
  /// The sides of the rectangle in which points are triangulated.
  private let side: InlineArray<2, Double>

  /// What triangulated lengths are multiplied by for those that losses are made of.
  let scale: Double

  init(_ bounds: [Double], aspectRatio: Double) {
    lower = [bounds[0] + 0, bounds[2] + 0]
    upper = [bounds[1] + 0, bounds[3] + 0]
    width = [upper[0] - lower[0], upper[1] - lower[1]]
    scale = max(1, aspectRatio)
    side = [1 / scale, aspectRatio / scale]
  }

  /// The area in the rectangle of a triangulated area of 1.
  var unitArea: Double { width[0] / side[0] * (width[1] / side[1]) }

  /// Corner 0, 1, 2 or 3 in lexicographic order.
  func corner(_ number: Int) -> [Double] {
    [number & 2 == 0 ? lower[0] : upper[0], number & 1 == 0 ? lower[1] : upper[1]]
  }

  func contains(_ point: Span<Double>) -> Bool {
    point[0] >= lower[0] && point[0] <= upper[0] && point[1] >= lower[1] && point[1] <= upper[1]
  }

  /// The point of the lattice that stands for a point of the rectangle.
  func place(_ point: Span<Double>) -> InlineArray<2, Double> {
    [place(point[0], 0), place(point[1], 1)]
  }

  private func place(_ x: Double, _ axis: Int) -> Double {
    if x == upper[axis] { return Lattice.nearest(side[axis]) }
    return Lattice.nearest((x - lower[axis]) / width[axis] * side[axis])
  }

  /// The point that a place stands for, within the rectangle.
  func point(at place: InlineArray<2, Double>) -> InlineArray<2, Double> {
    [point(place[0], 0), point(place[1], 1)]
  }

  private func point(_ x: Double, _ axis: Int) -> Double {
    let inside = lower[axis] + x / side[axis] * width[axis]
    return min(max(inside, lower[axis]), upper[axis]) + 0
  }
}
