import Geometry
internal import RealModule

/// Computes losses of simplices of one dimension on bare memory. Corners come in ascending order of
/// their vertices, so that a loss depends on the points alone and not on how they came together.
@unsafe
struct SimplexLoss<let D: Int> {
  let loss: LossND
  /// By vertex, `D` doubles each.
  let coordinates: UnsafePointer<Double>
  /// By vertex, `valueCount` doubles each.
  let values: UnsafePointer<Double>
  let valueCount: Int
  /// What values are multiplied by.
  let factor: Double
  /// Room for ``SimplexLossScratch/count(_:_:)`` doubles.
  let scratch: UnsafeMutablePointer<Double>

  /// - Parameter opposite: D + 1 vertices, one beyond each facet, -1 where there is none; looked at
  ///   only by losses that need neighbours.
  @inline(__always)
  func evaluate(
    _ corners: InlineArray<8, Int32>, opposite: InlineArray<8, Int32>
  ) -> Double {
    switch unsafe loss {
    case .volume: return unsafe graphVolume(corners)
    case .uniform: return unsafe volume(corners)
    case .std: return unsafe deviation(corners)
    case .triangle: return unsafe neighborMean(corners, opposite)
    case .curvature(let exploration):
      let extent = Double.pow(unsafe volume(corners), Double(2 + D) / Double(D))
      let mean = unsafe neighborMean(corners, opposite)
      return Double.pow(mean + exploration * extent, 1 / Double(2 + D))
    case .resolution(let least, let most):
      let side = Double.pow(unsafe volume(corners), 1 / Double(D))
      return side < least ? 0 : side > most ? .infinity : unsafe graphVolume(corners)
    case .level(let level, let exploration):
      let side = Double.pow(unsafe volume(corners), 1 / Double(D))
      // Never 0, so that simplices away from the contour keep an order of their own.
      return unsafe crosses(level, corners) ? side : side * max(exploration, 0x1p-500)
    case .user: return .nan
    }
  }

  /// The simplex as a user's loss is shown it.
  func cell(_ corners: InlineArray<8, Int32>) -> LossCell {
    var cell = unsafe LossCell(dimension: D, valueCount: valueCount)
    for corner in 0...D {
      for axis in 0..<D { unsafe cell.points.append(point(corners[corner])[axis]) }
      for index in unsafe 0..<valueCount {
        unsafe cell.values.append(value(corners[corner])[index] * factor)
      }
    }
    return cell
  }

  @inline(__always)
  private func point(_ vertex: Int32) -> UnsafePointer<Double> {
    unsafe coordinates + Int(vertex) &* D
  }

  @inline(__always)
  private func value(_ vertex: Int32) -> UnsafePointer<Double> {
    unsafe values + Int(vertex) &* valueCount
  }

  /// The volume in the domain.
  @inline(__always)
  func volume(_ corners: InlineArray<8, Int32>) -> Double {
    let origin = unsafe point(corners[0])
    for edge in 0..<D {
      let end = unsafe point(corners[edge + 1])
      for axis in 0..<D { unsafe scratch[edge * D + axis] = end[axis] - origin[axis] }
    }
    return unsafe SimplexKernel.determinant(scratch, D).magnitude / SimplexMeasures.factorial(D)
  }

  /// The volume of the simplex on the graph: in D + `valueCount` dimensions.
  @inline(__always)
  private func graphVolume(_ corners: InlineArray<8, Int32>) -> Double {
    if unsafe D == 2 && valueCount == 1 { return unsafe graphArea(corners) }
    if unsafe D == 3 && valueCount == 1 { return unsafe graphVolume3(corners) }
    return unsafe embeddedVolume(corners, count: D + 1)
  }

  /// Half the cross product of two edges.
  @inline(__always)
  private func graphArea(_ corners: InlineArray<8, Int32>) -> Double {
    let o = unsafe point(corners[0])
    let a = unsafe point(corners[1])
    let b = unsafe point(corners[2])
    let base = unsafe value(corners[0])[0]
    let ax = unsafe a[0] - o[0]
    let ay = unsafe a[1] - o[1]
    let az = unsafe (value(corners[1])[0] - base) * factor
    let bx = unsafe b[0] - o[0]
    let by = unsafe b[1] - o[1]
    let bz = unsafe (value(corners[2])[0] - base) * factor
    let x = ay * bz - az * by
    let y = az * bx - ax * bz
    let z = ax * by - ay * bx
    return 0.5 * (x * x + y * y + z * z).squareRoot()
  }

  /// A sixth of the length of the product of three edges in four dimensions.
  @inline(__always)
  private func graphVolume3(_ corners: InlineArray<8, Int32>) -> Double {
    let o = unsafe point(corners[0])
    let base = unsafe value(corners[0])[0]
    var edge: InlineArray<12, Double> = InlineArray(repeating: 0)
    for index in 0..<3 {
      let end = unsafe point(corners[index + 1])
      for axis in 0..<3 { edge[4 * index + axis] = unsafe end[axis] - o[axis] }
      edge[4 * index + 3] = unsafe (value(corners[index + 1])[0] - base) * factor
    }
    // Minors of the second and third edge, by pairs of axes.
    let xy = edge[4] * edge[9] - edge[5] * edge[8]
    let xz = edge[4] * edge[10] - edge[6] * edge[8]
    let xw = edge[4] * edge[11] - edge[7] * edge[8]
    let yz = edge[5] * edge[10] - edge[6] * edge[9]
    let yw = edge[5] * edge[11] - edge[7] * edge[9]
    let zw = edge[6] * edge[11] - edge[7] * edge[10]
    let x = edge[1] * zw - edge[2] * yw + edge[3] * yz
    let y = edge[0] * zw - edge[2] * xw + edge[3] * xz
    let z = edge[0] * yw - edge[1] * xw + edge[3] * xy
    let w = edge[0] * yz - edge[1] * xz + edge[2] * xy
    return (x * x + y * y + z * z + w * w).squareRoot() / 6
  }

  /// The content of `count` points of the graph: a determinant if they span its space, else the
  /// root of that of the edges' products.
  private func embeddedVolume(_ corners: InlineArray<8, Int32>, count: Int) -> Double {
    let edges = count - 1
    let width = unsafe D + valueCount
    let origin = unsafe point(corners[0])
    let base = unsafe value(corners[0])
    for edge in 0..<edges {
      let end = unsafe point(corners[edge + 1])
      let other = unsafe value(corners[edge + 1])
      let row = unsafe scratch + edge * width
      for axis in 0..<D { unsafe row[axis] = end[axis] - origin[axis] }
      for index in unsafe 0..<valueCount {
        unsafe row[D + index] = (other[index] - base[index]) * factor
      }
    }
    let factorial = SimplexMeasures.factorial(edges)
    if edges == width {
      return unsafe SimplexKernel.determinant(scratch, edges).magnitude / factorial
    }
    let gram = unsafe scratch + edges * width
    for i in 0..<edges {
      for j in i..<edges {
        var sum = 0.0
        for axis in 0..<width {
          unsafe sum += scratch[i * width + axis] * scratch[j * width + axis]
        }
        unsafe gram[i * edges + j] = sum
        unsafe gram[j * edges + i] = sum
      }
    }
    let squared = unsafe SimplexKernel.determinant(gram, edges)
    return squared > 0 ? squared.squareRoot() / factorial : squared.isNaN ? .nan : 0
  }

  /// The length of the components' standard deviations × volume^(1/D), and the volume.
  private func deviation(_ corners: InlineArray<8, Int32>) -> Double {
    var squares = 0.0
    for index in unsafe 0..<valueCount {
      var mean = 0.0
      for corner in 0...D { unsafe mean += value(corners[corner])[index] * factor }
      mean /= Double(D + 1)
      var variance = 0.0
      for corner in 0...D {
        let difference = unsafe value(corners[corner])[index] * factor - mean
        variance += difference * difference
      }
      squares += variance / Double(D + 1)
    }
    let volume = unsafe volume(corners)
    return squares.squareRoot() * Double.pow(volume, 1 / Double(D)) + volume
  }

  /// The mean content of the simplex with each vertex beyond a facet; 0 if there is none.
  private func neighborMean(
    _ corners: InlineArray<8, Int32>, _ opposite: InlineArray<8, Int32>
  ) -> Double {
    var sum = 0.0
    var count = 0
    for slot in 0...D where opposite[slot] >= 0 {
      var points = corners
      points[D + 1] = opposite[slot]
      sum += unsafe embeddedVolume(points, count: D + 2)
      count += 1
    }
    return count == 0 ? 0 : sum / Double(count)
  }

  /// Whether the first component takes the level between the corners, or at one of them.
  private func crosses(_ level: Double, _ corners: InlineArray<8, Int32>) -> Bool {
    var isBelow = false
    var isAbove = false
    for corner in 0...D {
      let value = unsafe value(corners[corner])[0]
      if value <= level { isBelow = true }
      if value >= level { isAbove = true }
    }
    return isBelow && isAbove
  }
}

enum SimplexLossScratch {
  /// Doubles that a loss works in: the edges of D + 2 points of the graph, and their products.
  static func count(_ dimension: Int, _ valueCount: Int) -> Int {
    (dimension + 1) * (dimension + valueCount) + (dimension + 1) * (dimension + 1)
  }
}
