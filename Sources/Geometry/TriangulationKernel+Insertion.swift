extension TriangulationKernel {
  @inline(__always)
  func orientation(of vertices: [Int32]) -> Int {
    var corners: InlineArray<8, UnsafePointer<Double>> = unsafe InlineArray(repeating: coordinates)
    for index in 0...D { unsafe corners[index] = unsafe point(vertices[index]) }
    let span = unsafe corners.span
    return unsafe span.withUnsafeBufferPointer {
      unsafe predicates.orientation($0.baseAddress!)
    }
  }

  /// One finite simplex, `ids[0]`, and its ghosts, each positive if a point beyond its facet takes
  /// the place of its infinite vertex.
  func link(_ ids: [Int32], _ vertices: [Int32], _ stamps: [UInt32]) {
    for (index, id) in ids.enumerated() {
      unsafe memory.setMark(id, 0)
      unsafe memory.setStamp(id, stamps[index])
      let omitted = index - 1
      for slot in 0...D {
        unsafe memory.vertices(id)[slot] =
          slot == omitted ? SimplexStore.infinite : vertices[slot]
        unsafe memory.neighbors(id)[slot] = slot == omitted ? ids[0] : ids[slot + 1]
      }
      guard index > 0 else {
        unsafe storeSphere(id)
        continue
      }
      // Two other vertices change places, and with them what lies opposite.
      let first = (omitted + 1) % (D + 1)
      let second = (omitted + 2) % (D + 1)
      unsafe exchange(memory.vertices(id), first, second)
      unsafe exchange(memory.neighbors(id), first, second)
      unsafe markGhost(id, slot: omitted)
    }
  }

  private func exchange(_ slots: UnsafeMutablePointer<Int32>, _ first: Int, _ second: Int) {
    let kept = unsafe slots[first]
    unsafe slots[first] = slots[second]
    unsafe slots[second] = kept
  }

  @inline(__always)
  func markGhost(_ id: Int32, slot: Int) {
    unsafe memory.sphere(id)[D] = -1
    unsafe memory.bounds(id)[0] = Float(slot)
  }

  /// A simplex in conflict with a vertex: the given one, or one found from it; -1 for a duplicate.
  ///
  /// A duplicate conflicts with nothing: it lies on no sphere's inside, and no tie is decided for
  /// it.
  func start(_ vertex: Int32, near simplex: Int32, mustHold: Bool) -> Int32 {
    let q = unsafe point(vertex)
    if !mustHold, unsafe conflicts(simplex, q) { return simplex }
    let holder = unsafe locate(q, from: simplex)
    if unsafe isCorner(holder, q) { return -1 }
    if unsafe conflicts(holder, q) { return holder }
    // In a facet's plane beside the hull: the ghost asks the finite simplex, which may say no.
    for slot in 0...D {
      let neighbor = unsafe memory.neighbors(holder)[slot]
      if unsafe conflicts(neighbor, q) { return neighbor }
    }
    return -1
  }

  /// The simplices in conflict with a point that are connected with `start`, and the facets around
  /// them.
  @inline(__always)
  func collect(
    _ q: UnsafePointer<Double>, from start: Int32, _ round: UInt32, _ cavity: inout Cavity
  ) {
    let inside = 2 * round + 1
    let outside = 2 * round
    cavity.dead.removeAll(keepingCapacity: true)
    cavity.rim.removeAll(keepingCapacity: true)
    for id in cavity.kept { unsafe memory.setMark(id, outside) }
    unsafe memory.setMark(start, inside)
    cavity.dead.append(start)
    var next = 0
    while next < cavity.dead.count {
      let id = cavity.dead[next]
      next += 1
      let neighbors = unsafe memory.neighbors(id)
      for slot in 0...D {
        let neighbor = unsafe neighbors[slot]
        let mark = unsafe memory.mark(neighbor)
        if mark == inside { continue }
        if mark != outside {
          if unsafe conflicts(neighbor, q) {
            unsafe memory.setMark(neighbor, inside)
            cavity.dead.append(neighbor)
            continue
          }
          unsafe memory.setMark(neighbor, outside)
        }
        cavity.rim.append(.init(simplex: id, slot: Int32(truncatingIfNeeded: slot)))
      }
    }
  }

  /// Puts a simplex of the new vertex onto every facet of the rim.
  @inline(__always)
  func fill(_ vertex: Int32, _ cavity: Cavity) {
    for index in cavity.rim.indices {
      let facet = cavity.rim[index]
      let slot = Int(facet.slot)
      let id = cavity.born[index]
      let vertices = unsafe memory.vertices(id)
      let neighbors = unsafe memory.neighbors(id)
      let oldVertices = unsafe memory.vertices(facet.simplex)
      let oldNeighbors = unsafe memory.neighbors(facet.simplex)
      let outer = unsafe oldNeighbors[slot]
      var ghostSlot = -1
      for other in 0...D {
        unsafe vertices[other] = oldVertices[other]
        if unsafe oldVertices[other] == SimplexStore.infinite { ghostSlot = other }
        unsafe neighbors[other] = SimplexStore.infinite
      }
      unsafe vertices[slot] = vertex
      unsafe neighbors[slot] = outer
      unsafe memory.setMark(id, 0)
      unsafe memory.setStamp(id, cavity.stamps[index])
      let outerNeighbors = unsafe memory.neighbors(outer)
      unsafe outerNeighbors[memory.slot(of: facet.simplex, in: outerNeighbors)] = id
      // From here on the facet leads to the new simplex, as its complement.
      unsafe oldNeighbors[slot] = ~id
      if ghostSlot >= 0, ghostSlot != slot {
        unsafe markGhost(id, slot: ghostSlot)
      } else {
        unsafe storeSphere(id)
      }
    }
    for index in cavity.rim.indices {
      unsafe linkNeighbors(of: cavity.born[index], cavity.rim[index])
    }
  }

  /// Finds the new neighbours of a new simplex by turning around each ridge of its facet, through
  /// the simplices that go, until the next facet of the rim. Each pair of a removed simplex and a
  /// ridge is passed at most twice.
  @inline(__always)
  private func linkNeighbors(of id: Int32, _ facet: Cavity.Facet) {
    let own = Int(facet.slot)
    let neighbors = unsafe memory.neighbors(id)
    for ridge in 0...D where ridge != own {
      guard unsafe neighbors[ridge] == SimplexStore.infinite else { continue }
      var simplex = facet.simplex
      var pivot = unsafe memory.vertices(simplex)[own]
      var slot = ridge
      while true {
        let next = unsafe memory.neighbors(simplex)[slot]
        if next < 0 {
          let back = unsafe memory.slot(of: pivot, in: memory.vertices(simplex))
          unsafe neighbors[ridge] = ~next
          unsafe memory.neighbors(~next)[back] = id
          break
        }
        let entry = unsafe memory.slot(of: simplex, in: memory.neighbors(next))
        slot = unsafe memory.slot(of: pivot, in: memory.vertices(next))
        pivot = unsafe memory.vertices(next)[entry]
        simplex = next
      }
    }
  }

  /// A simplex that must stay so that the cavity is star-shaped and loses no vertex; -1 if none.
  func flaw(_ vertex: Int32, _ cavity: Cavity, start: Int32) -> Int32 {
    let q = unsafe point(vertex)
    var onRim: [Int32] = []
    for facet in cavity.rim {
      let id = facet.simplex
      let slot = Int(facet.slot)
      for other in 0...D where other != slot {
        unsafe onRim.append(memory.vertices(id)[other])
      }
      let ghostSlot = unsafe memory.infiniteSlot(id)
      guard id != start, ghostSlot < 0 || ghostSlot == slot else { continue }
      if ghostSlot < 0 {
        if unsafe side(id, slot, of: q) <= 0 { return id }
      } else {
        let inner = unsafe memory.neighbors(id)[slot]
        let facetSlot = unsafe memory.slot(of: id, in: memory.neighbors(inner))
        if unsafe side(inner, facetSlot, of: q) >= 0 { return id }
      }
    }
    onRim.sort()
    for id in cavity.dead where id != start {
      for slot in 0...D {
        let corner = unsafe memory.vertices(id)[slot]
        if corner != SimplexStore.infinite, unsafe !Self.contains(onRim, corner) { return id }
      }
    }
    return -1
  }

  private static func contains(_ sorted: [Int32], _ value: Int32) -> Bool {
    var low = 0
    var high = sorted.count
    while low < high {
      let middle = (low + high) / 2
      if sorted[middle] < value { low = middle + 1 } else { high = middle }
    }
    return low < sorted.count && sorted[low] == value
  }
}
