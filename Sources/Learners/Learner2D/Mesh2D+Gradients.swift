import Geometry
internal import RealModule

/// Gradients of the function, estimated from all values: see ``GradientEdges``.
///
/// Every gradient is determined by those of its neighbours, which together count half as much as
/// the values do, so that a change dies out within some edges. It is followed as far as it moves a
/// gradient by more than a tolerance. What falls below adds up in ``residuals``, so that no
/// gradient is ever further than twice the tolerance from what its neighbours make of it, whatever
/// the number of changes: all are within about four times the tolerance of the ones that all values
/// determine.
extension Mesh2D {
  /// How far a gradient may be off, as a share of the larger of it and the range of values.
  static let followedTolerance = 1e-4

  /// The change below which a sweep from nothing is the last: that of Python adaptive.
  static let sweptTolerance = 1e-6

  /// Sweeps over all vertices after which an estimate is taken as it is: that of scipy.
  static let sweepsMax = 400

  /// Calls `body` with what gradients are made of, taken out so that it is changed in place.
  private mutating func withValues(
    _ body: (
      GradientValues, inout GradientEdges, UnsafeMutablePointer<Double>, [Int32], Triangulation
    ) -> Void
  ) {
    var (gradients, residuals): ([Double], [Double]) = ([], [])
    var edges = GradientEdges()
    swap(&gradients, &self.gradients)
    swap(&residuals, &self.residuals)
    swap(&edges, &self.edges)
    unsafe gradients.withUnsafeMutableBufferPointer { gradients in
      unsafe residuals.withUnsafeMutableBufferPointer { residuals in
        unsafe values.withUnsafeBufferPointer { values in
          unsafe triangulation.coordinates.withUnsafeBufferPointer { coordinates in
            guard let base = gradients.baseAddress else { return }
            let numbers = unsafe GradientValues(
              coordinates: coordinates.baseAddress!, values: values.baseAddress!,
              gradients: base, valueCount: valueCount, isComplex: isComplex, scale: scale)
            unsafe body(numbers, &edges, residuals.baseAddress!, incident, triangulation)
          }
        }
      }
    }
    edges.removeAll()
    swap(&gradients, &self.gradients)
    swap(&residuals, &self.residuals)
    swap(&edges, &self.edges)
  }

  /// Brings gradients at changed vertices, and as far around as they move, up to date.
  ///
  /// - Parameter moved: the triangles at vertices whose gradients moved are appended.
  mutating func relax(_ moved: inout [Int32]) {
    guard !dirty.isEmpty else { return }
    dirty.sort()
    let range = range
    let dirty = dirty
    var queue: [Int32] = []
    swap(&queue, &scratch)
    unsafe withValues { values, edges, residuals, incident, triangulation in
      for vertex in dirty where incident[Int(vertex)] >= 0 {
        let star = unsafe edges.open(vertex, incident: incident[Int(vertex)], triangulation, values)
        guard !edges.stars[star].isWaiting else { continue }
        edges.stars[star].isWaiting = true
        queue.append(Int32(star))
      }
      var next = 0
      while next < queue.count, next <= Self.sweepsMax * edges.stars.count {
        let place = Int(queue[next])
        next += 1
        edges.stars[place].isWaiting = false
        let star = edges.stars[place]
        let change = unsafe edges.update(star, values, residuals, range: range)
        guard change > 0 else { continue }
        if !star.hasMoved {
          edges.stars[place].hasMoved = true
          moved += edges.triangles[Int(star.firstTriangle)..<Int(star.triangleEnd)]
        }
        for index in Int(star.firstEdge)..<Int(star.edgeEnd) {
          let other = edges.edges[index].other
          let residual = unsafe residuals[Int(other)] + 0.5 * change
          unsafe residuals[Int(other)] = residual
          guard unsafe residual > values.tolerance(other, range: range) else { continue }
          let star = unsafe edges.open(other, incident: incident[Int(other)], triangulation, values)
          guard !edges.stars[star].isWaiting else { continue }
          edges.stars[star].isWaiting = true
          queue.append(Int32(star))
        }
      }
    }
    queue.removeAll(keepingCapacity: true)
    swap(&queue, &scratch)
  }

  /// Estimates all gradients from nothing, as scipy does: sweep after sweep over the vertices in
  /// the given order, each component by itself. O(n) a sweep
  mutating func sweepGradients(_ order: [Int32]) {
    let unit = range == 0 ? 1 : range
    for index in gradients.indices { gradients[index] = 0 }
    let valueCount = valueCount
    unsafe withValues { values, edges, _, incident, triangulation in
      for vertex in order where incident[Int(vertex)] >= 0 {
        _ = unsafe edges.open(vertex, incident: incident[Int(vertex)], triangulation, values)
      }
      for component in 0..<valueCount {
        for _ in 0..<Self.sweepsMax {
          var worst = 0.0
          for star in edges.stars {
            let new = unsafe edges.gradient(star, component: component, values)
            let old = unsafe values.gradient(star.vertex, component)
            let change = unsafe max((new.x - old[0]).magnitude, (new.y - old[1]).magnitude)
            worst = max(worst, change / max(unit, new.x.magnitude, new.y.magnitude))
            unsafe old[0] = new.x
            unsafe old[1] = new.y
          }
          if worst < Self.sweptTolerance { break }
        }
      }
    }
  }
}

extension GradientValues {
  @inline(__always)
  fileprivate func tolerance(_ vertex: Int32, range: Double) -> Double {
    var length = GradientLength()
    let isComplex = unsafe isComplex
    for component in unsafe 0..<valueCount {
      let own = unsafe gradient(vertex, component)
      unsafe length.add(own[0], own[1], isImaginary: isComplex && component % 2 == 1)
    }
    return length.reach(range) * Mesh2D.followedTolerance
  }
}

/// The longest of a value's derivatives; of a complex number's the modulus, so that its phase does
/// not matter.
private struct GradientLength {
  private var most = 0.0
  private var x = 0.0
  private var y = 0.0

  @inline(__always)
  mutating func add(_ x: Double, _ y: Double, isImaginary: Bool) {
    let along = isImaginary ? Double.hypot(self.x, x) : x.magnitude
    let across = isImaginary ? Double.hypot(self.y, y) : y.magnitude
    (self.x, self.y) = (x, y)
    most = max(most, max(along, across))
  }

  /// That, or a number that is larger still.
  @inline(__always)
  func reach(_ least: Double) -> Double { max(least, most) }
}

extension GradientEdges {
  /// Computes the gradients at a vertex, and takes them if they move enough.
  ///
  /// - Returns: by how much the one moves that moves most; 0 if there is none to speak of.
  @inline(__always)
  fileprivate func update(
    _ star: Star, _ values: GradientValues, _ residuals: UnsafeMutablePointer<Double>,
    range: Double
  ) -> Double {
    var (change, size) = (GradientLength(), GradientLength())
    let isComplex = unsafe values.isComplex
    // Values of more numbers than fit are computed twice.
    var found: InlineArray<8, Double> = InlineArray(repeating: 0)
    for component in unsafe 0..<values.valueCount {
      let new = unsafe gradient(star, component: component, values)
      if component < 4 { (found[2 * component], found[2 * component + 1]) = new }
      let old = unsafe values.gradient(star.vertex, component)
      let isImaginary = isComplex && component % 2 == 1
      unsafe change.add(new.x - old[0], new.y - old[1], isImaginary: isImaginary)
      size.add(new.x, new.y, isImaginary: isImaginary)
    }
    let moved = change.reach(0)
    guard moved > size.reach(range) * Mesh2D.followedTolerance else {
      unsafe residuals[Int(star.vertex)] = moved
      return 0
    }
    unsafe residuals[Int(star.vertex)] = 0
    for component in unsafe 0..<values.valueCount {
      let old = unsafe values.gradient(star.vertex, component)
      if component < 4 {
        unsafe (old[0], old[1]) = (found[2 * component], found[2 * component + 1])
      } else {
        unsafe (old[0], old[1]) = unsafe gradient(star, component: component, values)
      }
    }
    return moved
  }
}
