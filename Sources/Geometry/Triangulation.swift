/// A Delaunay triangulation in 2 to 6 dimensions that takes one point at a time and says which
/// simplices went and came: the incremental algorithm of Bowyer and Watson (The Computer Journal
/// 24(2), 1981) with exact predicates.
///
/// Points lie on the ``Lattice``. No tolerance decides: a point is refused only if it is there
/// already, no simplex is flat, and with ``Ties/symbolic`` the triangulation is a function of the
/// set of its points. Points on faces, edges and corners, on the hull or beyond it need no special
/// care.
///
/// One store may hold several triangulations that share no facet, called *sheets*: each begins with
/// ``start(_:)``. A point goes into the sheet of the simplex it is inserted near.
package struct Triangulation: Sendable {
  /// What happens to a point on the sphere of a simplex.
  package enum Ties: Sendable, Equatable {
    /// Decided by an order of the points involved: by the fineness of their coordinates, then
    /// lexicographic.
    case symbolic
    /// The newest point removes the simplex, and so it does from beyond the sphere, up to radius ×
    /// (1 + `tolerance`), where no simplex turns over: the rule of Python adaptive. The order of
    /// insertion decides, and facets are Delaunay only within the tolerance.
    case newest(tolerance: Double)
  }

  package let dimension: Int
  package let ties: Ties

  /// Whether simplices are ordered by where their vertices lie, so that the numbers of these, and
  /// with them the order in which they came, do not matter.
  package var ordersByPlace = false

  /// Vertex after vertex.
  package private(set) var coordinates: [Double] = []

  /// Finite simplices that the last insertion removed, in order of discovery.
  package internal(set) var removed: [Int32] = []

  /// Finite simplices that the last insertion or ``start(_:)`` made.
  package internal(set) var created: [Int32] = []

  /// The vertices of ``created``, dimension + 1 a simplex.
  package internal(set) var createdVertices: [Int32] = []

  private var freedVertices: [Int32] = []

  /// Whether the last insertion or ``start(_:)`` changed the hull.
  package internal(set) var isHullChanged = false

  var store: SimplexStore
  var cavity = Cavity()
  var scratch: [Double]
  var mark: UInt32 = 0

  /// For location; nil until somebody looks for a point without a near simplex.
  var hierarchy: LocationHierarchy?

  package init(dimension: Int, ties: Ties = .symbolic) {
    precondition(Lattice.dimensions.contains(dimension))
    self.dimension = dimension
    self.ties = ties
    store = SimplexStore(dimension: dimension)
    scratch = Array(repeating: 0, count: 256)
  }

  package var vertexCount: Int { coordinates.count / dimension }

  /// Indices of simplices are below this.
  package var simplexIndexEnd: Int { store.count }

  package mutating func reserveCapacity(vertices: Int, simplices: Int) {
    coordinates.reserveCapacity(vertices * dimension)
    store.reserveCapacity(simplices)
  }

  /// Adds a vertex that belongs to no simplex yet.
  ///
  /// - Precondition: the ``Lattice`` holds its coordinates.
  package mutating func addVertex(_ point: Span<Double>) -> Int32 {
    precondition(point.count == dimension)
    let vertex = freedVertices.popLast() ?? Int32(vertexCount)
    for axis in point.indices {
      precondition(Lattice.holds(point[axis]), "a coordinate is not on the lattice")
      if Int(vertex) * dimension + axis < coordinates.count {
        coordinates[Int(vertex) * dimension + axis] = point[axis] + 0
      } else {
        coordinates.append(point[axis] + 0)
      }
    }
    return vertex
  }

  /// Gives the numbers of vertices away that belong to no simplex any more.
  package mutating func removeVertices(_ vertices: [Int32]) { freedVertices += vertices }

  /// Whether the simplex is there and finite.
  package func isFinite(_ id: Int32) -> Bool {
    guard id >= 0, Int(id) < store.count else { return false }
    return unsafe store.readMemory { unsafe $0.stamp(id) != 0 && $0.infiniteSlot(id) < 0 }
  }

  /// Tells a simplex from others that had or will have its index; 0 if there is none.
  package func stamp(_ id: Int32) -> UInt32 {
    guard id >= 0, Int(id) < store.count else { return 0 }
    return unsafe store.readMemory { unsafe $0.stamp(id) }
  }

  /// Appends the vertices of a simplex, those of a positive orientation, to `vertices`.
  package func appendVertices(of id: Int32, to vertices: inout [Int32]) {
    unsafe store.readMemory { memory in
      for slot in 0...dimension { unsafe vertices.append(memory.vertices(id)[slot]) }
    }
  }

  /// For every slot of a simplex, the neighbour opposite to it and the vertex of the neighbour that
  /// is not shared; -1 and -1 where there is none but the hull.
  package func appendNeighbors(
    of id: Int32, to neighbors: inout [Int32], opposite vertices: inout [Int32]
  ) {
    unsafe store.readMemory { memory in
      for slot in 0...dimension {
        let neighbor = unsafe memory.neighbors(id)[slot]
        guard unsafe memory.infiniteSlot(neighbor) < 0 else {
          neighbors.append(-1)
          vertices.append(-1)
          continue
        }
        let back = unsafe memory.slot(of: id, in: memory.neighbors(neighbor))
        neighbors.append(neighbor)
        unsafe vertices.append(memory.vertices(neighbor)[back])
      }
    }
  }

  /// Begins a sheet with one simplex. `created` then holds it.
  ///
  /// - Returns: the simplex, or nil if the vertices are flat.
  package mutating func start(_ vertices: [Int32]) -> Int32? {
    precondition(vertices.count == dimension + 1)
    removed.removeAll(keepingCapacity: true)
    created.removeAll(keepingCapacity: true)
    createdVertices.removeAll(keepingCapacity: true)
    isHullChanged = true
    var vertices = vertices
    let orientation = orientation(of: vertices)
    guard orientation != 0 else { return nil }
    if orientation < 0 { vertices.swapAt(0, 1) }
    var ids: [Int32] = []
    store.allocate(dimension + 2, into: &ids)
    link(ids, vertices)
    created.append(ids[0])
    createdVertices += vertices
    return ids[0]
  }

  /// The sign of the orientation of D + 1 vertices.
  package mutating func orientation(of vertices: [Int32]) -> Int {
    switch dimension {
    case 2: unsafe withKernel(Dimension<2>.self) { unsafe $0.orientation(of: vertices) }
    case 3: unsafe withKernel(Dimension<3>.self) { unsafe $0.orientation(of: vertices) }
    case 4: unsafe withKernel(Dimension<4>.self) { unsafe $0.orientation(of: vertices) }
    case 5: unsafe withKernel(Dimension<5>.self) { unsafe $0.orientation(of: vertices) }
    default: unsafe withKernel(Dimension<6>.self) { unsafe $0.orientation(of: vertices) }
    }
  }

  private mutating func link(_ ids: [Int32], _ vertices: [Int32]) {
    let stamps = ids.map { _ in store.takeStamp() }
    switch dimension {
    case 2: unsafe withKernel(Dimension<2>.self) { unsafe $0.link(ids, vertices, stamps) }
    case 3: unsafe withKernel(Dimension<3>.self) { unsafe $0.link(ids, vertices, stamps) }
    case 4: unsafe withKernel(Dimension<4>.self) { unsafe $0.link(ids, vertices, stamps) }
    case 5: unsafe withKernel(Dimension<5>.self) { unsafe $0.link(ids, vertices, stamps) }
    default: unsafe withKernel(Dimension<6>.self) { unsafe $0.link(ids, vertices, stamps) }
    }
  }

  /// Calls `body` with the inner loops on the triangulation's memory, which it must not keep.
  @inline(__always)
  mutating func withKernel<let D: Int, R>(
    _: Dimension<D>.Type, _ body: (TriangulationKernel<D>) -> R
  ) -> R {
    let ties = ties
    return unsafe coordinates.withUnsafeBufferPointer { coordinates in
      unsafe scratch.withUnsafeMutableBufferPointer { scratch in
        unsafe store.withMemory { memory in
          unsafe body(
            TriangulationKernel<D>(
              memory, coordinates: coordinates.baseAddress!, scratch: scratch.baseAddress!,
              ties: ties))
        }
      }
    }
  }

  /// Ends a sheet: its simplices, found from one of them, are gone. ``removed`` then holds the
  /// finite ones.
  package mutating func removeSheet(of id: Int32) {
    var all: [Int32] = []
    appendSheet(of: id, to: &all)
    removed.removeAll(keepingCapacity: true)
    unsafe store.readMemory { memory in
      for id in all where unsafe memory.infiniteSlot(id) < 0 { removed.append(id) }
    }
    store.free(all)
  }

  /// The finite simplices of a sheet, found from one of them. O(their number)
  package mutating func simplices(inSheetOf id: Int32) -> [Int32] {
    var all: [Int32] = []
    appendSheet(of: id, to: &all)
    return unsafe store.readMemory { memory in
      all.filter { unsafe memory.infiniteSlot($0) < 0 }
    }
  }

  /// Appends all simplices of a sheet, ghosts included. O(their number)
  mutating func appendSheet(of id: Int32, to ids: inout [Int32]) {
    nextMark()
    let round = mark
    let dimension = dimension
    var next = ids.count
    ids.append(id)
    unsafe store.withMemory { memory in
      unsafe memory.setMark(id, 2 * round)
      while next < ids.count {
        let neighbors = unsafe memory.neighbors(ids[next])
        for slot in 0...dimension {
          let neighbor = unsafe neighbors[slot]
          guard unsafe memory.mark(neighbor) != 2 * round else { continue }
          unsafe memory.setMark(neighbor, 2 * round)
          ids.append(neighbor)
        }
        next += 1
      }
    }
  }
}

/// A dimension as a type, by which the kernel is chosen.
enum Dimension<let D: Int> {}
