/// The inner loops of a ``Triangulation`` of one dimension, on bare memory: everything that is done
/// for each simplex.
@unsafe
struct TriangulationKernel<let D: Int> {
  let memory: SimplexMemory
  let coordinates: UnsafePointer<Double>
  let predicates: Predicates<D>
  let ties: Triangulation.Ties

  @inline(__always)
  init(
    _ memory: SimplexMemory, coordinates: UnsafePointer<Double>,
    scratch: UnsafeMutablePointer<Double>, ties: Triangulation.Ties
  ) {
    unsafe self.memory = SimplexMemory(base: memory.base, stride: 16 * (D + 1) + 16, width: D + 1)
    unsafe self.coordinates = coordinates
    unsafe predicates = Predicates(scratch: scratch)
    unsafe self.ties = ties
  }

  @inline(__always)
  func point(_ vertex: Int32) -> UnsafePointer<Double> { unsafe coordinates + Int(vertex) &* D }

  /// Calls `body` with the corners of a finite simplex, vertex `slot` replaced by `q`.
  @inline(__always)
  func withCorners<R>(
    _ id: Int32, replacing slot: Int = -1, by q: UnsafePointer<Double>? = nil,
    _ body: (UnsafePointer<UnsafePointer<Double>>) -> R
  ) -> R {
    // Eight pointers on the stack: enough for the seven corners of six dimensions.
    let vertices = unsafe memory.vertices(id)
    var corners: InlineArray<8, UnsafePointer<Double>> = unsafe InlineArray(repeating: coordinates)
    for index in 0...D { unsafe corners[unchecked: index] = unsafe point(vertices[index]) }
    if slot >= 0, let q = unsafe q { unsafe corners[unchecked: slot] = unsafe q }
    let span = unsafe corners.span
    return unsafe span.withUnsafeBufferPointer { unsafe body($0.baseAddress!) }
  }

  /// On which side of the facet opposite `slot` a point lies: positive on the simplex's own.
  @inline(__always)
  func side(_ id: Int32, _ slot: Int, of q: UnsafePointer<Double>) -> Int {
    unsafe withCorners(id, replacing: slot, by: q) { unsafe predicates.orientation($0) }
  }

  /// Whether a new point removes a simplex: it lies in its sphere, or beyond a facet of the hull.
  /// In the plane of such a facet it does what it does to the finite simplex there.
  @inline(__always)
  func conflicts(_ id: Int32, _ q: UnsafePointer<Double>) -> Bool {
    let ghostSlot = unsafe memory.infiniteSlot(id)
    guard ghostSlot >= 0 else { return unsafe conflictsFinite(id, q) }
    let inner = unsafe memory.neighbors(id)[ghostSlot]
    let facet = unsafe memory.slot(of: id, in: memory.neighbors(inner))
    let side = unsafe side(inner, facet, of: q)
    if side != 0 { return side < 0 }
    return unsafe conflictsFinite(inner, q)
  }

  /// The power of the point against the stored sphere, with a bound of its error; see
  /// ``storeSphere(_:)`` for the proof.
  @inline(__always)
  private func conflictsFinite(_ id: Int32, _ q: UnsafePointer<Double>) -> Bool {
    let sphere = unsafe memory.sphere(id)
    var squared = 0.0
    for axis in 0..<D {
      let difference = unsafe q[axis] - sphere[axis]
      squared += difference * difference
    }
    let power = unsafe squared - sphere[D]
    let bounds = unsafe memory.bounds(id)
    let bound = unsafe Double(bounds[0]) + Double(bounds[1]) * squared
    if case .newest(let tolerance) = unsafe ties, tolerance > 0 {
      return unsafe conflictsNearly(id, q, squared: squared, tolerance: tolerance)
    }
    if power > bound { return false }
    if power < -bound { return true }
    return unsafe conflictsExactly(id, q)
  }

  @inline(never)
  private func conflictsExactly(_ id: Int32, _ q: UnsafePointer<Double>) -> Bool {
    let sign = unsafe withCorners(id) { unsafe predicates.exactInSphere($0, q) }
    if sign != 0 { return sign > 0 }
    switch unsafe ties {
    case .symbolic: return unsafe conflictsSymbolically(id, q)
    case .newest: return unsafe !isCorner(id, q)
    }
  }

  @inline(__always)
  func isCorner(_ id: Int32, _ q: UnsafePointer<Double>) -> Bool {
    let vertices = unsafe memory.vertices(id)
    for index in 0...D {
      guard unsafe vertices[index] != SimplexStore.infinite else { continue }
      if unsafe isSame(point(vertices[index]), q) { return true }
    }
    return false
  }

  @inline(__always)
  private func isSame(_ a: UnsafePointer<Double>, _ b: UnsafePointer<Double>) -> Bool {
    for axis in 0..<D where unsafe a[axis] != b[axis] { return false }
    return true
  }

  /// The order of points that breaks ties: -1, 0 or 1. The finer a point's coordinates, the later
  /// it comes, as it does where cells are halved again and again; then lexicographic.
  private func order(_ a: UnsafePointer<Double>, _ b: UnsafePointer<Double>) -> Int {
    let coarseness = unsafe (coarseness(a), coarseness(b))
    if coarseness.0 != coarseness.1 { return coarseness.0 > coarseness.1 ? -1 : 1 }
    for axis in 0..<D where unsafe a[axis] != b[axis] { return unsafe a[axis] < b[axis] ? -1 : 1 }
    return 0
  }

  /// How many times all coordinates can be halved in units of the lattice.
  private func coarseness(_ a: UnsafePointer<Double>) -> Int {
    var bits: UInt64 = 0
    for axis in 0..<D { unsafe bits |= Lattice.units(a[axis]).magnitude }
    return bits.trailingZeroBitCount
  }

  /// Breaks a tie as if every point were pushed below the paraboloid by an infinitesimal amount,
  /// the more the later it comes, each amount beyond comparison with the next (after Devillers and
  /// Teillaud, *Perturbations for Delaunay and weighted Delaunay 3D triangulations*, Computational
  /// Geometry 44, 2011). So it depends on the points alone, and the newest point mostly conflicts,
  /// as in Python adaptive: on the same points, the simplices of a refined lattice come out
  /// rounder.
  ///
  /// The plane through the lifted corners passes the point above or below: the amount of corner i
  /// counts with its barycentric coordinate at the point, whose sign is that of an orientation.
  private func conflictsSymbolically(_ id: Int32, _ q: UnsafePointer<Double>) -> Bool {
    let vertices = unsafe memory.vertices(id)
    var above: UnsafePointer<Double>?
    for _ in 0...D {
      var slot = -1
      for index in 0...D {
        let corner = unsafe point(vertices[index])
        if let above = unsafe above, unsafe order(corner, above) >= 0 { continue }
        if slot < 0 {
          slot = index
        } else if unsafe order(corner, point(vertices[slot])) > 0 {
          slot = index
        }
      }
      guard slot >= 0 else { return false }
      let corner = unsafe point(vertices[slot])
      let next = unsafe order(corner, q)
      // A corner at the same place is a duplicate. Else the point is next, or a corner of more
      // weight.
      if next <= 0 { return next < 0 }
      let side = unsafe side(id, slot, of: q)
      if side != 0 { return side < 0 }
      unsafe above = unsafe corner
    }
    return false
  }

  /// The rule of tolerance of ``Triangulation/Ties/newest(tolerance:)``.
  private func conflictsNearly(
    _ id: Int32, _ q: UnsafePointer<Double>, squared: Double, tolerance: Double
  ) -> Bool {
    let radius = unsafe memory.sphere(id)[D].squareRoot()
    let isNear = squared.squareRoot() < radius * (1 + tolerance)
    let flat = unsafe withCorners(id) { unsafe Self.flatness($0) } < tolerance
    return unsafe flat ? conflictsExactly(id, q) : isNear
  }
}
