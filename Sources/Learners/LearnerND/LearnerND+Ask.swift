package import AdaptiveCore
import Geometry

extension LearnerND {
  package mutating func ask(
    _ count: Int, appendingTo points: inout PointBuffer, improvements: inout [Double]
  ) {
    var remaining = count
    defer { settle() }
    while remaining > 0 {
      skipTakenCorners()
      if nextCorner < domain.corners.count {
        askCorner(&points, &improvements)
      } else if root < 0 {
        askRandom(&points, &improvements)
      } else if !askBest(&points, &improvements) {
        return
      }
      remaining -= 1
    }
  }

  /// Goes on to the first corner of the domain that nobody has taken up.
  mutating func skipTakenCorners() {
    while nextCorner < domain.corners.count {
      let number = domain.corners.withPoint(nextCorner) { register.find($0) }
      guard let number, register.state(number) != .waiting else { return }
      nextCorner += 1
    }
  }

  private mutating func askCorner(_ points: inout PointBuffer, _ improvements: inout [Double]) {
    let corner = Array(domain.corners[nextCorner])
    let number = register.add(corner.span)
    register.set(number, .pending)
    points.append(corner.span)
    improvements.append(.infinity)
    divide(by: number, corner.span)
  }

  /// A point anywhere in the domain: while too little is known for a triangulation.
  private mutating func askRandom(_ points: inout PointBuffer, _ improvements: inout [Double]) {
    while true {
      var point = InlineArray<8, Double>(repeating: 0)
      domain.point(atShares: { random.next() }, &point)
      let span = point.span.extracting(0..<dimension)
      var place = InlineArray<8, Double>(repeating: 0)
      guard domain.place(span, &place), domain.contains(place) else { continue }
      let number = register.add(span)
      guard register.state(number) == .waiting else { continue }
      register.set(number, .pending)
      points.append(span)
      improvements.append(.infinity)
      _ = addDivider(number, place)
      return
    }
  }

  /// Divides the simplex, or the part of one, with the largest loss.
  ///
  /// - Returns: false if there is none that holds another point.
  private mutating func askBest(
    _ points: inout PointBuffer, _ improvements: inout [Double]
  ) -> Bool {
    while true {
      let isPart = isPartNext
      guard let first = isPart ? parts.top : whole.top else { return false }
      let simplex = isPart ? groups.simplex(groupOfPart[Int(first.item)]) : first.item
      let gradient = settings.isAnisotropic ? gradient(around: simplex) : []
      var place = InlineArray<8, Double>(repeating: 0)
      if isPart {
        dividePart(first.item, gradient, &place)
      } else {
        var corners = InlineArray<8, Int32>(repeating: 0)
        triangulation.sortVertices(of: simplex, into: &corners)
        triangulation.divide(corners, gradient: gradient, into: &place)
      }
      var point = InlineArray<8, Double>(repeating: 0)
      domain.point(at: place, &point)
      let span = point.span.extracting(0..<dimension)
      let number = register.add(span)
      guard register.state(number) == .waiting, domain.place(span, &place) else {
        // No double is left between the corners, or somebody else has taken it.
        if isPart {
          exhaust(first.item)
        } else {
          whole.remove(simplex, triangulation.order)
          exhausted.set(simplex, rank(of: simplex), triangulation.order)
        }
        settle()
        continue
      }
      register.set(number, .pending)
      points.append(span)
      let loss = isPart ? lossOfPart(first.item) : improvement(of: simplex)
      improvements.append(loss)
      let slot = addDivider(number, place)
      attach(slot, around: simplex, nearPart: isPart ? first.item : -1)
      settle()
      return true
    }
  }

  private func improvement(of simplex: Int32) -> Double {
    settings.isCompatible ? rankedLosses[Int(simplex)] : losses[Int(simplex)]
  }

  /// Where a part is divided, in the unit box.
  private mutating func dividePart(
    _ part: Int32, _ gradient: [Double], _ place: inout InlineArray<8, Double>
  ) {
    let corners = partOrder.sorted(part)
    guard partScale.contains(where: { $0 != 1 }) else {
      return partition.divide(corners, gradient: gradient, into: &place)
    }
    // Other proportions: lengths are those in the unit box all the same.
    var shape = Triangulation(dimension: dimension)
    var own = InlineArray<8, Int32>(repeating: 0)
    for corner in 0...dimension {
      var point = InlineArray<8, Double>(repeating: 0)
      for axis in 0..<dimension {
        let coordinate = partition.coordinates[Int(corners[corner]) * dimension + axis]
        point[axis] = Lattice.nearest(coordinate / partScale[axis])
      }
      own[corner] = shape.addVertex(point.span.extracting(0..<dimension))
    }
    shape.divide(own, gradient: gradient, into: &place)
  }

  /// The gradient of the plane that fits the values best at all vertices of the simplices that
  /// share a vertex with one: least squares. O(their number × dimension²)
  ///
  /// Values are scaled as in losses; by adaptive's rule they are as they come.
  private mutating func gradient(around simplex: Int32) -> [Double] {
    var corners: [Int32] = []
    triangulation.appendVertices(of: simplex, to: &corners)
    corners.sort()
    var around: [Int32] = []
    for other in triangulation.simplices(at: corners, from: simplex) {
      triangulation.appendVertices(of: other, to: &around)
    }
    around.sort()
    let size = dimension + 1
    var normal = [Double](repeating: 0, count: size * size)
    var right = [Double](repeating: 0, count: size)
    var previous: Int32 = -1
    for vertex in around where vertex != previous {
      previous = vertex
      let start = Int(vertex) * dimension
      let row = Array(triangulation.coordinates[start..<start + dimension]) + [1]
      for i in 0..<size {
        for j in 0..<size { normal[i * size + j] += row[i] * row[j] }
        right[i] += row[i] * values[Int(vertex)]
      }
    }
    guard SimplexMeasures.solve(&normal, &right) else {
      return [Double](repeating: 0, count: dimension)
    }
    let factor = settings.isCompatible ? 1 : range.factor
    return right.prefix(dimension).map { $0 * factor }
  }
}
