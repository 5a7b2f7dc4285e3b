import AdaptiveCore
import Geometry

extension LearnerND {
  private enum Field {
    static let range = "range_of_losses"
    static let corners = "early_corners"
    static let outside = "outside"
  }

  /// The range of values with which all losses were last computed; and the corners that had been
  /// given up when they became vertices: vertex and corner in turn; and, by adaptive's rules, the
  /// points that divide nothing.
  package func snapshot() -> LearnerSnapshot {
    var idle: [Double] = []
    if settings.isCompatible {
      // Only by adaptive's rules does it count when a point was asked.
      for slot in outside { idle += register.coordinates(of: Int(dividers.number(slot))) }
    }
    return LearnerSnapshot(fields: [
      .init(Field.range, .doubles([range.reference])),
      .init(Field.outside, .doubles(idle)),
      .init(
        Field.corners, .integers(earlyCorners.flatMap { [Int64($0.vertex), Int64($0.corner)] })),
    ])
  }

  /// The learner whose snapshot was taken: it asks what that one would have asked, for ever.
  ///
  /// Points are inserted in an order in which neighbours follow each other, except by adaptive's
  /// rules, by which the order of telling counts.
  ///
  /// - Complexity: O(n log n)
  package init(
    restoring settings: LearnerNDSettings, _ record: LearnerRecord, valueCount: Int
  ) throws(LearnerError) {
    try record.check(dimension: settings.dimension, valueCount: valueCount)
    try self.init(settings, valueCount: valueCount)
    let saved = try record.snapshot.doubles(Field.range)
    guard saved.count == 1, saved[0] >= 0 else {
      throw LearnerError(.badSnapshot, "the range of losses is one number from 0, not \(saved)")
    }
    let early = try earlyCorners(record.snapshot)
    guard !settings.isCompatible else {
      try replay(record, early)
      return
    }
    try restoreVertices(record, early)
    range.reference = saved[0]
    triangulateAll()
    try restoreDividers(record)
    settle()
  }

  /// Tells everything again.
  private mutating func replay(
    _ record: LearnerRecord, _ early: [(vertex: Int32, corner: Int)]
  ) throws(LearnerError) {
    let (dimension, valueCount) = (dimension, valueCount)
    var waiting = early[...]
    func failEarly() {
      while let next = waiting.first, Int(next.vertex) == triangulation.vertexCount {
        waiting.removeFirst()
        tellFailed(Array(domain.corners[next.corner]).span)
      }
    }
    failEarly()
    record.results.forEachSegment { segment in
      let (points, values) = (segment.points.span, segment.values.span)
      for index in segment.seconds.indices {
        tell(
          points.extracting(index * dimension..<(index + 1) * dimension),
          value: values.extracting(index * valueCount..<(index + 1) * valueCount))
        failEarly()
      }
    }
    let idle = try record.snapshot.doubles(Field.outside)
    let idlePoints = stride(from: 0, to: idle.count - idle.count % dimension, by: dimension)
      .map { idle[$0..<$0 + dimension] }
    for index in 0..<record.failed.count {
      isPlacing = !idlePoints.contains(record.failed[index])
      record.failed.withPoint(index) { tellFailed($0) }
    }
    for index in 0..<record.pending.count {
      let before = pendingCount
      isPlacing = !idlePoints.contains(record.pending[index])
      record.pending.withPoint(index) { tellPending($0) }
      guard pendingCount > before else { throw taken(record.pending[index]) }
    }
    isPlacing = true
  }

  private func taken(_ point: ArraySlice<Double>) -> LearnerError {
    LearnerError(
      .badSnapshot, "the pending point \(Array(point)) is known, failed or pending already")
  }

  private func earlyCorners(
    _ snapshot: LearnerSnapshot
  ) throws(LearnerError) -> [(vertex: Int32, corner: Int)] {
    let saved = try snapshot.integers(Field.corners)
    var early: [(vertex: Int32, corner: Int)] = []
    for index in stride(from: 0, to: saved.count - saved.count % 2, by: 2) {
      guard let vertex = Int32(exactly: saved[index]), vertex >= early.last?.vertex ?? 0,
        let corner = Int(exactly: saved[index + 1]),
        (0..<domain.corners.count).contains(corner)
      else {
        throw LearnerError(.badSnapshot, "\(saved) are no vertices and corners in turn")
      }
      early.append((vertex, corner))
    }
    return early
  }

  /// All known points of the domain as vertices, in the order in which they became some.
  private mutating func restoreVertices(
    _ record: LearnerRecord, _ early: [(vertex: Int32, corner: Int)]
  ) throws(LearnerError) {
    let none = [Double](repeating: .nan, count: valueCount)
    var place = InlineArray<8, Double>(repeating: 0)
    var waiting = early[...]
    func addEarly() {
      while let next = waiting.first, Int(next.vertex) == triangulation.vertexCount {
        waiting.removeFirst()
        guard domain.corners.withPoint(next.corner, { domain.place($0, &place) }) else { return }
        _ = addVertex(place, none.span)
        missing.append(next.vertex)
      }
    }
    addEarly()
    earlyCorners = early
    record.results.forEachSegment { segment in
      let (points, values) = (segment.points.span, segment.values.span)
      for index in segment.seconds.indices {
        let point = points.extracting(index * dimension..<(index + 1) * dimension)
        let value = values.extracting(index * valueCount..<(index + 1) * valueCount)
        guard register.tell(point), domain.place(point, &place), domain.contains(place) else {
          continue
        }
        _ = range.add(value)
        let corner = early.isEmpty ? nil : cornerNumber(point)
        if let corner, let known = early.first(where: { $0.corner == corner }) {
          restoreValue(known.vertex, value)
        } else {
          _ = addVertex(place, value)
        }
        addEarly()
      }
    }
    guard waiting.isEmpty else {
      throw LearnerError(.badSnapshot, "vertex \(waiting[0].vertex) is beyond all results")
    }
  }

  private mutating func restoreValue(_ vertex: Int32, _ value: Span<Double>) {
    // A corner may come before the vertex that holds its place.
    guard Int(vertex) < triangulation.vertexCount else { return }
    for index in value.indices { values[Int(vertex) * valueCount + index] = value[index] }
    missing.removeAll { $0 == vertex }
  }

  /// Triangulates all vertices at once and computes all losses.
  private mutating func triangulateAll() {
    let all = Array(0..<Int32(triangulation.vertexCount))
    guard let basis = triangulation.independentVertices(of: all),
      let start = triangulation.start(basis)
    else { return }
    root = start
    for vertex in triangulation.spatialOrder() where !basis.contains(vertex) {
      if triangulation.insert(vertex, near: root) == .inserted {
        root = triangulation.created.first ?? root
      }
    }
    losses = Array(repeating: 0, count: triangulation.simplexIndexEnd)
    groupOf = Array(repeating: -1, count: triangulation.simplexIndexEnd)
    updateAllLosses()
  }

  private mutating func restoreDividers(_ record: LearnerRecord) throws(LearnerError) {
    for index in 0..<record.failed.count {
      record.failed.withPoint(index) { point in
        let number = register.add(point)
        guard register.state(number) == .waiting else { return }
        register.set(number, .failed)
        if cornerNumber(point) == nil { divide(by: number, point) }
      }
    }
    for index in 0..<record.pending.count {
      let isNew = record.pending.withPoint(index) { point in
        let number = register.add(point)
        guard register.state(number) == .waiting else { return false }
        register.set(number, .pending)
        divide(by: number, point)
        return true
      }
      guard isNew else { throw taken(record.pending[index]) }
    }
  }
}
