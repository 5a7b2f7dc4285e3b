/// Points (or values) of one dimension as one flat run of doubles: point `i` is
/// `doubles[i * dimension ..< (i + 1) * dimension]`.
///
/// This is the shape in which numbers cross the tree, the C interface and the checkpoint.
package struct PointBuffer: Sendable, Equatable {
  /// Doubles in one point, at least 1.
  package let dimension: Int

  /// All coordinates, point after point.
  package private(set) var doubles: [Double]

  package init(dimension: Int, doubles: [Double] = []) {
    precondition(dimension > 0 && doubles.count.isMultiple(of: dimension))
    self.dimension = dimension
    self.doubles = doubles
  }

  package var count: Int { doubles.count / dimension }

  package var isEmpty: Bool { doubles.isEmpty }

  package mutating func append(_ point: Span<Double>) {
    precondition(point.count == dimension)
    for index in point.indices { doubles.append(point[index]) }
  }

  /// Appends a point with a single coordinate; only for dimension 1.
  package mutating func append(_ coordinate: Double) {
    precondition(dimension == 1)
    doubles.append(coordinate)
  }

  package mutating func reserveCapacity(_ count: Int) { doubles.reserveCapacity(count * dimension) }

  package mutating func removeAll() { doubles.removeAll(keepingCapacity: true) }

  /// The coordinates of point `index`.
  package subscript(index: Int) -> ArraySlice<Double> {
    doubles[index * dimension..<(index + 1) * dimension]
  }

  /// The coordinates of point `index`, borrowed.
  package func withPoint<Result, E: Error>(
    _ index: Int, _ body: (Span<Double>) throws(E) -> Result
  ) throws(E) -> Result {
    try body(doubles.span.extracting(index * dimension..<(index + 1) * dimension))
  }
}
