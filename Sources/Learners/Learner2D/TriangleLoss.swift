internal import RealModule

/// Computes the losses of triangles. Corners come in ascending order of their vertices, so that a
/// loss does not depend on how the triangle came.
struct TriangleLoss {
  let loss: Loss2D
  let valueCount: Int
  /// Whether two values at a time are a complex number.
  let isComplex: Bool
  /// What coordinates are multiplied by.
  let scale: Double
  /// What values are multiplied by.
  let factor: Double

  typealias Corners = InlineArray<3, Int32>

  /// - Parameters:
  ///   - coordinates: by vertex, two each.
  ///   - values: by vertex, `valueCount` each.
  ///   - gradients: by vertex, two for each of the values.
  @inline(__always)
  func evaluate(
    _ corners: Corners, coordinates: Span<Double>, values: Span<Double>, gradients: Span<Double>
  ) -> Double {
    let area = area(corners, coordinates)
    let isSmooth = areUsable(corners, values)
    switch loss {
    case .uniform: return area.squareRoot()
    case .surface: return isSmooth ? graphArea(corners, coordinates, values) : area
    case .deviation, .resolution, .thresholded: break
    }
    var value = 0.3 * area
    if isSmooth { value += deviation(corners, coordinates, values, gradients) * area.squareRoot() }
    switch loss {
    case .resolution(let least, let most):
      return area < least * least ? 0 : area > most * most ? .infinity : value
    case .thresholded(let lower, let upper, let factor):
      return isBeyond(corners, values, lower, upper) ? factor * value : value
    default: return value
    }
  }

  @inline(__always)
  private func point(_ vertex: Int32, _ coordinates: Span<Double>) -> (x: Double, y: Double) {
    (coordinates[2 &* Int(vertex)] * scale, coordinates[2 &* Int(vertex) &+ 1] * scale)
  }

  @inline(__always)
  func area(_ corners: Corners, _ coordinates: Span<Double>) -> Double {
    let a = point(corners[0], coordinates)
    let b = point(corners[1], coordinates)
    let c = point(corners[2], coordinates)
    return 0.5 * ((b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x)).magnitude
  }

  /// Whether all values are numbers: others tell no more than that the triangle is there.
  @inline(__always)
  private func areUsable(_ corners: Corners, _ values: Span<Double>) -> Bool {
    for corner in corners.indices {
      let start = Int(corners[corner]) &* valueCount
      for index in start..<start + valueCount where !values[index].isFinite { return false }
    }
    return true
  }

  @inline(__always)
  private func deviation(
    _ corners: Corners, _ coordinates: Span<Double>, _ values: Span<Double>,
    _ gradients: Span<Double>
  ) -> Double {
    let points: InlineArray<3, (x: Double, y: Double)> = [
      point(corners[0], coordinates), point(corners[1], coordinates),
      point(corners[2], coordinates),
    ]
    /// By how much the tangent at one corner misses a value at another.
    @inline(__always)
    func miss(_ a: Int, _ b: Int, _ index: Int) -> Double {
      let own = Int(corners[a]) &* valueCount &+ index
      let estimate =
        values[own] + gradients[2 &* own] * (points[b].x - points[a].x) + gradients[
          2 &* own &+ 1] * (points[b].y - points[a].y)
      return estimate - values[Int(corners[b]) &* valueCount &+ index]
    }
    var sum = 0.0
    for index in stride(from: 0, to: valueCount, by: isComplex ? 2 : 1) {
      for a in 0..<3 {
        var most = 0.0
        for b in 0..<3 where b != a {
          let real = miss(a, b, index)
          most = max(most, isComplex ? Double.hypot(real, miss(a, b, index + 1)) : real.magnitude)
        }
        sum += most
      }
    }
    return sum * factor
  }

  /// The area of the triangle on the graph, in 2 + `valueCount` dimensions: half the root of the
  /// determinant of the products of two edges.
  @inline(__always)
  private func graphArea(
    _ corners: Corners, _ coordinates: Span<Double>, _ values: Span<Double>
  ) -> Double {
    let o = point(corners[0], coordinates)
    let a = point(corners[1], coordinates)
    let b = point(corners[2], coordinates)
    let (ax, ay, bx, by) = (a.x - o.x, a.y - o.y, b.x - o.x, b.y - o.y)
    // By Lagrange's identity, the squares of all minors: none of them cancels.
    let flat = ax * by - ay * bx
    var squares = flat * flat
    for index in 0..<valueCount {
      let base = values[Int(corners[0]) &* valueCount &+ index]
      let az = (values[Int(corners[1]) &* valueCount &+ index] - base) * factor
      let bz = (values[Int(corners[2]) &* valueCount &+ index] - base) * factor
      let (x, y) = (ax * bz - az * bx, ay * bz - az * by)
      squares += x * x + y * y
      for other in 0..<index {
        let start = values[Int(corners[0]) &* valueCount &+ other]
        let aw = (values[Int(corners[1]) &* valueCount &+ other] - start) * factor
        let bw = (values[Int(corners[2]) &* valueCount &+ other] - start) * factor
        let z = aw * bz - az * bw
        squares += z * z
      }
    }
    return 0.5 * squares.squareRoot()
  }

  private func isBeyond(
    _ corners: Corners, _ values: Span<Double>, _ lower: Double, _ upper: Double
  ) -> Bool {
    var isBelow = true
    var isAbove = true
    for corner in corners.indices {
      let start = Int(corners[corner]) &* valueCount
      for index in stride(from: start, to: start + valueCount, by: isComplex ? 2 : 1) {
        let value = isComplex ? Double.hypot(values[index], values[index + 1]) : values[index]
        if !(value < lower) { isBelow = false }
        if !(value > upper) { isAbove = false }
      }
    }
    return isBelow || isAbove
  }

  /// Where a triangle is best divided, by Python adaptive's rule: in the middle of its longest edge
  /// if it is much longer than high, else at its centroid.
  ///
  /// - Parameter corners: their order decides between equal edges.
  static func division(
    _ corners: Corners, coordinates: Span<Double>
  ) -> InlineArray<2, Double> {
    func x(_ slot: Int) -> Double { coordinates[2 * Int(corners[slot])] }
    func y(_ slot: Int) -> Double { coordinates[2 * Int(corners[slot]) + 1] }
    var longest = (squared: -1.0, first: 0, second: 0)
    for (first, second) in [(0, 2), (1, 0), (2, 1)] {
      let (dx, dy) = (x(first) - x(second), y(first) - y(second))
      let squared = dx * dx + dy * dy
      if squared > longest.squared { longest = (squared, first, second) }
    }
    let area = 0.5 * ((x(1) - x(0)) * (y(2) - y(0)) - (y(1) - y(0)) * (x(2) - x(0))).magnitude
    // 1 for an equilateral triangle.
    let badness = longest.squared / area * (3.0.squareRoot() / 4)
    if badness > 5 {
      let (first, second) = (longest.first, longest.second)
      return [(x(first) + x(second)) / 2, (y(first) + y(second)) / 2]
    }
    return [(x(0) + x(1) + x(2)) / 3, (y(0) + y(1) + y(2)) / 3]
  }
}
