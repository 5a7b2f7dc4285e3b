/// Triangulations of fewer and fewer of the points, by which a point is found in O(log n): from the
/// nearest vertex met on one level the walk begins on the next (Devillers, *The Delaunay
/// hierarchy*, IJFCS 13(2), 2002). One in 32 points goes up a level, chosen by a hash of its
/// coordinates, so the levels, too, depend on the set of points alone.
struct LocationHierarchy: Sendable {
  /// The levels above the triangulation, the smallest last.
  private var levels: [Level] = []
  private let dimension: Int

  /// A simplex of the triangulation near each vertex, by vertex; -1 if none is known.
  private var incident: [Int32] = []

  fileprivate struct Level {
    var triangulation: Triangulation
    /// By vertex of the level, the vertex of the triangulation below.
    var below: [Int32] = []
    /// By vertex of the level, a simplex of the level.
    var incident: [Int32] = []
    /// Points held until they span a simplex.
    var waiting: [Int32] = []
    var simplex: Int32 = -1
  }

  /// Insertions since a point was last looked for: see ``isIdle``.
  private var insertionsSinceSearch = 0

  /// Levels stop growing here: 32^6 points fill them.
  private static let levelsMax = 6

  init(_ base: inout Triangulation, sheetOf simplex: Int32) {
    dimension = base.dimension
    incident = Array(repeating: -1, count: base.vertexCount)
    var ids: [Int32] = []
    base.appendSheet(of: simplex, to: &ids)
    var vertices: [Int32] = []
    for id in ids where base.isFinite(id) {
      vertices.removeAll(keepingCapacity: true)
      base.appendVertices(of: id, to: &vertices)
      for vertex in vertices { incident[Int(vertex)] = id }
    }
    for vertex in incident.indices where incident[vertex] >= 0 {
      raise(Int32(truncatingIfNeeded: vertex), base.coordinates)
    }
  }

  /// Whether so many points have come since anybody looked for one that making the hierarchy anew
  /// costs no more than keeping it did.
  var isIdle: Bool { insertionsSinceSearch > incident.count / 2 }

  /// Learns where the vertices of new simplices are.
  mutating func noteInsertion(
    of vertex: Int32, created: [Int32], _ vertices: [Int32], _ coordinates: [Double]
  ) {
    insertionsSinceSearch += 1
    while incident.count < coordinates.count / dimension { incident.append(-1) }
    for (index, id) in created.enumerated() {
      for slot in 0...dimension { incident[Int(vertices[index * (dimension + 1) + slot])] = id }
    }
    raise(vertex, coordinates)
  }

  /// A simplex of the triangulation at a vertex near the point; -1 if none is known.
  mutating func start(near point: Span<Double>) -> Int32 {
    insertionsSinceSearch = 0
    var start: Int32 = -1
    for index in levels.indices.reversed() {
      guard levels[index].simplex >= 0 else { continue }
      let from = start >= 0 ? levels[index].incident[Int(start)] : levels[index].simplex
      let id = levels[index].triangulation.locate(point, from: from).simplex
      let nearest = levels[index].triangulation.nearestCorner(of: id, to: point)
      start = levels[index].below[Int(nearest)]
    }
    return start >= 0 ? incident[Int(start)] : -1
  }

  /// Adds a vertex to the levels that its hash lets it rise to.
  private mutating func raise(_ vertex: Int32, _ coordinates: [Double]) {
    let point = Array(coordinates[Int(vertex) * dimension..<(Int(vertex) + 1) * dimension])
    var hash = Self.hash(point)
    var below = vertex
    for index in 0..<Self.levelsMax {
      guard hash & 31 == 0 else { return }
      hash >>= 5
      if index == levels.count { levels.append(Level(triangulation: .init(dimension: dimension))) }
      below = levels[index].add(point, below: below)
    }
  }

  private static func hash(_ point: [Double]) -> UInt64 {
    var hash: UInt64 = 0x9E37_79B9_7F4A_7C15
    for coordinate in point {
      hash ^= coordinate.bitPattern
      hash = (hash ^ (hash >> 30)) &* 0xBF58_476D_1CE4_E5B9
      hash = (hash ^ (hash >> 27)) &* 0x94D0_49BB_1331_11EB
      hash ^= hash >> 31
    }
    return hash
  }
}

extension LocationHierarchy.Level {
  /// Inserts a point and returns its vertex in the level.
  fileprivate mutating func add(_ point: [Double], below vertex: Int32) -> Int32 {
    let own = triangulation.addVertex(point.span)
    below.append(vertex)
    incident.append(-1)
    if simplex >= 0 {
      insert(own)
      return own
    }
    waiting.append(own)
    guard let first = triangulation.independentVertices(of: waiting) else { return own }
    simplex = triangulation.start(first) ?? -1
    for corner in first { incident[Int(corner)] = simplex }
    for other in waiting where !first.contains(other) { insert(other) }
    waiting = []
    return own
  }

  private mutating func insert(_ vertex: Int32) {
    guard triangulation.insert(vertex, near: simplex) == .inserted else { return }
    let width = triangulation.dimension + 1
    for (index, id) in triangulation.created.enumerated() {
      for slot in 0..<width {
        incident[Int(triangulation.createdVertices[index * width + slot])] = id
      }
    }
    simplex = triangulation.created.first ?? simplex
  }
}

extension Triangulation {
  /// D + 1 of the vertices that span a simplex, the first possible ones; nil if all lie in a plane.
  package mutating func independentVertices(of candidates: [Int32]) -> [Int32]? {
    var basis = AffineBasis(dimension: dimension)
    for vertex in candidates {
      let start = Int(vertex) * dimension
      if basis.add(Array(coordinates[start..<start + dimension]), vertex),
        basis.vertices.count == dimension + 1
      {
        return basis.vertices
      }
    }
    return nil
  }

  fileprivate func nearestCorner(of id: Int32, to point: Span<Double>) -> Int32 {
    var vertices: [Int32] = []
    appendVertices(of: id, to: &vertices)
    var nearest = vertices[0]
    var least = Double.infinity
    for vertex in vertices {
      var squared = 0.0
      for axis in 0..<dimension {
        let difference = coordinates[Int(vertex) * dimension + axis] - point[axis]
        squared += difference * difference
      }
      if squared < least {
        least = squared
        nearest = vertex
      }
    }
    return nearest
  }
}
