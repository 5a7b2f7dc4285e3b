/// Barycentric coordinates and distances in doubles, for questions in which a tolerance decides no
/// topology: which simplices a point divides, and in what shares.
extension TriangulationKernel {
  /// How a point lies to a finite simplex: its largest barycentric coordinate, at most 1, and its
  /// least distance from the plane of a facet, negative outside.
  @inline(__always)
  func place(
    _ id: Int32, _ q: UnsafePointer<Double>
  ) -> (largestShare: Double, least: Double, isFlat: Bool) {
    var largest = 0.0
    var least = Double.infinity
    var isFlat = false
    unsafe withFacets(memory.vertices(id), q) { _, share, distance, height in
      largest = max(largest, share)
      least = min(least, distance)
      isFlat = isFlat || !(height >= Triangulation.flatHeight)
    }
    return (min(largest, 1), least, isFlat)
  }

  /// Calls `body` with the barycentric coordinate, the distance from the plane of each facet, and
  /// how high the simplex stands above it. Without volume all distances and heights are 0.
  @inline(__always)
  private func withFacets(
    _ vertices: UnsafePointer<Int32>, _ q: UnsafePointer<Double>,
    _ body: (_ slot: Int, _ share: Double, _ distance: Double, _ height: Double) -> Void
  ) {
    let origin = unsafe point(vertices[0])
    if D == 2 {
      let a = unsafe point(vertices[1])
      let b = unsafe point(vertices[2])
      let ax = unsafe a[0] - origin[0]
      let ay = unsafe a[1] - origin[1]
      let bx = unsafe b[0] - origin[0]
      let by = unsafe b[1] - origin[1]
      let qx = unsafe q[0] - origin[0]
      let qy = unsafe q[1] - origin[1]
      let determinant = ax * by - ay * bx
      let first = qx * by - qy * bx
      let second = ax * qy - ay * qx
      let rest = determinant - first - second
      let (cx, cy) = (bx - ax, by - ay)
      let lengths = (
        (cx * cx + cy * cy).squareRoot(), (bx * bx + by * by).squareRoot(),
        (ax * ax + ay * ay).squareRoot()
      )
      body(0, rest / determinant, rest / lengths.0, determinant / lengths.0)
      body(1, first / determinant, first / lengths.1, determinant / lengths.1)
      body(2, second / determinant, second / lengths.2, determinant / lengths.2)
      return
    }
    let work = unsafe predicates.scratch
    let inverse = unsafe work + D * D
    for row in 0..<D {
      for axis in 0..<D {
        unsafe work[row * D + axis] = point(vertices[row + 1])[axis] - origin[axis]
        unsafe inverse[row * D + axis] = row == axis ? 1 : 0
      }
    }
    guard unsafe invert(work, inverse) else {
      for slot in 0...D { body(slot, 1, 0, 0) }
      return
    }
    // Column i of the inverse is the gradient of coordinate i + 1.
    var rest = 1.0
    var restSquared = 0.0
    for slot in 0..<D {
      var share = 0.0
      var squared = 0.0
      for axis in 0..<D {
        let slope = unsafe inverse[axis * D + slot]
        unsafe share += slope * (q[axis] - origin[axis])
        squared += slope * slope
      }
      rest -= share
      let height = 1 / squared.squareRoot()
      body(slot + 1, share, share * height, height)
    }
    for axis in 0..<D {
      var slope = 0.0
      for slot in 0..<D { unsafe slope += inverse[axis * D + slot] }
      restSquared += slope * slope
    }
    let height = 1 / restSquared.squareRoot()
    body(0, rest, rest * height, height)
  }

  /// The finite neighbours across facets to whose planes a point is nearer than `tolerance`.
  @inline(__always)
  func appendNeighbors(
    of id: Int32, near q: UnsafePointer<Double>, tolerance: Double, to ids: inout [Int32]
  ) {
    let neighbors = unsafe memory.neighbors(id)
    unsafe withFacets(memory.vertices(id), q) { slot, _, distance, _ in
      let neighbor = unsafe neighbors[slot]
      if !(distance >= tolerance), unsafe memory.infiniteSlot(neighbor) < 0 { ids.append(neighbor) }
    }
  }
}
