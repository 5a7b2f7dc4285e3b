extension Triangulation {
  /// Everything wrong with the triangulation, by exact arithmetic: facets that are not shared both
  /// ways, simplices that are flat or turned over, and facets that are not Delaunay. Empty if it is
  /// sound. O(n); for tests.
  package mutating func faults() -> [String] {
    switch dimension {
    case 2: faults(Dimension<2>.self)
    case 3: faults(Dimension<3>.self)
    case 4: faults(Dimension<4>.self)
    case 5: faults(Dimension<5>.self)
    default: faults(Dimension<6>.self)
    }
  }

  private mutating func faults<let D: Int>(_ type: Dimension<D>.Type) -> [String] {
    let count = store.count
    let isExact = ties == .symbolic
    return unsafe withKernel(type) { kernel in
      var faults: [String] = []
      let memory = unsafe kernel.memory
      for id in 0..<Int32(count) where unsafe memory.stamp(id) != 0 {
        let isGhost = unsafe memory.infiniteSlot(id) >= 0
        if !isGhost,
          unsafe kernel.withCorners(id, { unsafe kernel.predicates.exactOrientation($0) }) <= 0
        {
          faults.append("simplex \(id) is flat or turned over")
        }
        for slot in 0...D {
          let neighbor = unsafe memory.neighbors(id)[slot]
          guard neighbor >= 0, neighbor < count, unsafe memory.stamp(neighbor) != 0 else {
            faults.append("simplex \(id) has no neighbour at slot \(slot)")
            continue
          }
          guard let back = unsafe kernel.sharedSlot(id, slot, neighbor) else {
            faults.append("simplices \(id) and \(neighbor) do not share a facet both ways")
            continue
          }
          let isInner = unsafe !isGhost && memory.infiniteSlot(neighbor) < 0
          guard isExact, isInner else { continue }
          if unsafe kernel.isInside(id, kernel.point(memory.vertices(neighbor)[back])) {
            faults.append("the facet of simplices \(id) and \(neighbor) is not Delaunay")
          }
        }
      }
      return faults
    }
  }

  /// All finite simplices of all sheets, each with the numbers of its vertices in ascending order.
  /// O(n log n)
  ///
  /// - Parameter numbers: by vertex; nil for the vertices themselves.
  package func allSimplices(numbers: [Int32]? = nil) -> [[Int32]] {
    let width = dimension + 1
    return unsafe store.readMemory { memory in
      (0..<Int32(store.count)).filter {
        unsafe memory.stamp($0) != 0 && memory.infiniteSlot($0) < 0
      }
      .map { id in
        (0..<width).map { slot in
          let vertex = unsafe memory.vertices(id)[slot]
          return numbers?[Int(vertex)] ?? vertex
        }.sorted()
      }
      .sorted { $0.lexicographicallyPrecedes($1) }
    }
  }

  /// The volume of all simplices, and that inside the hull's facets, times dimension! and in units
  /// of the lattice, modulo a prime: exact, however small the simplices. O(n)
  package func volumeResidues() -> (simplices: UInt64, hull: UInt64) {
    let simplices = allSimplices()
    guard let apex = simplices.first?.first else { return (0, 0) }
    var sums: (UInt64, UInt64) = (0, 0)
    unsafe store.readMemory { memory in
      for id in 0..<Int32(store.count) {
        guard unsafe memory.stamp(id) != 0, unsafe memory.infiniteSlot(id) < 0 else { continue }
        let corners = (0...dimension).map { unsafe memory.vertices(id)[$0] }
        sums.0 = PrimeField.sum(sums.0, volumeResidue(corners))
      }
    }
    for facet in hullFacets() {
      sums.1 = PrimeField.sum(sums.1, volumeResidue([apex] + facet))
    }
    return sums
  }

  private func volumeResidue(_ corners: [Int32]) -> UInt64 {
    func row(_ corner: Int32) -> [UInt64] {
      (0..<dimension).map { axis in
        PrimeField.difference(
          coordinates[Int(corner) * dimension + axis],
          coordinates[Int(corners[0]) * dimension + axis])
      }
    }
    var rows = corners.dropFirst().map(row)
    var product: UInt64 = 1
    for column in 0..<dimension {
      guard let pivot = (column..<dimension).first(where: { rows[$0][column] != 0 }) else {
        return 0
      }
      if pivot != column {
        rows.swapAt(pivot, column)
        product = PrimeField.negative(product)
      }
      product = PrimeField.product(product, rows[column][column])
      let inverse = PrimeField.inverse(rows[column][column])
      for row in (column + 1)..<max(dimension, column + 1) where rows[row][column] != 0 {
        let share = PrimeField.negative(PrimeField.product(rows[row][column], inverse))
        for axis in column..<dimension {
          rows[row][axis] = PrimeField.sum(
            rows[row][axis], PrimeField.product(share, rows[column][axis]))
        }
      }
    }
    return product
  }
}

extension Triangulation {
  /// The facets of the hull of all sheets, each in an order that makes a positive simplex of it and
  /// a vertex inside before it. O(n)
  package func hullFacets() -> [[Int32]] {
    unsafe store.readMemory { memory in
      (0..<Int32(store.count)).filter {
        unsafe memory.stamp($0) != 0 && memory.infiniteSlot($0) >= 0
      }.map { id in
        let infinite = unsafe memory.infiniteSlot(id)
        var facet: [Int32] = []
        for slot in 0...dimension where slot != infinite {
          facet.append(unsafe memory.vertices(id)[slot])
        }
        // A vertex beyond would be positive in the infinite one's slot; moving it to the front
        // changes the sign for every slot it passes.
        if infinite.isMultiple(of: 2) { facet.swapAt(0, 1) }
        return facet
      }
    }
  }
}

extension TriangulationKernel {
  /// The slot of `neighbor` across a facet of `id`, if both name each other and have the facet's
  /// vertices.
  func sharedSlot(_ id: Int32, _ slot: Int, _ neighbor: Int32) -> Int? {
    var back: Int?
    for other in 0...D where unsafe memory.neighbors(neighbor)[other] == id {
      let mine = (0...D).filter { $0 != slot }.map { unsafe memory.vertices(id)[$0] }
      let theirs = (0...D).filter { $0 != other }.map { unsafe memory.vertices(neighbor)[$0] }
      if mine.sorted() == theirs.sorted() { back = other }
    }
    return back
  }

  func isInside(_ id: Int32, _ q: UnsafePointer<Double>) -> Bool {
    unsafe withCorners(id) { unsafe predicates.exactInSphere($0, q) } > 0
  }
}
