import AdaptiveCore
import Geometry

/// A box or a convex hull, and the way from its points to the unit box in which they are
/// triangulated.
struct DomainND: Sendable {
  let dimension: Int
  private let lower: [Double]
  private let upper: [Double]
  private let width: [Double]

  /// The corners, in lexicographic order: what is asked for first.
  private(set) var corners: PointBuffer

  /// Of the corners of a hull; nil for a box.
  private var hull: Triangulation?
  private var hullSimplex: Int32 = -1

  /// How far outside a point may lie and still belong to the domain, as a share of its width.
  private static let tolerance = 1e-8

  init(box bounds: [Double]) {
    dimension = bounds.count / 2
    lower = (0..<dimension).map { [bounds] in bounds[2 * $0] + 0 }
    upper = (0..<dimension).map { [bounds] in bounds[2 * $0 + 1] + 0 }
    width = zip(lower, upper).map { $1 - $0 }
    corners = PointBuffer(dimension: dimension)
    for number in 0..<(1 << dimension) {
      var corner: [Double] = []
      for axis in 0..<dimension {
        let isUpper = (number >> (dimension - 1 - axis)) & 1 == 1
        corner.append(isUpper ? upper[axis] : lower[axis])
      }
      corners.append(corner.span)
    }
  }

  /// - Throws: ``LearnerError`` with code `badSettings` if the points enclose nothing.
  init(hull points: PointBuffer) throws(LearnerError) {
    dimension = points.dimension
    guard Lattice.dimensions.contains(dimension), points.doubles.allSatisfy(\.isFinite) else {
      throw LearnerError(
        .badSettings, "a hull of points of \(dimension) numbers: 2 to 6 finite ones are needed")
    }
    var sorted = (0..<points.count).map { Array(points[$0]).map { $0 + 0 } }
    sorted.sort { $0.lexicographicallyPrecedes($1) }
    let axes = 0..<points.dimension
    lower = axes.map { axis in sorted.map { $0[axis] }.min() ?? 0 }
    upper = axes.map { axis in sorted.map { $0[axis] }.max() ?? 0 }
    width = zip(lower, upper).map { $1 - $0 }
    corners = PointBuffer(dimension: dimension)
    guard !sorted.isEmpty, width.allSatisfy({ $0 > 0 && $0.isFinite }) else {
      throw LearnerError(.badSettings, Self.flat(points.count))
    }
    guard let (outline, start) = triangulate(sorted) else {
      throw LearnerError(.badSettings, Self.flat(points.count))
    }
    let onHull = Set(outline.hullFacets().joined())
    let extreme = sorted.indices.filter { onHull.contains(Int32($0)) }.map { sorted[$0] }
    corners = PointBuffer(dimension: dimension, doubles: Array(extreme.joined()))
    (hull, hullSimplex) = (outline, start)
  }

  private static func flat(_ count: Int) -> String {
    "the hull of \(count) points encloses nothing: points that lie in no common plane are needed"
  }

  /// - Returns: nil if the points lie in one plane.
  private func triangulate(_ points: [[Double]]) -> (Triangulation, Int32)? {
    var outline = Triangulation(dimension: dimension)
    var point = InlineArray<8, Double>(repeating: 0)
    let vertices = points.compactMap { corner in
      place(corner.span, &point) ? outline.addVertex(point.span.extracting(0..<dimension)) : nil
    }
    guard let first = outline.independentVertices(of: vertices),
      var last = outline.start(first)
    else { return nil }
    for vertex in vertices where !first.contains(vertex) {
      if outline.insert(vertex, near: last) == .inserted { last = outline.created.first ?? last }
    }
    return (outline, last)
  }

  /// The point of the lattice in the unit box that stands for a point.
  ///
  /// - Returns: false for a point too far away for the lattice, or one that is no number.
  func place(_ point: Span<Double>, _ placed: inout InlineArray<8, Double>) -> Bool {
    for axis in 0..<dimension {
      let share = (point[axis] - lower[axis]) / width[axis]
      guard share.magnitude <= 2 else { return false }
      placed[axis] = point[axis] == upper[axis] ? 1 : Lattice.nearest(share)
    }
    return true
  }

  /// Whether a placed point belongs to the domain.
  mutating func contains(_ placed: InlineArray<8, Double>) -> Bool {
    for axis in 0..<dimension {
      let x = placed[axis]
      guard x >= -Self.tolerance, x <= 1 + Self.tolerance else { return false }
    }
    guard hull != nil else { return true }
    let point = placed.span.extracting(0..<dimension)
    guard let found = hull?.locate(point, from: hullSimplex) else { return false }
    hullSimplex = found.simplex
    guard found.isOutside else { return true }
    return hull?.findHolder(of: point, from: found.simplex) != nil
  }

  /// The point that a place in the unit box stands for, within the box.
  func point(at placed: InlineArray<8, Double>, _ point: inout InlineArray<8, Double>) {
    for axis in 0..<dimension {
      let x = placed[axis]
      let inside = x == 1 ? upper[axis] : lower[axis] + x * width[axis]
      point[axis] = Swift.min(Swift.max(inside, lower[axis]), upper[axis]) + 0
    }
  }

  /// A point of the box at the given shares of its sides.
  func point(atShares shares: () -> Double, _ point: inout InlineArray<8, Double>) {
    for axis in 0..<dimension { point[axis] = shares() * width[axis] + lower[axis] + 0 }
  }

  /// The sides of the box, as shares of the longest.
  var proportions: [Double] {
    let longest = width.max() ?? 1
    return width.map { $0 / longest }
  }
}
