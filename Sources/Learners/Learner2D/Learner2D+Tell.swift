import AdaptiveCore
import Geometry

extension Learner2D {
  package mutating func tell(_ point: Span<Double>, value: Span<Double>) {
    precondition(point.count == 2 && value.count == valueCount)
    let number = register.add(point)
    guard register.state(number) != .known else { return }
    let wasFailed = register.state(number) == .failed
    register.set(number, .known)
    toldNumbers.append(Int32(number))
    guard domain.contains(point) else { return }
    let isOutgrown = addToRange(value)
    guard isBounded else {
      earlyNumbers.append(Int32(number))
      for index in value.indices { earlyValues.append(value[index]) }
      skipTakenCorners()
      addIfNew(number)
      if settings.isCompatible, vertex(number, in: vertices) >= 0 {
        all.setInitialValue(vertices[number], value)
      }
      finishCorners()
      return
    }
    if wasFailed, vertex(number, in: knownVertices) >= 0 {
      fillCorner(number, value)
    } else {
      learn(number, value)
    }
    if isOutgrown { takeRange() }
    known.settle()
    all.settleSometime()
  }

  package mutating func tellPending(_ point: Span<Double>) {
    precondition(point.count == 2)
    let number = register.add(point)
    guard register.state(number) == .waiting else { return }
    takeFromStack(point)
    register.set(number, .pending)
    guard domain.contains(point) else { return }
    skipTakenCorners()
    addIfNew(number)
  }

  package mutating func tellFailed(_ point: Span<Double>) {
    precondition(point.count == 2)
    let number = register.add(point)
    let state = register.state(number)
    guard state != .known, state != .failed else { return }
    register.set(number, .failed)
    failedNumbers.append(Int32(number))
    guard domain.contains(point) else { return }
    skipTakenCorners()
    addIfNew(number)
    finishCorners()
  }

  func vertex(_ number: Int, in vertices: [Int32]) -> Int32 {
    number < vertices.count ? vertices[number] : -1
  }

  /// The place of a registered point.
  func place(_ number: Int) -> InlineArray<2, Double> {
    let point = register.coordinates(of: number)
    let both: InlineArray<2, Double> = [point[point.startIndex], point[point.startIndex + 1]]
    return domain.place(both.span)
  }

  // MARK: - Beginning

  /// Begins to triangulate: all corners have been taken up.
  mutating func begin() {
    for corner in 0..<4 {
      guard let number = register.find(domain.corner(corner).span) else { return }
      addVertex(number)
    }
    for number in 0..<register.count
    where register.state(number) != .waiting && vertex(number, in: vertices) < 0 {
      let point = Array(register.coordinates(of: number))
      if domain.contains(point.span) { addVertex(number) }
    }
    if settings.isCompatible { takeEarlyValues() }
    all.begin()
    all.updateAllLosses()
  }

  /// By adaptive's rules values count at once, beside zeros for what is not known.
  mutating func takeEarlyValues() {
    for (index, number) in earlyNumbers.enumerated() {
      let value = Array(earlyValues[index * valueCount..<(index + 1) * valueCount])
      all.setInitialValue(vertices[Int(number)], value.span)
    }
  }

  /// Adds a vertex without a value to `all`.
  private mutating func addVertex(_ number: Int) {
    addVertex(number, [Double](repeating: 0, count: valueCount))
  }

  mutating func addVertex(_ number: Int, _ value: [Double]) {
    while vertices.count <= number { vertices.append(-1) }
    vertices[number] = all.addVertex(place(number), value.span)
    numbers.append(Int32(number))
  }

  /// Adds a point to `all`, if that is there and the point is not.
  private mutating func addIfNew(_ number: Int) {
    guard nextCorner == 4, vertex(number, in: vertices) < 0 else { return }
    addGuest(number, near: -1)
  }

  /// Once the last corner is told or given up, all values count.
  mutating func finishCorners() {
    guard !isBounded, nextCorner == 4, (0..<4).allSatisfy({ isSettled(corner: $0) }) else { return }
    isBounded = true
    let corners = (0..<4).map { register.find(domain.corner($0).span) ?? 0 }
    let missing = missingCornerValue(corners)
    for number in corners {
      let value = earlyValue(number) ?? missing
      addKnown(number, value.span)
    }
    for (index, number) in earlyNumbers.enumerated() where !corners.contains(Int(number)) {
      let value = Array(earlyValues[index * valueCount..<(index + 1) * valueCount])
      addKnown(Int(number), value.span)
    }
    earlyNumbers = []
    earlyValues = []
    known.begin()
    for (vertex, number) in numbers.enumerated() {
      let own = self.vertex(Int(number), in: knownVertices)
      if own >= 0 {
        all.setValue(Int32(vertex), Array(known.value(own)).span)
      } else {
        addToHome(Int(number), near: -1)
        all.setValue(Int32(vertex), interpolation(Int(number)).span)
      }
    }
    known.markAllDirty()
    takeRange()
    known.settle()
  }

  private func isSettled(corner: Int) -> Bool {
    guard let number = register.find(domain.corner(corner).span) else { return false }
    let state = register.state(number)
    return state == .known || state == .failed
  }

  private func earlyValue(_ number: Int) -> [Double]? {
    guard let index = earlyNumbers.firstIndex(of: Int32(number)) else { return nil }
    return Array(earlyValues[index * valueCount..<(index + 1) * valueCount])
  }

  /// What corners that failed count as: the mean of the others; 0 if there is none.
  private func missingCornerValue(_ corners: [Int]) -> [Double] {
    let values = corners.compactMap { earlyValue($0) }
    return (0..<valueCount).map { component in
      let finite = values.map { $0[component] }.filter(\.isFinite)
      return finite.isEmpty ? 0 : finite.reduce(0) { $0 + $1 / Double(finite.count) }
    }
  }

  mutating func addKnown(_ number: Int, _ value: Span<Double>) {
    while knownVertices.count <= number { knownVertices.append(-1) }
    knownVertices[number] = known.addVertex(place(number), value)
  }

  // MARK: - Values

  /// - Returns: whether all losses must be computed anew.
  mutating func addToRange(_ value: Span<Double>) -> Bool {
    // Values with infinities in them count as little as NaN.
    for index in value.indices where !value[index].isFinite { return false }
    return range.add(value)
  }

  private mutating func takeRange() {
    known.setRange(range.reference, factor: range.factor)
    all.setRange(range.reference, factor: range.factor)
  }

  /// Makes a known vertex of a point.
  private mutating func learn(_ number: Int, _ value: Span<Double>) {
    let near = guests.home(Int32(number))
    addKnown(number, value)
    guests.remove(Int32(number))
    let vertex = knownVertices[number]
    let start = near >= 0 ? near : known.triangleNear(known.place(vertex))
    if known.insert(vertex, near: start) { moveGuests() }
    if self.vertex(number, in: vertices) >= 0 {
      all.setValue(vertices[number], value)
    } else {
      addVertex(number)
      _ = all.insert(vertices[number], near: all.triangleNear(all.place(vertices[number])))
      all.setValue(vertices[number], value)
    }
  }

  /// Gives the guests of the triangles that the last insertion removed a home in the new ones.
  private mutating func moveGuests() {
    var homeless: [Int32] = []
    for triangle in known.triangulation.removed { guests.append(triangle, to: &homeless) }
    guard !homeless.isEmpty else { return }
    homeless.sort()
    for guest in homeless {
      guests.remove(guest)
      addToHome(Int(guest), near: known.triangulation.created.first ?? known.root)
      update(Int(guest))
    }
  }

  /// The value of a corner that had been given up.
  private mutating func fillCorner(_ number: Int, _ value: Span<Double>) {
    let corner = knownVertices[number]
    known.setValue(corner, value)
    all.setValue(vertices[number], value)
    var around: [Int32] = []
    var triangles: [Int32] = []
    known.triangulation.appendRing(
      of: corner, from: known.incident[Int(corner)], vertices: &around, simplices: &triangles)
    var inside: [Int32] = []
    for triangle in triangles { guests.append(triangle, to: &inside) }
    for guest in inside.sorted() { update(Int(guest)) }
  }

  /// Adds a point without a value to `all`, which is settled before: so it does not matter whether
  /// points were asked or told to be pending.
  ///
  /// - Parameter near: a triangle of `all` at or near it, or -1.
  mutating func addGuest(_ number: Int, near: Int32) {
    all.settle()
    let start = near >= 0 ? near : all.triangleNear(place(number))
    // One of its corners says where to look among the known points.
    let corner = all.triangulation.isFinite(start) ? all.corners(start)[0] : 0
    addVertex(number)
    if isBounded {
      addToHome(number, near: home(ofVertex: corner))
      all.setInitialValue(vertices[number], interpolation(number).span)
    }
    _ = all.insert(vertices[number], near: start)
  }

  /// A known triangle at a vertex of `all`.
  private func home(ofVertex vertex: Int32) -> Int32 {
    let number = Int(numbers[Int(vertex)])
    let own = self.vertex(number, in: knownVertices)
    return own >= 0 ? known.incident[Int(own)] : guests.home(Int32(number))
  }

  mutating func addToHome(_ number: Int, near: Int32) {
    let place = place(number)
    let start = near >= 0 ? near : known.triangleNear(place)
    let found = known.triangulation.locate(place.span, from: start)
    guests.add(Int32(number), to: found.simplex)
  }

  /// Has a guest follow the plane that its triangle spans now.
  private mutating func update(_ number: Int) {
    let value = interpolation(number)
    let vertex = vertices[number]
    // Rounding, such as that between two triangles at whose edge it lies, is no change.
    let isSame = all.value(vertex).elementsEqual(value) { old, new in
      (new - old).magnitude <= 1e-12 * range.reference || (new.isNaN && old.isNaN)
    }
    if !isSame { all.setValue(vertex, value.span) }
  }

  /// The values that the known triangle around a guest has at its place.
  private func interpolation(_ number: Int) -> [Double] {
    let corners = known.corners(guests.home(Int32(number)))
    let place = place(number)
    let (a, b, c) = (
      known.place(corners[0]), known.place(corners[1]), known.place(corners[2])
    )
    let (bx, by, cx, cy) = (b[0] - a[0], b[1] - a[1], c[0] - a[0], c[1] - a[1])
    let (x, y) = (place[0] - a[0], place[1] - a[1])
    let whole = bx * cy - by * cx
    let (second, third) = ((x * cy - y * cx) / whole, (bx * y - by * x) / whole)
    let first = 1 - second - third
    return (0..<valueCount).map { component in
      let values = corners.indices.map { slot in
        known.values[Int(corners[slot]) * valueCount + component]
      }
      return first * values[0] + second * values[1] + third * values[2]
    }
  }
}
