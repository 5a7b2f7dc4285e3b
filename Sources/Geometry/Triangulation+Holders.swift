/// Which simplices a point divides that is no vertex: all those that hold it but for rounding.
extension Triangulation {
  /// A simplex that holds a point, and the point's largest barycentric coordinate there: the
  /// largest part's share of the volume.
  package struct Holder: Sendable, Equatable {
    package var simplex: Int32
    package var largestShare: Double
  }

  /// How far outside a simplex a point on its facet may come to lie by rounding: 64 units of the
  /// lattice.
  package static let holderTolerance = 64 * Lattice.unit

  /// A simplex that stands no higher above a facet is flat: rounding decides what lies in it, and
  /// what does lies on a facet of those beside it. It holds nothing.
  static let flatHeight = holderTolerance

  /// Finds all simplices that hold a point: that one, and others that share a facet on which the
  /// point lies. The result does not depend on which of them is given; it is none if all are flat.
  ///
  /// - Parameters:
  ///   - simplex: one that holds the point.
  ///   - holders: is replaced.
  package mutating func findHolders(
    of point: Span<Double>, from simplex: Int32, _ holders: inout [Holder]
  ) {
    switch dimension {
    case 2: findHolders(of: point, from: simplex, &holders, Dimension<2>.self)
    case 3: findHolders(of: point, from: simplex, &holders, Dimension<3>.self)
    case 4: findHolders(of: point, from: simplex, &holders, Dimension<4>.self)
    case 5: findHolders(of: point, from: simplex, &holders, Dimension<5>.self)
    default: findHolders(of: point, from: simplex, &holders, Dimension<6>.self)
    }
  }

  private mutating func findHolders<let D: Int>(
    of point: Span<Double>, from simplex: Int32, _ holders: inout [Holder],
    _ type: Dimension<D>.Type
  ) {
    holders.removeAll(keepingCapacity: true)
    cavity.dead.removeAll(keepingCapacity: true)
    nextMark()
    let round = mark
    var queue = cavity.dead
    cavity.dead = []
    queue.append(simplex)
    unsafe point.withUnsafeBufferPointer { point in
      unsafe withKernel(type) { kernel in
        let q = point.baseAddress!
        unsafe kernel.memory.setMark(simplex, 2 * round)
        var next = 0
        while next < queue.count {
          let id = queue[next]
          next += 1
          let place = unsafe kernel.place(id, q)
          guard id == simplex || place.isFlat || !(place.least < -Self.holderTolerance) else {
            continue
          }
          if !place.isFlat {
            holders.append(Holder(simplex: id, largestShare: place.largestShare))
          }
          guard place.isFlat || !(place.least >= Self.holderTolerance) else { continue }
          let first = queue.count
          unsafe kernel.appendNeighbors(
            of: id, near: q, tolerance: place.isFlat ? .infinity : Self.holderTolerance,
            to: &queue)
          var kept = first
          for index in first..<queue.count {
            let neighbor = queue[index]
            guard unsafe kernel.memory.mark(neighbor) != 2 * round else { continue }
            unsafe kernel.memory.setMark(neighbor, 2 * round)
            queue[kept] = neighbor
            kept += 1
          }
          queue.removeLast(queue.count - kept)
        }
      }
    }
    queue.removeAll(keepingCapacity: true)
    cavity.dead = queue
  }

  /// A simplex that holds a point, within the same tolerance where the point lies outside the hull;
  /// nil if none does.
  ///
  /// - Parameter simplex: where the walk to the point begins.
  package mutating func findHolder(of point: Span<Double>, from simplex: Int32) -> Int32? {
    let found = locate(point, from: simplex)
    guard found.isOutside else { return found.simplex }
    if holder(found.simplex, of: point) != nil { return found.simplex }
    switch dimension {
    case 2: return findHolderOutside(of: point, from: found.simplex, Dimension<2>.self)
    case 3: return findHolderOutside(of: point, from: found.simplex, Dimension<3>.self)
    case 4: return findHolderOutside(of: point, from: found.simplex, Dimension<4>.self)
    case 5: return findHolderOutside(of: point, from: found.simplex, Dimension<5>.self)
    default: return findHolderOutside(of: point, from: found.simplex, Dimension<6>.self)
    }
  }

  /// Looks among the simplices that the point would remove: those that it touches are among them.
  private mutating func findHolderOutside<let D: Int>(
    of point: Span<Double>, from simplex: Int32, _ type: Dimension<D>.Type
  ) -> Int32? {
    nextMark()
    let round = mark
    var around = Cavity()
    return unsafe point.withUnsafeBufferPointer { point in
      unsafe withKernel(type) { kernel in
        let q = point.baseAddress!
        let ghost = unsafe kernel.locate(q, from: simplex)
        unsafe kernel.collect(q, from: ghost, round, &around)
        var best: Int32?
        var largest = -Self.holderTolerance
        for id in around.dead where unsafe kernel.memory.infiniteSlot(id) < 0 {
          let place = unsafe kernel.place(id, q)
          let least = place.isFlat ? -Self.holderTolerance : place.least
          if least >= largest {
            largest = least
            best = id
          }
        }
        return best
      }
    }
  }

  /// Whether a simplex holds a point, within the same tolerance; nil if it does not, or is flat.
  package mutating func holder(_ simplex: Int32, of point: Span<Double>) -> Holder? {
    switch dimension {
    case 2: holder(simplex, of: point, Dimension<2>.self)
    case 3: holder(simplex, of: point, Dimension<3>.self)
    case 4: holder(simplex, of: point, Dimension<4>.self)
    case 5: holder(simplex, of: point, Dimension<5>.self)
    default: holder(simplex, of: point, Dimension<6>.self)
    }
  }

  private mutating func holder<let D: Int>(
    _ simplex: Int32, of point: Span<Double>, _ type: Dimension<D>.Type
  ) -> Holder? {
    unsafe point.withUnsafeBufferPointer { point in
      unsafe withKernel(type) { kernel in
        let place = unsafe kernel.place(simplex, point.baseAddress!)
        guard !place.isFlat, !(place.least < -Self.holderTolerance) else { return nil }
        return Holder(simplex: simplex, largestShare: place.largestShare)
      }
    }
  }
}

/// What grew around a point outside.
extension Triangulation {
  /// Whether the simplices that were just made may let a point be held that none held before: one
  /// of them holds it, within the tolerance, or is flat.
  package mutating func isReached(_ point: Span<Double>) -> Bool {
    switch dimension {
    case 2: isReached(point, Dimension<2>.self)
    case 3: isReached(point, Dimension<3>.self)
    case 4: isReached(point, Dimension<4>.self)
    case 5: isReached(point, Dimension<5>.self)
    default: isReached(point, Dimension<6>.self)
    }
  }

  private mutating func isReached<let D: Int>(
    _ point: Span<Double>, _ type: Dimension<D>.Type
  ) -> Bool {
    let created = created
    return unsafe point.withUnsafeBufferPointer { point in
      unsafe withKernel(type) { kernel in
        created.contains { simplex in
          let place = unsafe kernel.place(simplex, point.baseAddress!)
          return place.isFlat || !(place.least < -Self.holderTolerance)
        }
      }
    }
  }
}

/// Order and shape of simplices.
extension Triangulation {
  /// Whether one simplex comes before another: by their vertices in ascending order, or, with
  /// ``ordersByPlace``, by where these lie.
  package func precedes(_ a: Int32, _ b: Int32) -> Bool { order.precedes(a, b) }

  /// The vertices of a simplex in ascending order.
  package func sortVertices(of id: Int32, into sorted: inout InlineArray<8, Int32>) {
    store.sortVertices(of: id, into: &sorted)
  }

  /// Compares simplices: no more than that needs, so that it is cheap to hand around.
  package var order: SimplexOrder {
    SimplexOrder(store: store, coordinates: ordersByPlace ? coordinates : [])
  }
}

/// The order of simplices by their vertices: in ascending order, the smallest first, or by where
/// they lie.
package struct SimplexOrder: Sendable {
  fileprivate let store: SimplexStore
  /// Of the vertices, where the order is one of places; else empty.
  fileprivate let coordinates: [Double]

  package var dimension: Int { store.dimension }

  package func precedes(_ a: Int32, _ b: Int32) -> Bool {
    var first: InlineArray<8, Int32> = InlineArray(repeating: 0)
    var second: InlineArray<8, Int32> = InlineArray(repeating: 0)
    sortVertices(of: a, into: &first)
    sortVertices(of: b, into: &second)
    for slot in 0...dimension where first[slot] != second[slot] {
      return coordinates.isEmpty ? first[slot] < second[slot] : isBefore(first[slot], second[slot])
    }
    return false
  }

  /// The vertices of a simplex in this order.
  package func sortVertices(of id: Int32, into ordered: inout InlineArray<8, Int32>) {
    store.sortVertices(of: id, into: &ordered)
    guard !coordinates.isEmpty else { return }
    for index in 1...dimension {
      let vertex = ordered[index]
      var place = index
      while place > 0, isBefore(vertex, ordered[place - 1]) {
        ordered[place] = ordered[place - 1]
        place -= 1
      }
      ordered[place] = vertex
    }
  }

  /// The vertices beyond the facets of a simplex, in the order of the corners opposite to them; -1
  /// at the hull.
  ///
  /// - Parameter corners: the simplex's own, in any order.
  package func sortOpposite(
    of id: Int32, _ corners: InlineArray<8, Int32>, _ opposite: inout InlineArray<8, Int32>
  ) {
    unsafe store.readMemory { memory in
      for slot in 0...dimension {
        let neighbor = unsafe memory.neighbors(id)[slot]
        var beyond: Int32 = -1
        if unsafe memory.infiniteSlot(neighbor) < 0 {
          let back = unsafe memory.slot(of: id, in: memory.neighbors(neighbor))
          beyond = unsafe memory.vertices(neighbor)[back]
        }
        let own = unsafe memory.vertices(id)[slot]
        for corner in 0...dimension where corners[corner] == own { opposite[corner] = beyond }
      }
    }
  }

  /// By the order that breaks ties: the coarser one first, then lexicographic.
  private func isBefore(_ a: Int32, _ b: Int32) -> Bool {
    let coarseness = (coarseness(a), coarseness(b))
    if coarseness.0 != coarseness.1 { return coarseness.0 > coarseness.1 }
    for axis in 0..<dimension {
      let first = coordinates[Int(a) * dimension + axis]
      let second = coordinates[Int(b) * dimension + axis]
      if first != second { return first < second }
    }
    return false
  }

  private func coarseness(_ vertex: Int32) -> Int {
    var bits: UInt64 = 0
    for axis in 0..<dimension {
      bits |= Lattice.units(coordinates[Int(vertex) * dimension + axis]).magnitude
    }
    return bits.trailingZeroBitCount
  }
}

extension SimplexStore {
  fileprivate func sortVertices(of id: Int32, into sorted: inout InlineArray<8, Int32>) {
    unsafe readMemory { memory in
      let vertices = unsafe memory.vertices(id)
      for slot in 0...dimension {
        let vertex = unsafe vertices[slot]
        var place = slot
        while place > 0, sorted[place - 1] > vertex {
          sorted[place] = sorted[place - 1]
          place -= 1
        }
        sorted[place] = vertex
      }
    }
  }
}

/// Surroundings of simplices.
extension Triangulation {
  /// All finite simplices that have one of some vertices. O(their number)
  ///
  /// - Parameters:
  ///   - vertices: in ascending order, connected by edges.
  ///   - simplex: one that has one of the vertices.
  package mutating func simplices(at vertices: [Int32], from simplex: Int32) -> [Int32] {
    nextMark()
    let round = mark
    let dimension = dimension
    var found: [Int32] = [simplex]
    return unsafe store.withMemory { memory in
      unsafe memory.setMark(simplex, 2 * round)
      var next = 0
      while next < found.count {
        let id = found[next]
        next += 1
        for slot in 0...dimension {
          let neighbor = unsafe memory.neighbors(id)[slot]
          guard unsafe memory.mark(neighbor) != 2 * round else { continue }
          unsafe memory.setMark(neighbor, 2 * round)
          for other in 0...dimension
          where vertices.contains(unsafe memory.vertices(neighbor)[other]) {
            found.append(neighbor)
            break
          }
        }
      }
      return found.filter { unsafe memory.infiniteSlot($0) < 0 }
    }
  }

  /// All vertices in an order in which one mostly lies near the one before: along a curve through
  /// ever more of them (biased randomized insertion order; Amenta, Choi and Rote, SoCG 2003). It
  /// depends on the coordinates alone. O(n log n)
  package func spatialOrder() -> [Int32] {
    let bits = 60 / dimension
    let side = Double(1 << bits) - 1
    var keys: [(key: UInt64, vertex: Int32)] = []
    keys.reserveCapacity(vertexCount)
    for vertex in 0..<vertexCount {
      var code: UInt64 = 0
      var hash: UInt64 = 0x9E37_79B9_7F4A_7C15
      for axis in 0..<dimension {
        let x = coordinates[vertex * dimension + axis]
        code |= Self.spread(UInt64(Swift.min(Swift.max(x, 0), 1) * side), dimension) << UInt64(axis)
        hash = (hash ^ x.bitPattern) &* 0xBF58_476D_1CE4_E5B9
        hash ^= hash >> 31
      }
      // One half in the last round, one half of the rest in the round before, …
      let round = UInt64(Swift.min(hash.trailingZeroBitCount, 15))
      keys.append(((15 - round) << 60 | code, Int32(vertex)))
    }
    keys.sort { $0.key == $1.key ? $0.vertex < $1.vertex : $0.key < $1.key }
    return keys.map(\.vertex)
  }

  /// The bits of a number, `stride` apart.
  private static func spread(_ number: UInt64, _ stride: Int) -> UInt64 {
    var result: UInt64 = 0
    var rest = number
    var position = UInt64(0)
    while rest != 0 {
      result |= (rest & 1) << position
      rest >>= 1
      position += UInt64(stride)
    }
    return result
  }
}
