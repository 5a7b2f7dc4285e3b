/// The cached sphere of a simplex, and how far a point's power against it may be off.
///
/// Let (c, r²) be the stored doubles, f(q) = |q - c|² - r² and F the power against the true sphere.
/// Both have the same quadratic part, so g = f - F is affine, and F vanishes at the corners: there
/// g(vᵢ) = f(vᵢ) =: ρᵢ, which can be computed. Hence g(q) = ρ₀ + G·(q - v₀), with E G = (ρᵢ - ρ₀)
/// and E the matrix of edges from v₀, so |g(q)| ≤ ρ + |q - v₀|·K with ρ = max |ρᵢ| and K =
/// 2√D·ρ·‖E⁻¹‖. For the approximate inverse X, ‖E⁻¹‖ ≤ 2‖X‖ whenever ‖1 - XE‖ ≤ 1/2, in the
/// Frobenius norm, which is checked with its rounding errors far below the margin. With |q - v₀| ≤
/// |q - c| + |c - v₀| and |q - c| ≤ (|q - c|²/r + r)/2, the error is at most a + b·|q - c|²:
///
///     a = ρ + K(r/2 + |c - v₀|) + (D + 4)u·r²,  b = K/(2r) + (D + 4)u
///
/// where the terms in u = 2^-53 cover the rounding of f̂(q) itself (differences are rounded once,
/// since c need not lie on the lattice; squares once; at most D additions). ρᵢ is raised by the
/// same terms. Both are rounded up.
extension TriangulationKernel {
  /// Computes the sphere of a finite simplex and its bound.
  @inline(__always)
  func storeSphere(_ id: Int32) {
    unsafe withCorners(id) { corners in
      let sphere = unsafe memory.sphere(id)
      let inverseNorm: Double
      if D == 2 {
        inverseNorm = unsafe circumcenter2(corners, into: sphere)
      } else if D == 3 {
        inverseNorm = unsafe circumcenter3(corners, into: sphere)
      } else {
        inverseNorm = unsafe circumcenterN(corners, into: sphere)
      }
      unsafe storeBounds(id, corners, inverseNorm: inverseNorm)
    }
  }

  @inline(__always)
  private func storeBounds(
    _ id: Int32, _ corners: UnsafePointer<UnsafePointer<Double>>, inverseNorm: Double
  ) {
    let sphere = unsafe memory.sphere(id)
    let bounds = unsafe memory.bounds(id)
    let roundings = Double(D + 4) * 0x1p-53
    let first = unsafe squaredDistance(corners[0], sphere)
    // A sphere that is not finite decides nothing.
    guard first.isFinite, inverseNorm.isFinite, inverseNorm > 0, first > 0 else {
      unsafe sphere[D] = 0
      unsafe bounds[0] = .infinity
      unsafe bounds[1] = 0
      return
    }
    unsafe sphere[D] = first
    let rounding = 2 * roundings * first
    var residual = rounding
    for index in 1...D {
      let squared = unsafe squaredDistance(corners[index], sphere)
      residual = max(residual, (squared - first).magnitude + rounding + roundings * squared)
    }
    let radius = first.squareRoot()
    let slope = 2 * Double(D).squareRoot() * residual * inverseNorm
    let a = residual + slope * 1.5 * radius + roundings * first
    let b = slope / (2 * radius) + roundings
    unsafe bounds[0] = Float(a * (1 + 0x1p-20)).nextUp
    unsafe bounds[1] = Float(b * (1 + 0x1p-20)).nextUp
  }

  @inline(__always)
  private func squaredDistance(
    _ a: UnsafePointer<Double>, _ b: UnsafeMutablePointer<Double>
  ) -> Double {
    var sum = 0.0
    for axis in 0..<D {
      let difference = unsafe a[axis] - b[axis]
      sum += difference * difference
    }
    return sum
  }

  /// Returns a bound of ‖E⁻¹‖, or infinity. In closed form the determinant's error is known, and
  /// the adjugate's entries are the edges themselves.
  @inline(__always)
  private func circumcenter2(
    _ corners: UnsafePointer<UnsafePointer<Double>>, into center: UnsafeMutablePointer<Double>
  ) -> Double {
    let o = unsafe corners[0]
    let a = unsafe corners[1]
    let b = unsafe corners[2]
    let ax = unsafe a[0] - o[0]
    let ay = unsafe a[1] - o[1]
    let bx = unsafe b[0] - o[0]
    let by = unsafe b[1] - o[1]
    let a2 = ax * ax + ay * ay
    let b2 = bx * bx + by * by
    let left = ax * by
    let right = ay * bx
    let determinant = left - right
    let half = 0.5 / determinant
    unsafe center[0] = o[0] + (by * a2 - ay * b2) * half
    unsafe center[1] = o[1] + (ax * b2 - bx * a2) * half
    let safe = determinant.magnitude - 0x1p-51 * (left.magnitude + right.magnitude)
    return safe > 0 ? (a2 + b2).squareRoot() * (1 + 0x1p-40) / safe : .infinity
  }

  /// As in two dimensions; the adjugate's entries are cross products of edges.
  @inline(__always)
  private func circumcenter3(
    _ corners: UnsafePointer<UnsafePointer<Double>>, into center: UnsafeMutablePointer<Double>
  ) -> Double {
    let o = unsafe corners[0]
    let a = unsafe Edge(corners[1], o)
    let b = unsafe Edge(corners[2], o)
    let c = unsafe Edge(corners[3], o)
    let u = b.cross(c)
    let v = c.cross(a)
    let w = a.cross(b)
    let determinant = a.dot(u)
    let half = 0.5 / determinant
    let a2 = a.dot(a)
    let b2 = b.dot(b)
    let c2 = c.dot(c)
    unsafe center[0] = o[0] + (a2 * u.x + b2 * v.x + c2 * w.x) * half
    unsafe center[1] = o[1] + (a2 * u.y + b2 * v.y + c2 * w.y) * half
    unsafe center[2] = o[2] + (a2 * u.z + b2 * v.z + c2 * w.z) * half
    // |cross| ≤ product of lengths: a bound of the permanents and of the adjugate's own errors.
    let lengths = (a2 * b2 * c2).squareRoot()
    let safe = determinant.magnitude - 0x1p-48 * lengths
    let adjugate = (u.dot(u) + v.dot(v) + w.dot(w)).squareRoot()
    let errors = 0x1p-50 * (b2 * c2 + c2 * a2 + a2 * b2).squareRoot()
    return safe > 0 ? (adjugate + errors) * (1 + 0x1p-40) / safe : .infinity
  }

  /// The inverse by elimination with pivots (Gauss–Jordan), checked against the edges.
  private func circumcenterN(
    _ corners: UnsafePointer<UnsafePointer<Double>>, into center: UnsafeMutablePointer<Double>
  ) -> Double {
    let edges = unsafe predicates.scratch
    let work = unsafe edges + D * D
    let inverse = unsafe work + D * D
    let origin = unsafe corners[0]
    for row in 0..<D {
      for column in 0..<D {
        let edge = unsafe corners[row + 1][column] - origin[column]
        unsafe edges[row * D + column] = edge
        unsafe work[row * D + column] = edge
        unsafe inverse[row * D + column] = row == column ? 1 : 0
      }
    }
    guard unsafe invert(work, inverse) else { return .infinity }
    for axis in 0..<D {
      var sum = 0.0
      for row in 0..<D {
        var squared = 0.0
        for column in 0..<D { unsafe squared += edges[row * D + column] * edges[row * D + column] }
        unsafe sum += inverse[axis * D + row] * squared
      }
      unsafe center[axis] = origin[axis] + 0.5 * sum
    }
    var norm = 0.0
    var defect = 0.0
    var extent = 0.0
    for row in 0..<D {
      for column in 0..<D {
        var sum = row == column ? -1.0 : 0
        for inner in 0..<D { unsafe sum += inverse[row * D + inner] * edges[inner * D + column] }
        defect += sum * sum
        unsafe extent += edges[row * D + column] * edges[row * D + column]
        unsafe norm += inverse[row * D + column] * inverse[row * D + column]
      }
    }
    // Below this condition number the defect is known to a few percent.
    return defect < 0.1 && norm * extent < 1e26 ? 2 * norm.squareRoot() : .infinity
  }

  func invert(
    _ work: UnsafeMutablePointer<Double>, _ inverse: UnsafeMutablePointer<Double>
  ) -> Bool {
    for column in 0..<D {
      var pivot = column
      for row in (column + 1)..<max(D, column + 1)
      where unsafe work[row * D + column].magnitude > work[pivot * D + column].magnitude {
        pivot = row
      }
      guard unsafe work[pivot * D + column] != 0 else { return false }
      let factor = unsafe 1 / work[pivot * D + column]
      for index in 0..<D {
        unsafe exchange(work + pivot * D + index, work + column * D + index)
        unsafe exchange(inverse + pivot * D + index, inverse + column * D + index)
        unsafe work[column * D + index] *= factor
        unsafe inverse[column * D + index] *= factor
      }
      for row in 0..<D where row != column {
        let share = unsafe work[row * D + column]
        for index in 0..<D {
          unsafe work[row * D + index] -= share * work[column * D + index]
          unsafe inverse[row * D + index] -= share * inverse[column * D + index]
        }
      }
    }
    return true
  }

  @inline(__always)
  private func exchange(_ a: UnsafeMutablePointer<Double>, _ b: UnsafeMutablePointer<Double>) {
    let kept = unsafe a.pointee
    unsafe a.pointee = b.pointee
    unsafe b.pointee = kept
  }

  /// The volume of a simplex beside that of a box of its mean extent: what the rule of tolerance
  /// calls nearly flat.
  static func flatness(_ corners: UnsafePointer<UnsafePointer<Double>>) -> Double {
    var matrix: [Double] = []
    var extent = 0.0
    for row in 1...D {
      for axis in 0..<D {
        let edge = unsafe corners[row][axis] - corners[0][axis]
        extent += edge.magnitude
        matrix.append(edge)
      }
    }
    let mean = extent / Double(D * D)
    var box = SimplexMeasures.factorial(D)
    for _ in 0..<D { box *= mean }
    return SimplexMeasures.determinant(&matrix, D).magnitude / box
  }
}

/// An edge of a tetrahedron.
private struct Edge {
  var x: Double
  var y: Double
  var z: Double

  init(x: Double, y: Double, z: Double) {
    self.x = x
    self.y = y
    self.z = z
  }

  @inline(__always)
  init(_ end: UnsafePointer<Double>, _ start: UnsafePointer<Double>) {
    unsafe x = end[0] - start[0]
    unsafe y = end[1] - start[1]
    unsafe z = end[2] - start[2]
  }

  @inline(__always)
  func cross(_ b: Edge) -> Edge {
    Edge(x: y * b.z - z * b.y, y: z * b.x - x * b.z, z: x * b.y - y * b.x)
  }

  @inline(__always)
  func dot(_ b: Edge) -> Double { x * b.x + y * b.y + z * b.z }
}
