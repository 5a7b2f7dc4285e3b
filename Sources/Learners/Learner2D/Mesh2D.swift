import Geometry

/// Points of a rectangle with values, triangulated; losses of the triangles, the largest at hand.
///
/// After an insertion or a changed value, only what that changed is computed anew: see
/// ``settle()``.
struct Mesh2D: Sendable {
  let loss: Loss2D
  let valueCount: Int
  let isComplex: Bool
  /// What coordinates are multiplied by in losses.
  let scale: Double
  /// False where all losses are computed when they are needed: see ``recompute(_:)``.
  let isIncremental: Bool

  var triangulation = Triangulation(dimension: 2)
  /// Any triangle; negative while there is none.
  private(set) var root: Int32 = -1

  /// By vertex, `valueCount` each.
  private(set) var values: [Double] = []
  /// By vertex, two for each of its values, of values as they are.
  var gradients: [Double] = []
  /// By vertex, how far its gradient may be off what its neighbours make of it.
  var residuals: [Double] = []
  /// By vertex: a triangle that has it; -1 for a vertex at the place of another one.
  private(set) var incident: [Int32] = []

  /// By triangle.
  private(set) var losses: [Double] = []
  private(set) var queue = SimplexQueue(isDecimal: false)
  /// Triangles that nobody divides any further.
  private(set) var exhausted = SimplexQueue(isDecimal: false)

  /// The range of values that losses and tolerances go by; 0 while there is none.
  private(set) var range = 0.0
  private(set) var factor = 1.0

  /// What the last changes left to do.
  var dirty: [Int32] = []
  private var fresh: [Int32] = []
  var edges = GradientEdges()
  var scratch: [Int32] = []
  private var mark: UInt32 = 0
  private var marks: [UInt32] = []

  init(loss: Loss2D, valueCount: Int, isComplex: Bool, scale: Double, isIncremental: Bool) {
    self.isIncremental = isIncremental
    self.loss = loss
    self.valueCount = valueCount
    self.isComplex = isComplex
    self.scale = scale
  }

  var vertexCount: Int { triangulation.vertexCount }

  func value(_ vertex: Int32) -> ArraySlice<Double> {
    values[Int(vertex) * valueCount..<(Int(vertex) + 1) * valueCount]
  }

  func place(_ vertex: Int32) -> InlineArray<2, Double> {
    [triangulation.coordinates[2 * Int(vertex)], triangulation.coordinates[2 * Int(vertex) + 1]]
  }

  func corners(_ triangle: Int32) -> TriangleLoss.Corners {
    var sorted = InlineArray<8, Int32>(repeating: 0)
    triangulation.sortVertices(of: triangle, into: &sorted)
    return [sorted[0], sorted[1], sorted[2]]
  }

  // MARK: - Change

  /// Adds a vertex that belongs to no triangle yet.
  mutating func addVertex(_ place: InlineArray<2, Double>, _ value: Span<Double>) -> Int32 {
    for index in value.indices {
      values.append(value[index])
      gradients.append(0)
      gradients.append(0)
    }
    residuals.append(0)
    incident.append(-1)
    return triangulation.addVertex(place.span)
  }

  /// Triangulates all vertices at once; the first four are the corners of the rectangle.
  mutating func begin() {
    guard let first = triangulation.start([0, 1, 2]) else { return }
    root = first
    for vertex in triangulation.spatialOrder() where vertex > 2 {
      if triangulation.insert(vertex, near: root) == .inserted {
        root = triangulation.created.first ?? root
      }
    }
    losses = Array(repeating: 0, count: triangulation.simplexIndexEnd)
    marks = Array(repeating: 0, count: triangulation.simplexIndexEnd)
    for triangle in 0..<Int32(triangulation.simplexIndexEnd) where triangulation.isFinite(triangle)
    {
      let corners = corners(triangle)
      for slot in corners.indices { incident[Int(corners[slot])] = triangle }
    }
  }

  /// Puts a vertex into the triangulation; false if there is one at its place.
  ///
  /// - Parameter near: a triangle that holds it; any other, or -1, if none is known.
  mutating func insert(_ vertex: Int32, near: Int32) -> Bool {
    let start = triangulation.isFinite(near) ? near : root
    guard triangulation.insert(vertex, near: start) == .inserted else { return false }
    root = triangulation.created.first ?? root
    for triangle in triangulation.removed {
      queue.remove(triangle, triangulation.order)
      if exhausted.count > 0 { exhausted.remove(triangle, triangulation.order) }
    }
    while losses.count < triangulation.simplexIndexEnd {
      losses.append(0)
      marks.append(0)
    }
    for (index, triangle) in triangulation.created.enumerated() {
      fresh.append(triangle)
      for slot in 3 * index..<3 * index + 3 {
        let corner = triangulation.createdVertices[slot]
        incident[Int(corner)] = triangle
        dirty.append(corner)
      }
    }
    return true
  }

  /// The value of a vertex that was just added.
  mutating func setInitialValue(_ vertex: Int32, _ value: Span<Double>) {
    for index in value.indices { values[Int(vertex) * valueCount + index] = value[index] }
  }

  mutating func setValue(_ vertex: Int32, _ value: Span<Double>) {
    for index in value.indices { values[Int(vertex) * valueCount + index] = value[index] }
    guard incident[Int(vertex)] >= 0, root >= 0 else { return }
    var around: [Int32] = [vertex]
    triangulation.appendRing(
      of: vertex, from: incident[Int(vertex)], vertices: &around, simplices: &fresh)
    dirty += around
  }

  /// Divides a triangle no further: no point is left in it.
  mutating func exhaust(_ triangle: Int32) {
    queue.remove(triangle, triangulation.order)
    exhausted.set(triangle, rank(of: triangle), triangulation.order)
  }

  /// Takes a triangle out of the queue for a while: see ``enqueue(_:)``.
  mutating func withdraw(_ triangle: Int32) { queue.remove(triangle, triangulation.order) }

  mutating func enqueue(_ triangle: Int32) {
    queue.set(triangle, rank(of: triangle), triangulation.order)
  }

  /// Has gradients be computed anew everywhere.
  mutating func markAllDirty() { dirty = Array(0..<Int32(vertexCount)) }

  /// A triangle near a point that is near nothing known.
  mutating func triangleNear(_ place: InlineArray<2, Double>) -> Int32 {
    triangulation.simplexNear(place.span, in: root)
  }

  /// Takes another range of values, and computes all losses with it. O(n)
  mutating func setRange(_ range: Double, factor: Double) {
    self.range = range
    self.factor = factor
    if root >= 0, isIncremental { updateAllLosses() }
  }

  /// The range of values of a restored mesh, whose losses are computed later.
  mutating func restoreRange(_ range: Double, factor: Double) {
    self.range = range
    self.factor = factor
  }

  mutating func restoreGradients(
    _ gradients: [Double], _ residuals: [Double]
  ) throws(LearnerError) {
    guard gradients.count == self.gradients.count, residuals.count == self.residuals.count else {
      throw LearnerError(
        .badSnapshot,
        "\(gradients.count) numbers of gradients for \(vertexCount) points, and "
          + "\(residuals.count) residuals")
    }
    self.gradients = gradients
    self.residuals = residuals
  }

  /// Computes everything from nothing by adaptive's rules: gradients in the given order of
  /// vertices, and losses with the range of all values. O(n)
  mutating func recompute(_ order: [Int32]) {
    var widest = 0.0
    for component in 0..<valueCount {
      var (least, most) = (Double.infinity, -Double.infinity)
      for vertex in order {
        let value = values[Int(vertex) * valueCount + component]
        least = min(least, value)
        most = max(most, value)
      }
      if most > least { widest = max(widest, most - least) }
    }
    restoreRange(widest, factor: widest > 0 ? 1 / widest : 1)
    if loss.needsGradients { sweepGradients(order) }
    updateAllLosses()
  }

  // MARK: - Losses

  /// Computes what the changes since the last time have changed: gradients, as far as they move,
  /// and the losses of the triangles there.
  mutating func settle() {
    guard isIncremental else {
      dirty.removeAll(keepingCapacity: true)
      fresh.removeAll(keepingCapacity: true)
      return
    }
    guard !isSettled else { return }
    var fresh: [Int32] = []
    swap(&fresh, &self.fresh)
    if loss.needsGradients { relax(&fresh) }
    dirty.removeAll(keepingCapacity: true)
    nextMark()
    updateLosses(fresh)
    fresh.removeAll(keepingCapacity: true)
    swap(&fresh, &self.fresh)
  }

  /// Whether nothing has changed since ``settle()``.
  var isSettled: Bool { dirty.isEmpty }

  /// Settles if what has changed is more than should be put off.
  mutating func settleSometime() {
    if dirty.count > Self.dirtyMax { settle() }
  }

  private static let dirtyMax = 4096

  /// This mesh, settled. O(n) if it is not
  func settled() -> Mesh2D {
    guard !isSettled else { return self }
    var copy = self
    copy.settle()
    return copy
  }

  private mutating func nextMark() {
    if mark == .max {
      marks = Array(repeating: 0, count: marks.count)
      mark = 0
    }
    mark += 1
  }

  /// Computes the losses of triangles that are still there, each once.
  private mutating func updateLosses(_ triangles: [Int32]) {
    // Taken out, so that they are changed in place.
    var (losses, marks): ([Double], [UInt32]) = ([], [])
    var queue = SimplexQueue(isDecimal: false)
    swap(&losses, &self.losses)
    swap(&marks, &self.marks)
    swap(&queue, &self.queue)
    let order = triangulation.order
    let kernel = kernel
    let (allCoordinates, allValues) = (triangulation.coordinates, values)
    let allGradients = gradients
    let (coordinates, values) = (allCoordinates.span, allValues.span)
    let gradients = allGradients.span
    let hasExhausted = exhausted.count > 0
    for triangle in triangles where marks[Int(triangle)] != mark {
      guard triangulation.isFinite(triangle) else { continue }
      marks[Int(triangle)] = mark
      let loss = kernel.evaluate(
        corners(triangle), coordinates: coordinates, values: values, gradients: gradients)
      losses[Int(triangle)] = loss
      let rank = loss == .infinity ? kernel.area(corners(triangle), coordinates) * 0x1p900 : loss
      if hasExhausted, exhausted.contains(triangle) {
        exhausted.set(triangle, rank, order)
      } else {
        queue.set(triangle, rank, order)
      }
    }
    swap(&losses, &self.losses)
    swap(&marks, &self.marks)
    swap(&queue, &self.queue)
  }

  private var kernel: TriangleLoss {
    TriangleLoss(
      loss: loss, valueCount: valueCount, isComplex: isComplex, scale: scale, factor: factor)
  }

  private func computeLoss(_ triangle: Int32) -> Double {
    kernel.evaluate(
      corners(triangle), coordinates: triangulation.coordinates.span, values: values.span,
      gradients: gradients.span)
  }

  /// Computes all losses and queues all triangles anew. O(n)
  mutating func updateAllLosses() {
    let wasExhausted = exhausted
    queue.removeAll()
    exhausted.removeAll()
    var ranks: [(item: Int32, rank: Double)] = []
    var others: [(item: Int32, rank: Double)] = []
    for triangle in 0..<Int32(losses.count) where triangulation.isFinite(triangle) {
      losses[Int(triangle)] = computeLoss(triangle)
      if wasExhausted.contains(triangle) {
        others.append((triangle, rank(of: triangle)))
      } else {
        ranks.append((triangle, rank(of: triangle)))
      }
    }
    queue.fill(ranks, triangulation.order)
    exhausted.fill(others, triangulation.order)
  }

  /// What ranks a triangle: its loss; more than any loss where that is infinite, the largest first.
  private func rank(of triangle: Int32) -> Double {
    let loss = losses[Int(triangle)]
    guard loss == .infinity else { return loss }
    return kernel.area(corners(triangle), triangulation.coordinates.span) * 0x1p900
  }

  /// The largest loss; infinite while there is no triangle.
  var largestLoss: Double {
    guard let first = queue.top else {
      return exhausted.top.map { losses[Int($0.item)] } ?? .infinity
    }
    guard let other = exhausted.top, other.key > first.key else { return losses[Int(first.item)] }
    return losses[Int(other.item)]
  }
}
