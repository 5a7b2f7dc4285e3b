extension Triangulation {
  /// The simplex that holds a point, found by walking from another one of the same sheet; a ghost's
  /// finite neighbour if the point lies outside the hull.
  ///
  /// - Complexity: O(simplices between); see ``simplexNear(_:in:)`` for points that are near
  ///   nothing known.
  package mutating func locate(
    _ point: Span<Double>, from simplex: Int32
  ) -> (simplex: Int32, isOutside: Bool) {
    switch dimension {
    case 2: locate(point, from: simplex, Dimension<2>.self)
    case 3: locate(point, from: simplex, Dimension<3>.self)
    case 4: locate(point, from: simplex, Dimension<4>.self)
    case 5: locate(point, from: simplex, Dimension<5>.self)
    default: locate(point, from: simplex, Dimension<6>.self)
    }
  }

  private mutating func locate<let D: Int>(
    _ point: Span<Double>, from simplex: Int32, _ type: Dimension<D>.Type
  ) -> (simplex: Int32, isOutside: Bool) {
    precondition(point.count == D)
    return unsafe point.withUnsafeBufferPointer { point in
      unsafe withKernel(type) { kernel in
        let found = unsafe kernel.locate(point.baseAddress!, from: simplex)
        let slot = unsafe kernel.memory.infiniteSlot(found)
        return slot < 0 ? (found, false) : unsafe (kernel.memory.neighbors(found)[slot], true)
      }
    }
  }

  /// A simplex near a point for ``insert(_:near:)`` or ``locate(_:from:)``, by a hierarchy of
  /// triangulations of fewer and fewer points, which is made at the first call.
  ///
  /// - Parameter simplex: any of the sheet.
  /// - Complexity: O(log n) expected; O(n) once.
  package mutating func simplexNear(_ point: Span<Double>, in simplex: Int32) -> Int32 {
    var found = hierarchy ?? LocationHierarchy(&self, sheetOf: simplex)
    hierarchy = nil
    let start = found.start(near: point)
    hierarchy = found
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
    for _ in unsafe 0..<Self.stepsMax {
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
    return unsafe search(q, from: simplex)
  }

  /// A walk that is longer goes round in circles, which it can where the rule of tolerance has left
  /// facets that are not Delaunay.
  private static var stepsMax: Int { 1_000_000 }

  /// Looks into one simplex after another. O(n)
  private func search(_ q: UnsafePointer<Double>, from start: Int32) -> Int32 {
    var isSeen: Set<Int32> = [start]
    var queue: [Int32] = [start]
    var next = 0
    while next < queue.count {
      let simplex = queue[next]
      next += 1
      if (0...D).allSatisfy({ unsafe side(simplex, $0, of: q) >= 0 }) { return simplex }
      for slot in 0...D {
        let neighbor = unsafe memory.neighbors(simplex)[slot]
        if unsafe memory.infiniteSlot(neighbor) < 0, isSeen.insert(neighbor).inserted {
          queue.append(neighbor)
        }
      }
    }
    return start
  }
}
