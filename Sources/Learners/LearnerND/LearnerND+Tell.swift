import AdaptiveCore
import Geometry

extension LearnerND {
  package mutating func tell(_ point: Span<Double>, value: Span<Double>) {
    precondition(point.count == dimension && value.count == valueCount)
    let number = register.add(point)
    guard register.state(number) != .known else { return }
    let wasFailed = register.state(number) == .failed
    register.set(number, .known)
    let slot = takeSlot(number)
    defer { settle() }
    var place = InlineArray<8, Double>(repeating: 0)
    guard domain.place(point, &place), domain.contains(place) else { return drop(slot) }
    if wasFailed, let corner = earlyCorner(point) {
      return fill(corner, value)
    }
    let vertex = addVertex(place, value)
    let isOutgrown = range.add(value)
    // Adaptive does so before the new simplices are there, whose neighbours keep these losses, too.
    if isOutgrown, settings.isCompatible { updateAllLosses() }
    insert(vertex, place, near: slot >= 0 ? dividers.home(slot) : -1, dividedBy: slot)
    drop(slot)
    if isOutgrown, !settings.isCompatible { updateAllLosses() }
  }

  package mutating func tellPending(_ point: Span<Double>) {
    precondition(point.count == dimension)
    let number = register.add(point)
    guard register.state(number) == .waiting else { return }
    register.set(number, .pending)
    divide(by: number, point)
    settle()
  }

  package mutating func tellFailed(_ point: Span<Double>) {
    precondition(point.count == dimension)
    let number = register.add(point)
    let state = register.state(number)
    guard state != .known, state != .failed else { return }
    register.set(number, .failed)
    defer { settle() }
    if let corner = cornerNumber(point) { return giveUp(corner, number) }
    if state == .waiting { divide(by: number, point) }
  }

  /// Adds a vertex that the triangulation does not hold yet.
  mutating func addVertex(_ place: InlineArray<8, Double>, _ value: Span<Double>) -> Int32 {
    for index in value.indices { values.append(value[index]) }
    return triangulation.addVertex(place.span.extracting(0..<dimension))
  }

  /// Puts a vertex into the triangulation, or begins one.
  ///
  /// - Parameters:
  ///   - home: a simplex that holds it; negative if none is known.
  ///   - slot: of the divider at its place, or negative.
  mutating func insert(
    _ vertex: Int32, _ place: InlineArray<8, Double>, near home: Int32, dividedBy slot: Int32
  ) {
    guard root >= 0 else { return begin() }
    let point = place.span.extracting(0..<dimension)
    let near = home >= 0 ? home : triangulation.simplexNear(point, in: root)
    guard triangulation.insert(vertex, near: near) == .inserted else { return }
    root = triangulation.created.first ?? root
    replaceSimplices(dividedBy: slot)
  }

  /// The first triangulation, as soon as the known points lie in no common plane.
  private mutating func begin() {
    let all = Array(0..<Int32(triangulation.vertexCount))
    guard let basis = triangulation.independentVertices(of: all) else { return }
    let order = settings.isCompatible ? firstOrder(basis, all) : (basis, all)
    guard let start = triangulation.start(order.0) else { return }
    root = start
    outside = dividers.slotsInOrder()
    replaceSimplices(dividedBy: -1)
    for vertex in order.1 where !order.0.contains(vertex) {
      guard triangulation.insert(vertex, near: root) == .inserted else { continue }
      root = triangulation.created.first ?? root
      replaceSimplices(dividedBy: -1)
    }
  }

  /// The order of insertion that ends at Qhull's choice of diagonals where the first points are the
  /// first corners of a box: with it adaptive begins.
  private func firstOrder(
    _ basis: [Int32], _ all: [Int32]
  ) -> (start: [Int32], others: [Int32]) {
    guard case .box = settings.domain, all.count == 1 << (dimension - 1) + 1 else {
      return (basis, all)
    }
    switch dimension {
    case 3: return ([0, 1, 2, 4], [3])
    case 4: return ([0, 1, 2, 7, 8], [5, 6, 3, 4])
    default: return (basis, all)
    }
  }

  /// The slot of a point that is a divider no more; -1 if it was none.
  private mutating func takeSlot(_ number: Int) -> Int32 {
    guard number < slots.count else { return -1 }
    let slot = slots[number]
    slots[number] = -1
    return slot
  }

  /// Forgets a divider, and undivides the simplices that it still divides.
  private mutating func drop(_ slot: Int32) {
    guard slot >= 0 else { return }
    outside.removeAll { $0 == slot }
    for simplex in dividers.simplices(slot) { removeDivider(slot, from: simplex) }
    dividers.remove(slot)
  }

  /// The number of the domain's corner at a point.
  func cornerNumber(_ point: Span<Double>) -> Int? {
    (0..<domain.corners.count).first { number in
      let corner = domain.corners[number]
      return point.indices.allSatisfy { corner[corner.startIndex + $0] == point[$0] }
    }
  }

  /// The vertex of a corner that was given up before.
  private func earlyCorner(_ point: Span<Double>) -> Int32? {
    guard let corner = cornerNumber(point) else { return nil }
    return earlyCorners.first { $0.corner == corner }?.vertex
  }

  /// A corner without a value bounds the domain all the same.
  private mutating func giveUp(_ corner: Int, _ number: Int) {
    let slot = takeSlot(number)
    var place = InlineArray<8, Double>(repeating: 0)
    let isPlaced = domain.corners.withPoint(corner) { domain.place($0, &place) }
    guard isPlaced else { return drop(slot) }
    let none = [Double](repeating: .nan, count: valueCount)
    let vertex = addVertex(place, none.span)
    missing.append(vertex)
    earlyCorners.append((vertex, corner))
    insert(vertex, place, near: slot >= 0 ? dividers.home(slot) : -1, dividedBy: slot)
    drop(slot)
  }

  /// The value of a corner that had been given up.
  private mutating func fill(_ vertex: Int32, _ value: Span<Double>) {
    for index in value.indices { values[Int(vertex) * valueCount + index] = value[index] }
    missing.removeAll { $0 == vertex }
    _ = range.add(value)
    updateAllLosses()
  }
}
