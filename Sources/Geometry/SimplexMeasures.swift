internal import RealModule

/// Measures of simplices in doubles, for losses and for the choice of points. Corners are given as
/// one flat run, `dimension` doubles each.
package enum SimplexMeasures {
  /// n!.
  package static func factorial(_ n: Int) -> Double {
    var product = 1.0
    for factor in stride(from: 2, through: n, by: 1) { product *= Double(factor) }
    return product
  }

  /// The volume of a simplex of `dimension` + 1 corners in as many dimensions. O(dimension³)
  package static func volume(_ corners: Span<Double>, dimension: Int) -> Double {
    var edges: [Double] = []
    edges.reserveCapacity(dimension * dimension)
    for row in 1...dimension {
      for axis in 0..<dimension { edges.append(corners[row * dimension + axis] - corners[axis]) }
    }
    return determinant(&edges, dimension).magnitude / factorial(dimension)
  }

  /// The content of a simplex of `count` corners in space of any dimension: √det(E Eᵀ)/(count - 1)!
  /// for the edges E from one corner. It equals the Cayley–Menger determinant's, with half of the
  /// cancellation.
  package static func embeddedVolume(
    _ corners: Span<Double>, count: Int, dimension: Int
  ) -> Double {
    let edges = count - 1
    var gram = [Double](repeating: 0, count: edges * edges)
    for i in 0..<edges {
      for j in i..<edges {
        var sum = 0.0
        for axis in 0..<dimension {
          sum +=
            (corners[(i + 1) * dimension + axis] - corners[axis])
            * (corners[(j + 1) * dimension + axis] - corners[axis])
        }
        gram[i * edges + j] = sum
        gram[j * edges + i] = sum
      }
    }
    let squared = determinant(&gram, edges)
    return squared > 0 ? squared.squareRoot() / factorial(edges) : squared.isNaN ? .nan : 0
  }

  /// The centre and radius of the sphere through the corners; nil if they are flat.
  package static func circumsphere(
    _ corners: Span<Double>, dimension: Int
  ) -> (center: [Double], radius: Double)? {
    var system: [Double] = []
    var right: [Double] = []
    for row in 1...dimension {
      var squared = 0.0
      for axis in 0..<dimension {
        let edge = corners[row * dimension + axis] - corners[axis]
        system.append(2 * edge)
        squared += edge * edge
      }
      right.append(squared)
    }
    guard solve(&system, &right) else { return nil }
    var squared = 0.0
    for axis in 0..<dimension {
      squared += right[axis] * right[axis]
      right[axis] += corners[axis]
    }
    return (right, squared.squareRoot())
  }

  /// The barycentric coordinates of a point, one a corner; nil if the corners are flat.
  package static func barycentric(
    of point: Span<Double>, in corners: Span<Double>, dimension: Int
  ) -> [Double]? {
    var system = [Double](repeating: 0, count: dimension * dimension)
    var right = [Double](repeating: 0, count: dimension)
    for axis in 0..<dimension {
      for corner in 0..<dimension {
        system[axis * dimension + corner] =
          corners[(corner + 1) * dimension + axis] - corners[axis]
      }
      right[axis] = point[axis] - corners[axis]
    }
    guard solve(&system, &right) else { return nil }
    return [1 - right.reduce(0, +)] + right
  }

  /// The determinant of a square matrix, which is spoilt: elimination with pivots.
  static func determinant(_ matrix: inout [Double], _ n: Int) -> Double {
    if n == 1 { return matrix[0] }
    if n == 2 { return matrix[0] * matrix[3] - matrix[1] * matrix[2] }
    var product = 1.0
    for column in 0..<n {
      guard let pivot = movePivot(&matrix, column, n) else { return matrix[column * n + column] }
      product *= pivot.isMoved ? -pivot.value : pivot.value
      for row in (column + 1)..<max(n, column + 1) {
        let share = matrix[row * n + column] / pivot.value
        guard share != 0 else { continue }
        for index in column..<n { matrix[row * n + index] -= share * matrix[column * n + index] }
      }
    }
    return product
  }

  /// Solves a linear system in place; false if it is singular.
  package static func solve(_ matrix: inout [Double], _ right: inout [Double]) -> Bool {
    let n = right.count
    for column in 0..<n {
      let before = right[column]
      guard let pivot = movePivot(&matrix, column, n), pivot.value.isFinite else { return false }
      right[column] = right[pivot.row]
      right[pivot.row] = pivot.isMoved ? before : right[column]
      for row in (column + 1)..<max(n, column + 1) {
        let share = matrix[row * n + column] / pivot.value
        guard share != 0 else { continue }
        for index in column..<n { matrix[row * n + index] -= share * matrix[column * n + index] }
        right[row] -= share * right[column]
      }
    }
    for column in stride(from: n - 1, through: 0, by: -1) {
      for index in (column + 1)..<max(n, column + 1) {
        right[column] -= matrix[column * n + index] * right[index]
      }
      right[column] /= matrix[column * n + column]
    }
    return true
  }

  /// Brings the largest entry at or below the diagonal onto it; nil if there is none but 0 or NaN.
  private static func movePivot(
    _ matrix: inout [Double], _ column: Int, _ n: Int
  ) -> (value: Double, row: Int, isMoved: Bool)? {
    var best = column
    for row in column..<n
    where matrix[row * n + column].magnitude > matrix[best * n + column].magnitude {
      best = row
    }
    let value = matrix[best * n + column]
    guard value != 0, !value.isNaN else { return nil }
    if best != column {
      for index in 0..<n { matrix.swapAt(best * n + index, column * n + index) }
    }
    return (value, best, best != column)
  }
}
