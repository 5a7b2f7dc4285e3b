import Geometry

/// Gradients of the function, estimated from all values: see ``GradientEdges``.
///
/// Every gradient is determined by those of its neighbours, with less than half their weight, so
/// that a change dies out within a few edges. It is followed as far as it moves a gradient by more
/// than the tolerance. What falls below adds up in ``residuals``, so that no gradient is ever
/// further than twice the tolerance from what its neighbours make of it: scipy's stopping rule, at
/// every vertex and at any time, whatever the number of changes.
extension Mesh2D {
  /// How far a gradient may be off, as a share of the larger of it and the range of values: that of
  /// Python adaptive.
  static let gradientTolerance = 1e-6

  /// Sweeps over all vertices after which an estimate is taken as it is: that of scipy.
  static let sweepsMax = 400

  /// Brings gradients at changed vertices, and as far around as they move, up to date.
  mutating func relax(_ moved: inout [Int32]) {
    guard !dirty.isEmpty else { return }
    var edges = GradientEdges()
    swap(&edges, &self.edges)
    defer {
      edges.removeAll()
      swap(&edges, &self.edges)
    }
    var waiting = dirty.filter { incident[Int($0)] >= 0 }
    waiting.sort()
    var isWaiting: [Bool] = []
    var hasMoved: [Bool] = []
    func open(_ vertex: Int32) -> Int {
      let star = edges.open(
        vertex, in: triangulation, incident: incident[Int(vertex)], scale: scale,
        valueCount: valueCount, values: values)
      while isWaiting.count <= star {
        isWaiting.append(false)
        hasMoved.append(false)
      }
      return star
    }
    var stars: [Int] = []
    for vertex in waiting {
      let star = open(vertex)
      guard !isWaiting[star] else { continue }
      isWaiting[star] = true
      stars.append(star)
    }
    var next = 0
    while next < stars.count, next <= Self.sweepsMax * edges.stars.count {
      let star = stars[next]
      next += 1
      isWaiting[star] = false
      let vertex = edges.stars[star].vertex
      let change = update(star, edges)
      guard change > 0 else { continue }
      if !hasMoved[star] {
        hasMoved[star] = true
        moved.append(vertex)
      }
      for index in Int(edges.stars[star].firstEdge)..<Int(edges.stars[star].edgeEnd) {
        let other = edges.edges[index].other
        residuals[Int(other)] += 0.5 * change
        guard residuals[Int(other)] > tolerance(other) else { continue }
        let star = open(other)
        guard !isWaiting[star] else { continue }
        isWaiting[star] = true
        stars.append(star)
      }
    }
  }

  private func tolerance(_ vertex: Int32) -> Double {
    var size = range
    let start = 2 * valueCount * Int(vertex)
    for index in start..<start + 2 * valueCount { size = max(size, gradients[index].magnitude) }
    return size * Self.gradientTolerance
  }

  /// Computes the gradients at a vertex, and takes them if one moves enough.
  ///
  /// - Returns: the largest change; 0 if there is none to speak of.
  private mutating func update(_ star: Int, _ edges: GradientEdges) -> Double {
    let vertex = edges.stars[star].vertex
    let start = 2 * valueCount * Int(vertex)
    var change = 0.0
    var size = range
    let isUsable = GradientEdges.isUsable(vertex, valueCount, values)
    // Values of more numbers than fit are computed twice.
    var found: InlineArray<8, Double> = InlineArray(repeating: 0)
    for component in 0..<valueCount {
      let new = isUsable ? gradient(star, component, edges) : (0, 0)
      if component < 4 { (found[2 * component], found[2 * component + 1]) = new }
      let place = start + 2 * component
      change = max(
        change, (new.0 - gradients[place]).magnitude, (new.1 - gradients[place + 1]).magnitude)
      size = max(size, new.0.magnitude, new.1.magnitude)
    }
    guard change > size * Self.gradientTolerance else {
      residuals[Int(vertex)] = change
      return 0
    }
    residuals[Int(vertex)] = 0
    for component in 0..<valueCount {
      let place = start + 2 * component
      if component < 4 {
        (gradients[place], gradients[place + 1]) = (found[2 * component], found[2 * component + 1])
      } else {
        let new = isUsable ? gradient(star, component, edges) : (0, 0)
        (gradients[place], gradients[place + 1]) = new
      }
    }
    return change
  }

  @inline(__always)
  private func gradient(
    _ star: Int, _ component: Int, _ edges: borrowing GradientEdges
  ) -> (Double, Double) {
    edges.gradient(
      star, component: component, valueCount: valueCount, values: values, gradients: gradients)
  }

  /// Estimates all gradients from nothing, as scipy does: sweep after sweep over the vertices in
  /// the given order, each component by itself. O(n) a sweep
  mutating func sweepGradients(_ order: [Int32]) {
    var edges = GradientEdges()
    for vertex in order where incident[Int(vertex)] >= 0 {
      _ = edges.open(
        vertex, in: triangulation, incident: incident[Int(vertex)], scale: scale,
        valueCount: valueCount, values: values)
    }
    let unit = range == 0 ? 1 : range
    for index in gradients.indices { gradients[index] = 0 }
    for component in 0..<valueCount {
      for _ in 0..<Self.sweepsMax {
        var worst = 0.0
        for star in edges.stars.indices {
          let new = gradient(star, component, edges)
          let place = 2 * (Int(edges.stars[star].vertex) * valueCount + component)
          let change = max(
            (new.0 - gradients[place]).magnitude, (new.1 - gradients[place + 1]).magnitude)
          worst = max(worst, change / max(unit, new.0.magnitude, new.1.magnitude))
          (gradients[place], gradients[place + 1]) = new
        }
        if worst < Self.gradientTolerance { break }
      }
    }
  }
}
