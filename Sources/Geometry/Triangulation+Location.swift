extension Triangulation {
  /// The simplex that holds a vertex, found by walking from another one of the same sheet; a
  /// ghost's finite neighbour if the point lies outside the hull.
  ///
  /// - Complexity: O(simplices between); see ``locate(_:)`` for points that are near nothing known.
  package mutating func locate(_ vertex: Int32, from simplex: Int32) -> (
    simplex: Int32, isOutside: Bool
  ) {
    switch dimension {
    case 2: locate(vertex, from: simplex, Dimension<2>.self)
    case 3: locate(vertex, from: simplex, Dimension<3>.self)
    case 4: locate(vertex, from: simplex, Dimension<4>.self)
    case 5: locate(vertex, from: simplex, Dimension<5>.self)
    default: locate(vertex, from: simplex, Dimension<6>.self)
    }
  }

  private mutating func locate<let D: Int>(
    _ vertex: Int32, from simplex: Int32, _ type: Dimension<D>.Type
  ) -> (simplex: Int32, isOutside: Bool) {
    unsafe withKernel(type) { kernel in
      let found = unsafe kernel.locate(kernel.point(vertex), from: simplex)
      let slot = unsafe kernel.memory.infiniteSlot(found)
      return slot < 0 ? (found, false) : unsafe (kernel.memory.neighbors(found)[slot], true)
    }
  }

  /// A simplex near a vertex for ``insert(_:near:)`` or ``locate(_:from:)``, by a hierarchy of
  /// triangulations of fewer and fewer points, which is made at the first call.
  ///
  /// - Parameter simplex: any of the sheet.
  /// - Complexity: O(log n) expected; O(n) once.
  package mutating func simplexNear(_ vertex: Int32, in simplex: Int32) -> Int32 {
    var found = hierarchy ?? LocationHierarchy(self, sheetOf: simplex)
    hierarchy = nil
    defer { hierarchy = found }
    let start = unsafe coordinates.withUnsafeBufferPointer { coordinates in
      unsafe found.start(near: coordinates, vertex)
    }
    return start >= 0 && isFinite(start) ? start : simplex
  }
}

extension TriangulationKernel {
  /// Walks towards a point across facets that part it from the simplex, beginning at a facet that
  /// varies (Devillers, Pion and Teillaud, *Walking in a triangulation*, IJFCS 13(2), 2002). Ends
  /// at the simplex that holds the point, or at a ghost that sees it.
  func locate(_ q: UnsafePointer<Double>, from start: Int32) -> Int32 {
    var simplex = start
    let ghostSlot = unsafe memory.infiniteSlot(simplex)
    if ghostSlot >= 0 { simplex = unsafe memory.neighbors(simplex)[ghostSlot] }
    var previous = SimplexStore.infinite
    var turn: UInt32 = 0
    while true {
      turn = turn &* 1_664_525 &+ 1_013_904_223
      var slot = Int((turn >> 16) % UInt32(D + 1))
      var next = SimplexStore.infinite
      for _ in 0...D {
        let neighbor = unsafe memory.neighbors(simplex)[slot]
        if neighbor != previous, unsafe side(simplex, slot, of: q) < 0 {
          next = neighbor
          break
        }
        slot = slot == D ? 0 : slot + 1
      }
      guard next >= 0 else { return simplex }
      previous = simplex
      simplex = next
      if unsafe memory.infiniteSlot(simplex) >= 0 { return simplex }
    }
  }
}
