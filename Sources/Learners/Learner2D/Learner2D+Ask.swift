package import AdaptiveCore
import Geometry

extension Learner2D {
  package mutating func ask(
    _ count: Int, appendingTo points: inout PointBuffer, improvements: inout [Double]
  ) {
    var remaining = count
    while remaining > 0 {
      if nextCorner < 4 {
        let corner = domain.corner(nextCorner)
        points.append(corner.span)
        improvements.append(.infinity)
        tellPending(corner.span)
        remaining -= 1
        continue
      }
      if stack.isEmpty { fillStack(atLeast: remaining) }
      guard let entry = stack.popLast() else { return }
      guard isFree(entry.point) else { continue }
      points.append(entry.point.span)
      improvements.append(entry.loss)
      let number = register.add(entry.point.span)
      register.set(number, .pending)
      addGuest(number, near: entry.triangle)
      remaining -= 1
    }
  }

  /// A point of the stack is pending without having been asked here: the stack goes on as if it
  /// had been.
  mutating func takeFromStack(_ point: Span<Double>) {
    guard settings.stackCount > 1, nextCorner >= 4 else { return }
    while true {
      if stack.isEmpty { fillStack(atLeast: 1) }
      guard let next = stack.last else { return }
      if isFree(next.point), next.point[0] != point[0] || next.point[1] != point[1] { return }
      stack.removeLast()
      if next.point[0] == point[0], next.point[1] == point[1] { return }
    }
  }

  /// Goes on to the first corner of the domain that nobody has taken up, and begins to triangulate
  /// when there is none left.
  mutating func skipTakenCorners() {
    guard nextCorner < 4 else { return }
    while nextCorner < 4 {
      let corner = domain.corner(nextCorner)
      guard let number = register.find(corner.span), register.state(number) != .waiting else {
        return
      }
      nextCorner += 1
    }
    begin()
  }

  /// Chooses points in the worst triangles, one in each.
  private mutating func fillStack(atLeast missing: Int) {
    if settings.isCompatible { all.recompute(orderOfAll()) } else { all.settle() }
    // Whoever replays what was asked knows the points, and not how many were asked at once.
    let wanted =
      settings.isCompatible && settings.stackCount > 1
      ? max(missing, settings.stackCount) : settings.stackCount
    var taken: [Int32] = []
    var chosen = PointRegister(dimension: 2)
    while stack.count < wanted, let triangle = all.queue.top?.item {
      let point = division(of: triangle)
      let entry = StackEntry(point: point, loss: all.losses[Int(triangle)], triangle: triangle)
      if isFree(point), !isOccupied(point, near: triangle) {
        // The middle of an edge may be chosen in both triangles that share it.
        let count = chosen.count
        if chosen.add(point.span) == count { stack.append(entry) }
        guard wanted > 1 else { return }
        all.withdraw(triangle)
        taken.append(triangle)
      } else {
        // No point of the lattice is left in it, or somebody else has taken it.
        all.exhaust(triangle)
      }
    }
    for triangle in taken { all.enqueue(triangle) }
    stack.reverse()
  }

  /// Whether a point would fall on a corner of the triangle that it was to divide.
  private func isOccupied(_ point: InlineArray<2, Double>, near triangle: Int32) -> Bool {
    let place = domain.place(point.span)
    let corners = all.corners(triangle)
    return corners.indices.contains { slot in
      let corner = all.place(corners[slot])
      return corner[0] == place[0] && corner[1] == place[1]
    }
  }

  private func division(of triangle: Int32) -> InlineArray<2, Double> {
    let coordinates = all.triangulation.coordinates.span
    return domain.point(
      at: TriangleLoss.division(all.corners(triangle), coordinates: coordinates))
  }

  // MARK: - Adaptive's rules

  /// The order in which adaptive sweeps over vertices: known ones as they were told, then the
  /// others as they were asked. Adaptive takes these from a set of Python's, whose order is its
  /// own.
  func orderOfAll() -> [Int32] {
    let told = toldNumbers.map { vertex(Int($0), in: vertices) }.filter { $0 >= 0 }
    return told
      + (0..<Int32(numbers.count)).filter {
        register.state(Int(numbers[Int($0)])) != .known
      }
  }

  func orderOfKnown() -> [Int32] {
    toldNumbers.map { vertex(Int($0), in: knownVertices) }.filter { $0 >= 0 }
  }

  func recomputed(_ mesh: Mesh2D, _ order: [Int32]) -> Mesh2D {
    var mesh = mesh
    mesh.recompute(order)
    return mesh
  }
}
