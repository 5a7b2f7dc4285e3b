internal import RealModule

/// The four Clenshaw–Curtis rules of 5, 9, 17 and 33 nodes on [-1, 1], whose nodes are nested, and
/// what turns values at the nodes into coefficients of orthonormal Legendre polynomials: P. Gonnet,
/// "Increasing the reliability of adaptive quadrature using explicit interpolants", ACM TOMS 37(3),
/// 2010.
struct ClenshawCurtis: Sendable {
  static let shared = ClenshawCurtis()

  static let depthMax = 3
  static func nodeCount(_ depth: Int) -> Int { (4 << depth) + 1 }
  /// Between two nodes of a depth among the 33 of the deepest.
  static func stride(_ depth: Int) -> Int { 8 >> depth }

  /// The 33 nodes, exactly antisymmetric.
  let nodes: [Double]
  /// By depth: the matrix from values to coefficients, row by row.
  private let inverses: [[Double]]
  /// From coefficients on an interval to those on its halves, 33 × 33, row by row.
  private let left: [Double]
  private let right: [Double]

  /// The condition of the matrix from coefficients to values, by depth.
  static let conditions = [
    3.3344682315615994, 4.178091728014329, 5.503113393736562, 7.506879946097748,
  ]

  private init() {
    let last = Self.nodeCount(Self.depthMax) - 1
    let plain = (0...last).map { -Double.cos(Double($0) * .pi / Double(last)) }
    nodes = (0...last).map { (plain[$0] - plain[last - $0]) / 2 }
    let nodes = self.nodes
    let atDepth = (0...Self.depthMax).map { depth in
      (0..<Self.nodeCount(depth)).map { nodes[$0 * Self.stride(depth)] }
    }
    inverses = atDepth.map { Self.inverse(Self.values(at: $0, $0.count), $0.count) }
    let count = last + 1
    let inverse = inverses[Self.depthMax]
    left = Self.product(inverse, Self.values(at: nodes.map { ($0 - 1) / 2 }, count), count)
    right = Self.product(inverse, Self.values(at: nodes.map { ($0 + 1) / 2 }, count), count)
  }

  /// x p_k = alpha(k) p_(k+1) + alpha(k-1) p_(k-1)
  private static func alpha(_ k: Int) -> Double {
    let n = Double(k + 1)
    return (n * n / ((2 * n - 1) * (2 * n + 1))).squareRoot()
  }

  /// Orthonormal Legendre polynomials of degree 0 ..< count at some places, a row each.
  private static func values(at places: [Double], _ count: Int) -> [Double] {
    var rows: [Double] = []
    for x in places {
      var p = [Double(0.5).squareRoot(), Double(1.5).squareRoot() * x]
      for k in 1..<max(1, count - 1) {
        p.append((x * p[k] - alpha(k - 1) * p[k - 1]) / alpha(k))
      }
      rows += p.prefix(count)
    }
    return rows
  }

  private static func product(_ a: [Double], _ b: [Double], _ n: Int) -> [Double] {
    var result = [Double](repeating: 0, count: n * n)
    for i in 0..<n {
      for k in 0..<n {
        for j in 0..<n { result[i * n + j] += a[i * n + k] * b[k * n + j] }
      }
    }
    return result
  }

  /// By elimination with pivots, and a step of Newton's iteration for the last digits.
  private static func inverse(_ matrix: [Double], _ n: Int) -> [Double] {
    var a = matrix
    var x = [Double](repeating: 0, count: n * n)
    for i in 0..<n { x[i * n + i] = 1 }
    for column in 0..<n {
      var pivot = column
      for row in column..<n where a[row * n + column].magnitude > a[pivot * n + column].magnitude {
        pivot = row
      }
      for j in 0..<n {
        a.swapAt(column * n + j, pivot * n + j)
        x.swapAt(column * n + j, pivot * n + j)
      }
      let factor = 1 / a[column * n + column]
      for j in 0..<n {
        a[column * n + j] *= factor
        x[column * n + j] *= factor
      }
      for row in 0..<n where row != column {
        let factor = a[row * n + column]
        for j in 0..<n {
          a[row * n + j] -= factor * a[column * n + j]
          x[row * n + j] -= factor * x[column * n + j]
        }
      }
    }
    let residual = product(matrix, x, n).enumerated().map { index, value in
      (index / n == index % n ? 2 : 0) - value
    }
    return product(x, residual, n)
  }
}

extension ClenshawCurtis {
  /// The coefficients of the polynomial through values at the nodes of a depth. Nodes without a
  /// finite value are left out, each with one degree of the polynomial.
  func coefficients(_ values: [Double], depth: Int) -> [Double] {
    let count = Self.nodeCount(depth)
    let stride = Self.stride(depth)
    let inverse = inverses[depth]
    var c = [Double](repeating: 0, count: count)
    var missing: [Int] = []
    for node in 0..<count {
      let value = values[node * stride]
      guard value.isFinite else {
        missing.append(node)
        continue
      }
      for row in 0..<count { c[row] += inverse[row * count + node] * value }
    }
    guard missing.count < count else { return [Double](repeating: 0, count: count) }
    // A column of the inverse is the polynomial that is 1 at one node and 0 at all others. So much
    // of it is taken away that the highest degree goes; the rest no longer knows the node.
    var lagrange = missing.map { node in (0..<count).map { inverse[$0 * count + node] } }
    for index in lagrange.indices {
      let top = count - 1 - index
      let own = lagrange[index]
      let factor = c[top] / own[top]
      for row in 0..<top { c[row] -= factor * own[row] }
      c[top] = 0
      for later in lagrange.indices.dropFirst(index + 1) {
        let factor = lagrange[later][top] / own[top]
        for row in 0...top { lagrange[later][row] -= factor * own[row] }
      }
    }
    return c
  }

  /// The polynomial of an interval on its left or right half.
  func shifted(_ c: [Double], toLeft: Bool) -> [Double] {
    let count = Self.nodeCount(Self.depthMax)
    let matrix = toLeft ? left : right
    return (0..<count).map { row in
      var sum = 0.0
      for (column, factor) in c.enumerated() { sum += matrix[row * count + column] * factor }
      return sum
    }
  }

  /// The norm of a difference, the shorter one continued by zeros.
  static func distance(_ a: [Double], _ b: [Double]) -> Double {
    var sum = 0.0
    for index in 0..<max(a.count, b.count) {
      let x = index < a.count ? a[index] : 0
      let y = index < b.count ? b[index] : 0
      sum += (x - y) * (x - y)
    }
    return sum.squareRoot()
  }
}
