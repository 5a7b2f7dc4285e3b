/// Where a simplex is best divided: the rule of Python adaptive.
extension Triangulation {
  /// The centroid of D + 1 vertices if their circumcentre lies among them, else the middle of the
  /// longest edge, the first of equals. O(D³)
  ///
  /// - Parameters:
  ///   - corners: the order decides between equal edges.
  ///   - gradient: of a function, D numbers: then lengths are those on the function's graph. Empty
  ///     for lengths in the domain.
  ///   - point: D coordinates, which need not be on the lattice.
  package mutating func divide(
    _ corners: InlineArray<8, Int32>, gradient: [Double], into point: inout InlineArray<8, Double>
  ) {
    switch dimension {
    case 2: divide(corners, gradient, &point, Dimension<2>.self)
    case 3: divide(corners, gradient, &point, Dimension<3>.self)
    case 4: divide(corners, gradient, &point, Dimension<4>.self)
    case 5: divide(corners, gradient, &point, Dimension<5>.self)
    default: divide(corners, gradient, &point, Dimension<6>.self)
    }
  }

  private mutating func divide<let D: Int>(
    _ corners: InlineArray<8, Int32>, _ gradient: [Double],
    _ point: inout InlineArray<8, Double>, _ type: Dimension<D>.Type
  ) {
    let division = unsafe withKernel(type) { unsafe $0.division(corners, gradient) }
    for axis in 0..<D {
      if let edge = division {
        let first = coordinates[Int(corners[edge.first]) * D + axis]
        let second = coordinates[Int(corners[edge.second]) * D + axis]
        point[axis] = (first + second) / 2
      } else {
        var sum = 0.0
        for corner in 0...D { sum += coordinates[Int(corners[corner]) * D + axis] }
        point[axis] = sum / Double(D + 1)
      }
    }
  }

  /// The volume of D + 1 vertices. O(D³)
  package mutating func volume(of corners: InlineArray<8, Int32>) -> Double {
    switch dimension {
    case 2: unsafe withKernel(Dimension<2>.self) { unsafe $0.volume(corners) }
    case 3: unsafe withKernel(Dimension<3>.self) { unsafe $0.volume(corners) }
    case 4: unsafe withKernel(Dimension<4>.self) { unsafe $0.volume(corners) }
    case 5: unsafe withKernel(Dimension<5>.self) { unsafe $0.volume(corners) }
    default: unsafe withKernel(Dimension<6>.self) { unsafe $0.volume(corners) }
    }
  }
}

/// Volumes of many simplices.
extension Triangulation {
  /// The largest volume of some finite simplices. O(their number · D³)
  package mutating func largestVolume(of ids: [Int32]) -> Double {
    switch dimension {
    case 2: largestVolume(ids, Dimension<2>.self)
    case 3: largestVolume(ids, Dimension<3>.self)
    case 4: largestVolume(ids, Dimension<4>.self)
    case 5: largestVolume(ids, Dimension<5>.self)
    default: largestVolume(ids, Dimension<6>.self)
    }
  }

  private mutating func largestVolume<let D: Int>(
    _ ids: [Int32], _ type: Dimension<D>.Type
  ) -> Double {
    unsafe withKernel(type) { kernel in
      var largest = 0.0
      var corners = InlineArray<8, Int32>(repeating: 0)
      for id in ids {
        for slot in 0...D { unsafe corners[slot] = kernel.memory.vertices(id)[slot] }
        largest = unsafe max(largest, kernel.volume(corners))
      }
      return largest
    }
  }
}

extension TriangulationKernel {
  /// The longest edge, or nil if the circumcentre lies within the simplex.
  ///
  /// With G the products of the edges from corner 0, the circumcentre's barycentric coordinates
  /// solve G λ = diag(G)/2.
  @inline(__always)
  func division(
    _ corners: InlineArray<8, Int32>, _ gradient: [Double]
  ) -> (first: Int, second: Int)? {
    let gram = unsafe predicates.scratch
    let edges = unsafe gram + D * (D + 1)
    let origin = unsafe point(corners[0])
    for edge in 0..<D {
      let end = unsafe point(corners[edge + 1])
      var rise = 0.0
      for axis in 0..<D {
        let length = unsafe end[axis] - origin[axis]
        unsafe edges[edge * (D + 1) + axis] = length
        if !gradient.isEmpty { rise += gradient[axis] * length }
      }
      unsafe edges[edge * (D + 1) + D] = rise
    }
    for i in 0..<D {
      for j in i..<D {
        var sum = 0.0
        for axis in 0...D { unsafe sum += edges[i * (D + 1) + axis] * edges[j * (D + 1) + axis] }
        unsafe gram[i * (D + 1) + j] = sum
        unsafe gram[j * (D + 1) + i] = sum
      }
      unsafe gram[i * (D + 1) + D] = gram[i * (D + 1) + i] / 2
    }
    let longest = unsafe longestEdge(edges)
    return unsafe holdsCircumcenter(gram) ? nil : longest
  }

  /// The first of the longest edges, by differences of edges from corner 0: exact on the lattice.
  @inline(__always)
  private func longestEdge(_ edges: UnsafeMutablePointer<Double>) -> (first: Int, second: Int) {
    var longest = -1.0
    var edge = (first: 0, second: 1)
    for second in 0..<D {
      var squared = 0.0
      for axis in 0...D {
        let length = unsafe edges[second * (D + 1) + axis]
        squared += length * length
      }
      if squared > longest {
        longest = squared
        edge = (0, second + 1)
      }
    }
    for first in 0..<D {
      for second in (first + 1)..<max(D, first + 1) {
        var squared = 0.0
        for axis in 0...D {
          let length = unsafe edges[second * (D + 1) + axis] - edges[first * (D + 1) + axis]
          squared += length * length
        }
        if squared > longest {
          longest = squared
          edge = (first + 1, second + 1)
        }
      }
    }
    return edge
  }

  /// How far outside a circumcentre may lie, in barycentric coordinates: adaptive's.
  private static var centerTolerance: Double { 1e-8 }

  /// Solves the system in place, without pivots: the matrix is positive definite.
  @inline(__always)
  private func holdsCircumcenter(_ gram: UnsafeMutablePointer<Double>) -> Bool {
    for column in 0..<D {
      let inverse = unsafe 1 / gram[column * (D + 1) + column]
      for row in (column + 1)..<max(D, column + 1) {
        let share = unsafe gram[row * (D + 1) + column] * inverse
        for index in (column + 1)...D {
          unsafe gram[row * (D + 1) + index] -= share * gram[column * (D + 1) + index]
        }
      }
    }
    var rest = 1.0
    for column in stride(from: D - 1, through: 0, by: -1) {
      var value = unsafe gram[column * (D + 1) + D]
      for index in (column + 1)..<max(D, column + 1) {
        unsafe value -= gram[column * (D + 1) + index] * gram[index * (D + 1) + D]
      }
      unsafe value /= gram[column * (D + 1) + column]
      guard unsafe value >= -Self.centerTolerance else { return false }
      unsafe gram[column * (D + 1) + D] = value
      rest -= value
    }
    return unsafe rest >= -Self.centerTolerance
  }

  @inline(__always)
  func volume(_ corners: InlineArray<8, Int32>) -> Double {
    let matrix = unsafe predicates.scratch
    let origin = unsafe point(corners[0])
    for edge in 0..<D {
      let end = unsafe point(corners[edge + 1])
      for axis in 0..<D { unsafe matrix[edge * D + axis] = end[axis] - origin[axis] }
    }
    return unsafe SimplexKernel.determinant(matrix, D).magnitude / SimplexMeasures.factorial(D)
  }
}

/// Determinants on bare memory.
@unsafe
package enum SimplexKernel {
  /// The determinant of a square matrix, which is spoilt: closed forms up to 3, then elimination
  /// with pivots.
  @inline(__always)
  package static func determinant(_ m: UnsafeMutablePointer<Double>, _ n: Int) -> Double {
    if n == 1 { return unsafe m[0] }
    if n == 2 { return unsafe m[0] * m[3] - m[1] * m[2] }
    if n == 3 {
      return unsafe m[0] * (m[4] * m[8] - m[5] * m[7]) - m[1] * (m[3] * m[8] - m[5] * m[6])
        + m[2] * (m[3] * m[7] - m[4] * m[6])
    }
    var product = 1.0
    for column in 0..<n {
      var pivot = column
      for row in (column + 1)..<max(n, column + 1)
      where unsafe m[row * n + column].magnitude > m[pivot * n + column].magnitude {
        pivot = row
      }
      let value = unsafe m[pivot * n + column]
      guard value != 0, !value.isNaN else { return value }
      if pivot != column {
        product = -product
        for index in column..<n {
          let kept = unsafe m[pivot * n + index]
          unsafe m[pivot * n + index] = m[column * n + index]
          unsafe m[column * n + index] = kept
        }
      }
      product *= value
      for row in (column + 1)..<max(n, column + 1) {
        let share = unsafe m[row * n + column] / value
        for index in (column + 1)..<max(n, column + 1) {
          unsafe m[row * n + index] -= share * m[column * n + index]
        }
      }
    }
    return product
  }
}
