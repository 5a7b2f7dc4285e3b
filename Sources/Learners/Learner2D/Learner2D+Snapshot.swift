import AdaptiveCore
import Geometry

extension Learner2D {
  private enum Field {
    static let numbers = "numbers"
    static let range = "range_of_losses"
    static let guesses = "guesses"
    static let gradients = "gradients"
    static let residuals = "residuals"
    static let knownGradients = "known_gradients"
    static let knownResiduals = "known_residuals"
    static let unsettled = "unsettled"
    static let stack = "stack"
  }

  /// - The order in which points were first heard of: the number of every result in told order,
  ///   then of every failed, then of every pending point.
  /// - The range of values that losses go by.
  /// - Values of points without one, in the order of numbers, a NaN for the others left out.
  /// - Gradients of both meshes: they are followed only as far as they move, so that their last
  ///   digits come from all that was told.
  /// - Vertices whose surroundings have changed since a point was last asked for.
  /// - Chosen points that were not handed out yet, each with its loss.
  ///
  /// O(n)
  package func snapshot() -> LearnerSnapshot {
    let order =
      toldNumbers + stillFailed()
      + (0..<Int32(register.count)).filter { register.state(Int($0)) == .pending }
    let isIncremental = !settings.isCompatible
    return LearnerSnapshot(fields: [
      .init(Field.numbers, .integers(order.map { Int64($0) })),
      .init(Field.range, .doubles([range.reference])),
      .init(Field.guesses, .doubles(guesses())),
      .init(Field.gradients, .doubles(isIncremental ? all.gradients : [])),
      .init(Field.residuals, .doubles(isIncremental ? all.residuals : [])),
      .init(Field.knownGradients, .doubles(isIncremental ? known.gradients : [])),
      .init(Field.knownResiduals, .doubles(isIncremental ? known.residuals : [])),
      .init(Field.unsettled, .integers(isIncremental ? all.dirty.map { Int64($0) } : [])),
      .init(Field.stack, .doubles(stack.flatMap { [$0.point[0], $0.point[1], $0.loss] })),
    ])
  }

  private func stillFailed() -> [Int32] {
    failedNumbers.filter { register.state(Int($0)) == .failed }
  }

  /// The values of guests and of corners that failed.
  private func guesses() -> [Double] {
    guard isBounded else { return [] }
    var guesses: [Double] = []
    for (vertex, number) in numbers.enumerated() where register.state(Int(number)) != .known {
      guesses += all.value(Int32(vertex))
    }
    return guesses
  }

  /// The learner whose snapshot was taken: it asks what that one would have asked, for ever.
  ///
  /// - Complexity: O(n log n)
  package init(
    restoring settings: Learner2DSettings, _ record: LearnerRecord, valueCount: Int
  ) throws(LearnerError) {
    try record.check(dimension: 2, valueCount: valueCount)
    try self.init(settings, valueCount: valueCount)
    let values = try restoreRegister(record)
    let saved = try record.snapshot.doubles(Field.range)
    guard saved.count == 1, saved[0] >= 0 else {
      throw LearnerError(.badSnapshot, "the range of losses is one number from 0, not \(saved)")
    }
    restoreCorners()
    if nextCorner == 4 { try restoreMeshes(values, record.snapshot) }
    range.reference = saved[0]
    known.restoreRange(range.reference, factor: range.factor)
    all.restoreRange(isBounded ? range.reference : 0, factor: isBounded ? range.factor : 1)
    known.updateAllLosses()
    all.updateAllLosses()
    try restoreStack(record.snapshot)
  }

  /// Numbers all points as they were.
  ///
  /// - Returns: the values by number; empty for a point that has none.
  private mutating func restoreRegister(
    _ record: LearnerRecord
  ) throws(LearnerError) -> [[Double]] {
    var found = PointRegister(dimension: 2)
    var ordered: [[Double]] = []
    record.results.forEachSegment { segment in
      for index in segment.seconds.indices {
        let point = Array(segment.points[2 * index..<2 * index + 2])
        guard found.tell(point.span) else { continue }
        ordered.append(
          Array(segment.values[index * valueCount..<(index + 1) * valueCount]))
      }
    }
    let toldCount = found.count
    for index in 0..<record.failed.count { record.failed.withPoint(index) { found.tellFailed($0) } }
    let failedCount = found.count - toldCount
    for index in 0..<record.pending.count {
      let before = found.pendingCount
      record.pending.withPoint(index) { found.tellPending($0) }
      guard found.pendingCount > before else {
        throw LearnerError(
          .badSnapshot,
          "the pending point \(Array(record.pending[index])) is known, failed or pending already")
      }
    }
    let saved = try record.snapshot.integers(Field.numbers)
    var places = [Int](repeating: -1, count: found.count)
    for (place, number) in saved.enumerated() {
      guard saved.count == found.count, let number = Int(exactly: number),
        places.indices.contains(number), places[number] < 0
      else {
        throw LearnerError(
          .badSnapshot, "\(saved.count) numbers that do not put \(found.count) points in order")
      }
      places[number] = place
    }
    guard saved.count == found.count else {
      throw LearnerError(.badSnapshot, "\(saved.count) numbers for \(found.count) points")
    }
    var values = [[Double]](repeating: [], count: found.count)
    for (number, place) in places.enumerated() {
      let point = Array(found.coordinates(of: place))
      let index = register.add(point.span)
      register.set(index, found.state(place))
      if place < toldCount { values[number] = ordered[place] }
    }
    toldNumbers = saved.prefix(toldCount).map { Int32($0) }
    failedNumbers = saved[toldCount..<toldCount + failedCount].map { Int32($0) }
    for number in toldNumbers where contains(Int(number)) {
      earlyNumbers.append(number)
      let value = values[Int(number)]
      earlyValues += value
      _ = addToRange(value.span)
    }
    return values
  }

  func contains(_ number: Int) -> Bool {
    let point = Array(register.coordinates(of: number))
    return domain.contains(point.span)
  }

  /// Which corners were taken up, and whether all are settled.
  private mutating func restoreCorners() {
    var settled = 0
    while nextCorner < 4 {
      let corner = domain.corner(nextCorner)
      guard let number = register.find(corner.span) else { return }
      let state = register.state(number)
      if state == .known || state == .failed { settled += 1 }
      nextCorner += 1
    }
    isBounded = settled == 4
  }

  private mutating func restoreMeshes(
    _ values: [[Double]], _ snapshot: LearnerSnapshot
  ) throws(LearnerError) {
    let corners = (0..<4).map { register.find(domain.corner($0).span) ?? 0 }
    let others = (0..<register.count).filter { !corners.contains($0) && contains($0) }
    let guesses = try snapshot.doubles(Field.guesses)
    var nextGuess = 0
    for number in corners + others {
      var value = isBounded ? values[number] : [Double](repeating: 0, count: valueCount)
      if value.isEmpty {
        guard nextGuess + valueCount <= guesses.count else {
          throw LearnerError(.badSnapshot, "\(guesses.count) guesses are too few")
        }
        value = Array(guesses[nextGuess..<nextGuess + valueCount])
        nextGuess += valueCount
      }
      addVertex(number, value)
    }
    guard nextGuess == guesses.count else {
      throw LearnerError(.badSnapshot, "\(guesses.count) guesses instead of \(nextGuess)")
    }
    if settings.isCompatible { takeEarlyValues() }
    all.begin()
    if !settings.isCompatible {
      try all.restoreGradients(
        try snapshot.doubles(Field.gradients), try snapshot.doubles(Field.residuals))
      let unsettled = try snapshot.integers(Field.unsettled)
      guard unsettled.allSatisfy({ (0..<Int64(all.vertexCount)).contains($0) }) else {
        throw LearnerError(.badSnapshot, "an unsettled point beyond \(all.vertexCount)")
      }
      all.dirty = unsettled.map { Int32($0) }
    }
    guard isBounded else { return }
    for number in corners {
      let value = Array(all.value(vertices[number]))
      addKnown(number, value.span)
    }
    for number in toldNumbers where contains(Int(number)) && !corners.contains(Int(number)) {
      let value = values[Int(number)]
      addKnown(Int(number), value.span)
    }
    earlyNumbers = []
    earlyValues = []
    known.begin()
    if !settings.isCompatible {
      try known.restoreGradients(
        try snapshot.doubles(Field.knownGradients), try snapshot.doubles(Field.knownResiduals))
    }
    for number in numbers where vertex(Int(number), in: knownVertices) < 0 {
      addToHome(Int(number), near: -1)
    }
  }

  private mutating func restoreStack(_ snapshot: LearnerSnapshot) throws(LearnerError) {
    let saved = try snapshot.doubles(Field.stack)
    guard saved.count.isMultiple(of: 3), saved.count <= 3 * Learner2DSettings.stackCounts.upperBound
    else { throw LearnerError(.badSnapshot, "a stack of \(saved.count) numbers") }
    for start in stride(from: 0, to: saved.count, by: 3) {
      let point: InlineArray<2, Double> = [saved[start], saved[start + 1]]
      guard domain.contains(point.span) else {
        throw LearnerError(.badSnapshot, "the stack has \([point[0], point[1]]), not in the domain")
      }
      stack.append(StackEntry(point: point, loss: saved[start + 2], triangle: -1))
    }
  }
}
