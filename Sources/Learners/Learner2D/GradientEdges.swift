import Geometry

/// The edges around vertices of a mesh, as the estimate of gradients needs them: by vertices that
/// were opened, in flat arrays that are used again.
///
/// Gradients are estimated as in `scipy.interpolate.CloughTocher2DInterpolator`: those for which
/// the cubics along all edges bend least (G. M. Nielson, *A method for interpolating scattered data
/// based upon a minimum norm network*, Mathematics of Computation 40, 1983; R. J. Renka and
/// A. K. Cline, *A triangle-based C¹ interpolation method*, Rocky Mountain Journal of Mathematics
/// 14, 1984). With e the edge from vertex i to j, L its length, f values and g gradients,
///
///     gᵢ = -Q⁻¹ s,  Q = Σ 4 e eᵀ / L³,  s = Σ (6 (fᵢ - fⱼ) + 2 e·gⱼ) e / L³.
///
/// Edges to vertices whose values are no numbers are left out.
struct GradientEdges: Sendable {
  /// One edge, from an opened vertex.
  struct Edge {
    var other: Int32
    var x: Double
    var y: Double
    /// 1 / L³
    var weight: Double
  }

  /// An opened vertex.
  struct Star {
    var vertex: Int32
    var firstEdge: Int32
    var edgeEnd: Int32
    /// The inverse of Q: xx, xy, yy. Zero where edges do not determine a gradient.
    var inverse: InlineArray<3, Double>
  }

  private(set) var stars: [Star] = []
  private(set) var edges: [Edge] = []
  /// By vertex: its star, or -1.
  private var starOf: [Int32] = []
  private var ring: [Int32] = []
  private var unused: [Int32] = []

  /// The star of a vertex, if it was opened.
  func star(of vertex: Int32) -> Int? {
    let star = starOf[Int(vertex)]
    return star < 0 ? nil : Int(star)
  }

  /// Opens a vertex; its star.
  mutating func open(
    _ vertex: Int32, in triangulation: borrowing Triangulation, incident: Int32, scale: Double,
    valueCount: Int, values: borrowing [Double]
  ) -> Int {
    while starOf.count <= Int(vertex) { starOf.append(-1) }
    if let star = star(of: vertex) { return star }
    ring.removeAll(keepingCapacity: true)
    unused.removeAll(keepingCapacity: true)
    triangulation.appendRing(of: vertex, from: incident, vertices: &ring, simplices: &unused)
    sortRing()
    let first = edges.count
    let coordinates = triangulation.coordinates.span
    let (x0, y0) = (coordinates[2 * Int(vertex)], coordinates[2 * Int(vertex) + 1])
    var (xx, xy, yy) = (0.0, 0.0, 0.0)
    for other in ring where Self.isUsable(other, valueCount, values) {
      let x = (coordinates[2 * Int(other)] - x0) * scale
      let y = (coordinates[2 * Int(other) + 1] - y0) * scale
      let squared = x * x + y * y
      let weight = 1 / (squared * squared.squareRoot())
      xx += 4 * x * x * weight
      xy += 4 * x * y * weight
      yy += 4 * y * y * weight
      edges.append(Edge(other: other, x: x, y: y, weight: weight))
    }
    let determinant = xx * yy - xy * xy
    let isSound = determinant > 1e-12 * (xx + yy) * (xx + yy) && determinant.isFinite
    starOf[Int(vertex)] = Int32(stars.count)
    stars.append(
      Star(
        vertex: vertex, firstEdge: Int32(first), edgeEnd: Int32(edges.count),
        inverse: isSound
          ? [yy / determinant, -xy / determinant, xx / determinant] : [0, 0, 0]))
    return stars.count - 1
  }

  /// Forgets all stars.
  mutating func removeAll() {
    for star in stars { starOf[Int(star.vertex)] = -1 }
    stars.removeAll(keepingCapacity: true)
    edges.removeAll(keepingCapacity: true)
  }

  /// The gradient of one component at an opened vertex, as its neighbours have it.
  @inline(__always)
  func gradient(
    _ star: Int, component: Int, valueCount: Int, values: borrowing [Double],
    gradients: borrowing [Double]
  ) -> (x: Double, y: Double) {
    let inverse = stars[star].inverse
    let value = values[Int(stars[star].vertex) &* valueCount &+ component]
    var (x, y) = (0.0, 0.0)
    for index in Int(stars[star].firstEdge)..<Int(stars[star].edgeEnd) {
      let edge = edges[index]
      let place = Int(edge.other) &* valueCount &+ component
      let slope = edge.x * gradients[2 &* place] + edge.y * gradients[2 &* place &+ 1]
      let share = (6 * (value - values[place]) + 2 * slope) * edge.weight
      x += share * edge.x
      y += share * edge.y
    }
    return (-(inverse[0] * x + inverse[1] * y), -(inverse[1] * x + inverse[2] * y))
  }

  @inline(__always)
  static func isUsable(_ vertex: Int32, _ valueCount: Int, _ values: borrowing [Double]) -> Bool {
    let start = Int(vertex) &* valueCount
    for index in start..<start + valueCount where !values[index].isFinite { return false }
    return true
  }

  /// Into ascending order, so that sums do not depend on where a walk around a vertex began.
  private mutating func sortRing() {
    for index in ring.indices.dropFirst() {
      let vertex = ring[index]
      var place = index
      while place > 0, ring[place - 1] > vertex {
        ring[place] = ring[place - 1]
        place -= 1
      }
      ring[place] = vertex
    }
  }
}
