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
    var firstTriangle: Int32
    var triangleEnd: Int32
    var isWaiting = false
    var hasMoved = false
    /// The inverse of Q; zero where edges do not determine a gradient.
    var xx = 0.0
    var xy = 0.0
    var yy = 0.0
  }

  var stars: [Star] = []
  private(set) var edges: [Edge] = []
  /// The triangles that have an opened vertex.
  private(set) var triangles: [Int32] = []
  /// By vertex: its star, or -1.
  private var starOf: [Int32] = []
  private var ring: [Int32] = []

  /// The star of a vertex, which is opened if it was not.
  ///
  /// - Parameter incident: a triangle that has the vertex.
  @inline(__always)
  mutating func open(
    _ vertex: Int32, incident: Int32, _ triangulation: borrowing Triangulation,
    _ values: GradientValues
  ) -> Int {
    if Int(vertex) < starOf.count, starOf[Int(vertex)] >= 0 {
      return Int(starOf[Int(vertex)])
    }
    return unsafe openAnew(vertex, incident: incident, triangulation, values)
  }

  private mutating func openAnew(
    _ vertex: Int32, incident: Int32, _ triangulation: borrowing Triangulation,
    _ values: GradientValues
  ) -> Int {
    while starOf.count <= Int(vertex) { starOf.append(-1) }
    ring.removeAll(keepingCapacity: true)
    let first = Int32(triangles.count)
    triangulation.appendRing(of: vertex, from: incident, vertices: &ring, simplices: &triangles)
    sortRing()
    var star = Star(
      vertex: vertex, firstEdge: Int32(edges.count), edgeEnd: 0, firstTriangle: first,
      triangleEnd: Int32(triangles.count))
    let origin = unsafe values.point(vertex)
    var (xx, xy, yy) = (0.0, 0.0, 0.0)
    for other in ring where unsafe values.isUsable(other) {
      let end = unsafe values.point(other)
      let (x, y) = (end.x - origin.x, end.y - origin.y)
      let squared = x * x + y * y
      let weight = 1 / (squared * squared.squareRoot())
      xx += 4 * x * x * weight
      xy += 4 * x * y * weight
      yy += 4 * y * y * weight
      edges.append(Edge(other: other, x: x, y: y, weight: weight))
    }
    star.edgeEnd = Int32(edges.count)
    let determinant = xx * yy - xy * xy
    if determinant > 1e-12 * (xx + yy) * (xx + yy), determinant.isFinite {
      (star.xx, star.xy, star.yy) = (yy / determinant, -xy / determinant, xx / determinant)
    }
    starOf[Int(vertex)] = Int32(stars.count)
    stars.append(star)
    return stars.count - 1
  }

  /// Forgets all stars.
  mutating func removeAll() {
    for star in stars { starOf[Int(star.vertex)] = -1 }
    stars.removeAll(keepingCapacity: true)
    edges.removeAll(keepingCapacity: true)
    triangles.removeAll(keepingCapacity: true)
  }

  /// The gradient of one component at an opened vertex, as its neighbours have it.
  @inline(__always)
  func gradient(_ star: Star, component: Int, _ values: GradientValues) -> (x: Double, y: Double) {
    guard unsafe values.isUsable(star.vertex) else { return (0, 0) }
    let value = unsafe values.value(star.vertex, component)
    var (x, y) = (0.0, 0.0)
    unsafe edges.withUnsafeBufferPointer { edges in
      for index in Int(star.firstEdge)..<Int(star.edgeEnd) {
        let edge = unsafe edges[index]
        let slope = unsafe values.slope(edge.other, component, edge.x, edge.y)
        let difference = unsafe value - values.value(edge.other, component)
        let share = (6 * difference + 2 * slope) * edge.weight
        x += share * edge.x
        y += share * edge.y
      }
    }
    return (-(star.xx * x + star.xy * y), -(star.xy * x + star.yy * y))
  }

  /// Into ascending order, so that sums do not depend on where a walk around a vertex began.
  private mutating func sortRing() {
    unsafe ring.withUnsafeMutableBufferPointer { ring in
      for index in ring.indices.dropFirst() {
        let vertex = unsafe ring[index]
        var place = index
        while place > 0, unsafe ring[place - 1] > vertex {
          unsafe ring[place] = ring[place - 1]
          place -= 1
        }
        unsafe ring[place] = vertex
      }
    }
  }
}

/// A mesh's numbers on bare memory, by vertices that it has.
@unsafe
struct GradientValues {
  /// Two for each vertex.
  let coordinates: UnsafePointer<Double>
  /// `valueCount` for each vertex.
  let values: UnsafePointer<Double>
  /// Two for each value.
  let gradients: UnsafeMutablePointer<Double>
  let valueCount: Int
  let isComplex: Bool
  /// What coordinates are multiplied by.
  let scale: Double

  @inline(__always)
  func point(_ vertex: Int32) -> (x: Double, y: Double) {
    unsafe (coordinates[2 &* Int(vertex)] * scale, coordinates[2 &* Int(vertex) &+ 1] * scale)
  }

  @inline(__always)
  func value(_ vertex: Int32, _ component: Int) -> Double {
    unsafe values[Int(vertex) &* valueCount &+ component]
  }

  @inline(__always)
  func gradient(_ vertex: Int32, _ component: Int) -> UnsafeMutablePointer<Double> {
    unsafe gradients + 2 &* (Int(vertex) &* valueCount &+ component)
  }

  /// By how much a component grows along an edge from a vertex.
  @inline(__always)
  func slope(_ vertex: Int32, _ component: Int, _ x: Double, _ y: Double) -> Double {
    let gradient = unsafe gradient(vertex, component)
    return unsafe x * gradient[0] + y * gradient[1]
  }

  /// Whether all components are numbers.
  @inline(__always)
  func isUsable(_ vertex: Int32) -> Bool {
    for component in unsafe 0..<valueCount where unsafe !value(vertex, component).isFinite {
      return false
    }
    return true
  }
}
