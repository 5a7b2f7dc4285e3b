internal import RealModule

/// The known points in and around one interval, as a loss function sees them.
struct LossStencil {
  /// Abscissae divided by the width of the domain: before the interval, its two ends, after it.
  var before = Double.nan
  var left: Double
  var right: Double
  var after = Double.nan

  /// Where the values start in the flat run of all values; -1 where there is no neighbour.
  var beforeValue = -1
  var leftValue: Int
  var rightValue: Int
  var afterValue = -1
}

extension LossStencil {
  /// The interval as a user's loss is shown it.
  func cell(
    values all: [Double], valueCount: Int, scale: Double, neighborCount: Int
  ) -> LossCell {
    var cell = LossCell(dimension: 1, valueCount: valueCount)
    func add(_ x: Double, _ start: Int) {
      cell.points.append(start < 0 ? .nan : x)
      for index in 0..<valueCount {
        cell.values.append(start < 0 ? .nan : all[start + index] / scale)
      }
    }
    if neighborCount > 0 { add(before, beforeValue) }
    add(left, leftValue)
    add(right, rightValue)
    if neighborCount > 0 { add(after, afterValue) }
    return cell
  }
}

extension Loss1D {
  /// Known points on each side of an interval that its loss depends on, beyond its two ends.
  package var neighborCount: Int {
    switch self {
    case .distance, .uniform, .absMinLog, .resolution: 0
    case .triangle, .curvature: 1
    case .user(let neighborCount): neighborCount
    }
  }

  /// The loss of one interval; NaN where that is the user's to say.
  ///
  /// - Parameters:
  ///   - values: all known values, `valueCount` doubles each.
  ///   - isComplex: whether two doubles at a time are a number.
  ///   - scale: what values are divided by.
  /// - Returns: a number in units of the scaled picture; infinite or NaN where values are.
  func evaluate(
    _ stencil: LossStencil, values: [Double], valueCount: Int, isComplex: Bool, scale: Double
  ) -> Double {
    let picture = ScaledValues(
      values: values, count: valueCount, isComplex: isComplex, scale: scale)
    let length = stencil.right - stencil.left
    switch self {
    case .distance:
      return picture.distance(length, stencil.leftValue, stencil.rightValue)
    case .uniform:
      return length
    case .absMinLog:
      let left = picture.logSmallest(stencil.leftValue)
      let right = picture.logSmallest(stencil.rightValue)
      return Double.hypot(length, right - left)
    case .triangle:
      return picture.meanTriangle(stencil)
    case .resolution(let min, let max):
      if length < min { return 0 }
      if length > max { return .infinity }
      return picture.distance(length, stencil.leftValue, stencil.rightValue)
    case .curvature(let area, let euclid, let horizontal):
      let triangle = Double.pow(picture.meanTriangle(stencil), 0.5)
      let distance = picture.distance(length, stencil.leftValue, stencil.rightValue)
      return area * triangle + euclid * distance + horizontal * length
    case .user:
      return .nan
    }
  }
}

/// Values divided by their scale. Differences are taken after the division, as adaptive does, so
/// that losses agree to the last bits.
private struct ScaledValues {
  let values: [Double]
  let count: Int
  let isComplex: Bool
  let scale: Double

  @inline(__always)
  func component(_ start: Int, _ index: Int) -> Double { values[start + index] / scale }

  /// The longest segment between two values over all components; NaN if any is.
  @inline(__always)
  func distance(_ length: Double, _ left: Int, _ right: Int) -> Double {
    if isComplex { return complexDistance(length, left, right) }
    var longest = Double.hypot(length, component(right, 0) - component(left, 0))
    for index in 1..<max(count, 1) {
      let next = Double.hypot(length, component(right, index) - component(left, index))
      if next > longest || next.isNaN { longest = next }
      if longest.isNaN { break }
    }
    return longest
  }

  private func complexDistance(_ length: Double, _ left: Int, _ right: Int) -> Double {
    var longest = 0.0
    for index in stride(from: 0, to: count, by: 2) {
      let next = Double.hypot(
        length,
        Double.hypot(
          component(right, index) - component(left, index),
          component(right, index + 1) - component(left, index + 1)))
      if next > longest || next.isNaN { longest = next }
      if longest.isNaN { break }
    }
    return longest
  }

  /// The logarithm of the smallest magnitude of a value's components.
  func logSmallest(_ start: Int) -> Double {
    var smallest = Double.infinity
    for index in stride(from: 0, to: count, by: isComplex ? 2 : 1) {
      let next =
        isComplex
        ? Double.hypot(component(start, index), component(start, index + 1))
        : component(start, index).magnitude
      if next < smallest || next.isNaN { smallest = next }
    }
    return Double.log(smallest)
  }

  /// The mean area of the one or two triangles of consecutive known points; without a neighbour,
  /// the length of the interval.
  func meanTriangle(_ s: LossStencil) -> Double {
    switch (s.beforeValue >= 0, s.afterValue >= 0) {
    case (false, false):
      return s.right - s.left
    case (true, false):
      return area((s.before, s.beforeValue), (s.left, s.leftValue), (s.right, s.rightValue))
    case (false, true):
      return area((s.left, s.leftValue), (s.right, s.rightValue), (s.after, s.afterValue))
    case (true, true):
      let first = area((s.before, s.beforeValue), (s.left, s.leftValue), (s.right, s.rightValue))
      let second = area((s.left, s.leftValue), (s.right, s.rightValue), (s.after, s.afterValue))
      return (first + second) / 2
    }
  }

  private func area(
    _ a: (x: Double, value: Int), _ b: (x: Double, value: Int), _ c: (x: Double, value: Int)
  ) -> Double {
    if count == 1 {
      let yc = component(c.value, 0)
      let determinant =
        (a.x - c.x) * (component(b.value, 0) - yc) - (component(a.value, 0) - yc) * (b.x - c.x)
      return determinant.magnitude / 2
    }
    let ab = squaredDistance(a, b)
    let ac = squaredDistance(a, c)
    let bc = squaredDistance(b, c)
    // The Cayley–Menger determinant, as in adaptive: for nearly flat triangles half of the digits
    // are lost, and with them, there too, the order of intervals that hardly differ.
    let opposite = ab + ac - bc
    let squaredArea = (4 * ab * ac - opposite * opposite) / 16
    return squaredArea < 0 ? 0 : squaredArea.squareRoot()
  }

  private func squaredDistance(
    _ a: (x: Double, value: Int), _ b: (x: Double, value: Int)
  ) -> Double {
    var sum = (a.x - b.x) * (a.x - b.x)
    for index in 0..<count {
      let difference = component(a.value, index) - component(b.value, index)
      sum += difference * difference
    }
    return sum
  }
}
