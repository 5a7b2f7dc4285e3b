import AdaptiveCore
import Geometry

/// Losses of simplices, and what becomes of them when a vertex comes.
extension LearnerND {
  /// What ranks a simplex: its loss; its volume where that is no number, and more than any loss
  /// where it is infinite, the largest first.
  func rank(of simplex: Int32) -> Double {
    let loss = settings.isCompatible ? rankedLosses[Int(simplex)] : losses[Int(simplex)]
    guard !loss.isFinite else { return loss }
    let volume = SimplexMeasures.volume(corners(of: simplex).span, dimension: dimension)
    return loss.isNaN ? volume : volume * 0x1p900
  }

  private func corners(of simplex: Int32) -> [Double] {
    var corners = InlineArray<8, Int32>(repeating: 0)
    triangulation.sortVertices(of: simplex, into: &corners)
    return (0...dimension).flatMap { corner in
      triangulation.coordinates[
        Int(corners[corner]) * dimension..<(Int(corners[corner]) + 1) * dimension]
    }
  }

  /// Takes in what the last insertion did to the triangulation.
  ///
  /// - Parameter slot: the divider that became a vertex, or negative.
  mutating func replaceSimplices(dividedBy slot: Int32) {
    var homeless = withdrawRemoved(dividedBy: slot)
    while losses.count < triangulation.simplexIndexEnd {
      losses.append(0)
      groupOf.append(-1)
      if settings.isCompatible { rankedLosses.append(0) }
    }
    computeLosses(triangulation.created, areNew: true)
    if triangulation.isHullChanged { addBordering(&homeless) }
    if !homeless.isEmpty { house(&homeless) }
    queueCreated()
    if settings.loss.needsNeighbors { updateNeighbors() }
    placeOutside()
  }

  /// Takes removed simplices out of the queues.
  ///
  /// - Returns: the dividers that they leave, each as often as it divided one.
  private mutating func withdrawRemoved(dividedBy slot: Int32) -> [Int32] {
    var homeless: [Int32] = []
    let order = triangulation.order
    for simplex in triangulation.removed {
      let group = groupOf[Int(simplex)]
      guard group >= 0 else {
        whole.remove(simplex, order)
        if exhausted.count > 0 { exhausted.remove(simplex, order) }
        continue
      }
      for member in groups.members(group) {
        dividers.removeSimplex(simplex, from: member)
        if member != slot { homeless.append(member) }
      }
      dissolve(group)
    }
    return homeless
  }

  private mutating func queueCreated() {
    let order = triangulation.order
    for simplex in triangulation.created where groupOf[Int(simplex)] < 0 {
      whole.set(simplex, rank(of: simplex), order)
    }
  }

  /// Adds the dividers of simplices that stay beside new ones: where the hull has grown, they may
  /// lie on what was its boundary.
  private func addBordering(_ homeless: inout [Int32]) {
    guard divided.count > 0, !settings.isCompatible else { return }
    var beside: [Int32] = []
    var unused: [Int32] = []
    for simplex in triangulation.created {
      triangulation.appendNeighbors(of: simplex, to: &beside, opposite: &unused)
    }
    for simplex in beside where simplex >= 0 && groupOf[Int(simplex)] >= 0 {
      homeless += groups.members(groupOf[Int(simplex)])
    }
  }

  /// Finds the new simplices that dividers of removed ones divide.
  private mutating func house(_ homeless: inout [Int32]) {
    // Each once, although it may have divided several.
    homeless.sort()
    var kept = 0
    for slot in homeless where kept == 0 || homeless[kept - 1] != slot {
      homeless[kept] = slot
      kept += 1
    }
    homeless.removeLast(homeless.count - kept)
    let created = triangulation.created
    for slot in homeless {
      let place = dividers.point(slot)
      for simplex in created {
        let holder = triangulation.holder(simplex, of: place.span.extracting(0..<dimension))
        if let holder { _ = join(slot, holder) }
      }
      if dividers.home(slot) < 0 { placeDivider(slot) }
    }
    for simplex in created where groupOf[Int(simplex)] >= 0 { queueBound(groupOf[Int(simplex)]) }
  }

  /// Recomputes the losses of the simplices beside new ones.
  private mutating func updateNeighbors() {
    let created = triangulation.created
    let outer = settings.isCompatible ? neighborsByAdaptivesRule() : neighborsOfNew()
    computeLosses(outer, areNew: false)
    for simplex in outer where !created.contains(simplex) { requeue(simplex) }
  }

  private func neighborsOfNew() -> [Int32] {
    let created = triangulation.created
    var beside: [Int32] = []
    var unused: [Int32] = []
    for simplex in created {
      triangulation.appendNeighbors(of: simplex, to: &beside, opposite: &unused)
    }
    beside.sort()
    var previous: Int32 = -1
    var outer: [Int32] = []
    for simplex in beside where simplex >= 0 && simplex != previous {
      previous = simplex
      if !created.contains(simplex) { outer.append(simplex) }
    }
    return outer
  }

  /// The simplices all of whose vertices but one belong to new simplices, whether they share a
  /// facet with one or not. Neighbours without another vertex keep the loss they had.
  private mutating func neighborsByAdaptivesRule() -> [Int32] {
    let created = triangulation.created
    guard let first = created.first else { return [] }
    var vertices = triangulation.createdVertices.sorted()
    var kept = 0
    for vertex in vertices where kept == 0 || vertices[kept - 1] != vertex {
      vertices[kept] = vertex
      kept += 1
    }
    vertices.removeLast(vertices.count - kept)
    return triangulation.simplices(at: vertices, from: first).filter { simplex in
      var corners: [Int32] = []
      triangulation.appendVertices(of: simplex, to: &corners)
      return corners.filter { vertices.contains($0) }.count == dimension
    }
  }

  /// Takes a changed loss into the queues.
  private mutating func requeue(_ simplex: Int32) {
    let group = groupOf[Int(simplex)]
    guard group >= 0 else {
      exhausted.remove(simplex, triangulation.order)
      whole.set(simplex, rank(of: simplex), triangulation.order)
      return
    }
    divided.set(simplex, rank(of: simplex), triangulation.order)
    reconsider(group)
  }

  /// Computes all losses with the range of now, and queues everything anew. O(n)
  mutating func updateAllLosses() {
    let all = (0..<Int32(triangulation.simplexIndexEnd)).filter { triangulation.isFinite($0) }
    computeLosses(all, areNew: true)
    whole.removeAll()
    exhausted.removeAll()
    var ranks: [(item: Int32, rank: Double)] = []
    for simplex in all where groupOf[Int(simplex)] < 0 {
      ranks.append((simplex, rank(of: simplex)))
    }
    whole.fill(ranks, triangulation.order)
    for simplex in all where groupOf[Int(simplex)] >= 0 { requeue(simplex) }
  }

  /// Computes losses with the range of now.
  ///
  /// - Parameter areNew: false where, in Python adaptive, a larger loss of before goes on ranking
  ///   the simplex.
  private mutating func computeLosses(_ simplices: [Int32], areNew: Bool) {
    switch dimension {
    case 2: computeLosses(simplices, LossDimension<2>.self)
    case 3: computeLosses(simplices, LossDimension<3>.self)
    case 4: computeLosses(simplices, LossDimension<4>.self)
    case 5: computeLosses(simplices, LossDimension<5>.self)
    default: computeLosses(simplices, LossDimension<6>.self)
    }
    guard settings.isCompatible else { return }
    for simplex in simplices {
      let loss = losses[Int(simplex)]
      let before = rankedLosses[Int(simplex)]
      rankedLosses[Int(simplex)] = areNew || !(before > loss) ? loss : before
    }
  }

  private mutating func computeLosses<let D: Int>(
    _ simplices: [Int32], _: LossDimension<D>.Type
  ) {
    let (loss, valueCount, factor) = (settings.loss, valueCount, range.factor)
    let needsNeighbors = loss.needsNeighbors
    let userLoss = settings.userLoss?.function
    // Taken out, so that they are changed in place.
    var (losses, scratch): ([Double], [Double]) = ([], [])
    swap(&losses, &self.losses)
    swap(&scratch, &self.scratch)
    defer {
      swap(&losses, &self.losses)
      swap(&scratch, &self.scratch)
    }
    let order = triangulation.order
    let coordinates = triangulation.coordinates
    unsafe scratch.withUnsafeMutableBufferPointer { scratch in
      unsafe values.withUnsafeBufferPointer { values in
        unsafe coordinates.withUnsafeBufferPointer { coordinates in
          let kernel = unsafe SimplexLoss<D>(
            loss: loss, coordinates: coordinates.baseAddress!, values: values.baseAddress!,
            valueCount: valueCount, factor: factor, scratch: scratch.baseAddress!)
          var corners = InlineArray<8, Int32>(repeating: 0)
          var opposite = InlineArray<8, Int32>(repeating: -1)
          for simplex in simplices {
            order.sortVertices(of: simplex, into: &corners)
            if needsNeighbors { order.sortOpposite(of: simplex, corners, &opposite) }
            var value = unsafe kernel.evaluate(corners, opposite: opposite)
            if let userLoss { value = unsafe UserLoss.taken(userLoss(kernel.cell(corners))) }
            if value.isNaN, !missing.isEmpty,
              (0...D).contains(where: { missing.contains(corners[$0]) })
            {
              // Beside a corner without a value, only the extent counts.
              value = unsafe kernel.volume(corners)
            }
            losses[Int(simplex)] = value
          }
        }
      }
    }
  }
}

/// A dimension as a type, by which the loss is chosen.
enum LossDimension<let D: Int> {}
