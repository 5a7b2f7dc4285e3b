internal import RealModule

/// Where points of the unit box may lie: on the multiples of 2^-50.
///
/// On a lattice the difference of two coordinates is exact in a double, a point has an identity,
/// and every predicate is the sign of a determinant of integers whose width is known beforehand.
package enum Lattice {
  /// Lattice units in the side of the unit box: 2^50.
  package static let unitsPerSide = 0x1p50

  /// The side of the lattice's cells: 2^-50.
  package static let unit = 0x1p-50

  /// No coordinate may be larger than this in magnitude: then differences have at most 53 bits.
  package static let coordinateMax = 4.0

  /// Dimensions that a triangulation can have.
  package static let dimensions = 2...6

  /// The lattice coordinate nearest to `x`, halves away from zero. -0 becomes 0.
  ///
  /// - Precondition: `x` lies within ``coordinateMax``.
  package static func nearest(_ x: Double) -> Double {
    (x * unitsPerSide).rounded() * unit + 0
  }

  /// Whether a triangulation takes the coordinate: on the lattice and not too far away.
  package static func holds(_ x: Double) -> Bool {
    x.magnitude <= coordinateMax && (x * unitsPerSide).rounded() == x * unitsPerSide
  }

  /// A coordinate in lattice units.
  @inline(__always)
  static func units(_ x: Double) -> Int64 { Int64(x * unitsPerSide) }
}
