import AdaptiveCore
import Geometry

/// How points that are no vertices divide simplices.
extension LearnerND {
  /// Makes a registered point a divider.
  mutating func divide(by number: Int, _ point: Span<Double>) {
    var place = InlineArray<8, Double>(repeating: 0)
    guard domain.place(point, &place), domain.contains(place) else { return }
    let slot = addDivider(number, place)
    guard isPlacing else { return outside.append(slot) }
    if root >= 0 { placeDivider(slot) }
  }

  mutating func addDivider(_ number: Int, _ place: InlineArray<8, Double>) -> Int32 {
    while slots.count <= number { slots.append(-1) }
    let slot = dividers.add(Int32(number), at: place)
    slots[number] = slot
    return slot
  }

  /// Finds the simplices that a divider divides, wherever it lies.
  mutating func placeDivider(_ slot: Int32) {
    let place = dividers.point(slot)
    let point = place.span.extracting(0..<dimension)
    let near = triangulation.simplexNear(point, in: root)
    if let simplex = triangulation.findHolder(of: point, from: near) {
      attach(slot, around: simplex, nearPart: -1)
    } else {
      outside.append(slot)
    }
  }

  /// Looks again for the dividers that lay outside while corners of the domain were missing.
  mutating func placeOutside() {
    guard !outside.isEmpty, !settings.isCompatible else { return }
    var waiting: [Int32] = []
    swap(&waiting, &outside)
    for slot in waiting { placeDivider(slot) }
  }

  /// Has a divider divide the simplex that holds it, and those whose facets it lies on.
  ///
  /// - Parameter part: the part of the simplex that holds it; negative if that is not known.
  mutating func attach(_ slot: Int32, around simplex: Int32, nearPart part: Int32) {
    let place = dividers.point(slot)
    triangulation.findHolders(of: place.span.extracting(0..<dimension), from: simplex, &holders)
    for index in holders.indices.reversed() {
      let isNearest = holders[index].simplex == simplex
      attach(slot, to: holders[index], nearPart: isNearest ? part : -1)
    }
    if dividers.home(slot) < 0 { outside.append(slot) }
  }

  mutating func attach(_ slot: Int32, to holder: Triangulation.Holder, nearPart part: Int32) {
    let simplex = holder.simplex
    guard !dividers.simplices(slot).contains(simplex) else { return }
    var group = groupOf[Int(simplex)]
    if group < 0 {
      group = groups.add(simplex)
      groupOf[Int(simplex)] = group
      whole.remove(simplex, triangulation.order)
      exhausted.remove(simplex, triangulation.order)
      divided.set(simplex, rank(of: simplex), triangulation.order)
    }
    groups.addMember(slot, to: group, largestShare: holder.largestShare)
    dividers.addSimplex(simplex, to: slot)
    if groups.isParted(group) {
      insertPart(slot, into: group, near: part >= 0 ? part : groups.part(group))
    } else {
      queueUnparted(group)
    }
  }

  /// Takes a changed loss into the parts of a simplex.
  mutating func reconsider(_ group: Int32) {
    unpart(group)
    queueUnparted(group)
  }

  private mutating func queueUnparted(_ group: Int32) {
    // A little more than any part's loss, whatever the rounding. One divider parts the simplex
    // around itself; what several do is known once it is done.
    let share = groups.members(group).count == 1 ? groups.largestShare(group) : 1
    let bound = rank(of: groups.simplex(group)) * share * (1 + 1e-9)
    unparted.set(groups.simplex(group), bound, triangulation.order)
  }

  /// Takes a divider away from a simplex that stays.
  mutating func removeDivider(_ slot: Int32, from simplex: Int32) {
    let group = groupOf[Int(simplex)]
    guard group >= 0 else { return }
    groups.removeMember(slot, from: group)
    unpart(group)
    if groups.members(group).isEmpty {
      dissolve(group)
      whole.set(simplex, rank(of: simplex), triangulation.order)
    } else {
      queueUnparted(group)
    }
  }

  /// Ends the group of a simplex; its dividers are somebody else's business.
  mutating func dissolve(_ group: Int32) {
    unpart(group)
    unparted.remove(groups.simplex(group), triangulation.order)
    divided.remove(groups.simplex(group), triangulation.order)
    groupOf[Int(groups.simplex(group))] = -1
    groups.remove(group)
  }

  // MARK: - Parts

  /// Finds out what is asked next: makes the parts of all groups that may come first.
  mutating func settle() {
    skipTakenCorners()
    while let simplex = unparted.top {
      if let other = whole.top, other.key > simplex.key { return }
      if let part = parts.top, part.key > simplex.key { return }
      makeParts(groupOf[Int(simplex.item)])
    }
  }

  /// Triangulates a simplex by its dividers.
  private mutating func makeParts(_ group: Int32) {
    let simplex = groups.simplex(group)
    unparted.remove(simplex, triangulation.order)
    var corners = InlineArray<8, Int32>(repeating: 0)
    triangulation.sortVertices(of: simplex, into: &corners)
    var own: [Int32] = []
    var local = InlineArray<8, Int32>(repeating: 0)
    for corner in 0...dimension {
      let start = Int(corners[corner]) * dimension
      var place = InlineArray<8, Double>(repeating: 0)
      for axis in 0..<dimension { place[axis] = triangulation.coordinates[start + axis] }
      local[corner] = addPartVertex(place, to: group)
      own.append(local[corner])
    }
    guard let first = partition.start(own) else {
      // So flat in other proportions that it has no parts: it is divided no further.
      partition.removeVertices(groups.vertices(group))
      groups.endParts(of: group)
      return
    }
    groups.begin(group, part: first, volume: partition.volume(of: local))
    queueParts(of: group)
    var members = groups.members(group)
    if !settings.isCompatible { members.sort { dividers.precedes($0, $1) } }
    for slot in members { insertPart(slot, into: group, near: groups.part(group)) }
  }

  private mutating func addPartVertex(
    _ place: InlineArray<8, Double>, to group: Int32
  ) -> Int32 {
    var scaled = place
    for axis in 0..<dimension where partScale[axis] != 1 {
      scaled[axis] = Lattice.nearest(place[axis] * partScale[axis])
    }
    let vertex = partition.addVertex(scaled.span.extracting(0..<dimension))
    while localNumbers.count <= Int(vertex) { localNumbers.append(-1) }
    localNumbers[Int(vertex)] = Int32(groups.vertices(group).count)
    groups.addVertex(vertex, to: group)
    return vertex
  }

  private mutating func insertPart(_ slot: Int32, into group: Int32, near part: Int32) {
    let vertex = addPartVertex(dividers.point(slot), to: group)
    guard partition.insert(vertex, near: part) == .inserted else { return }
    groups.setPart(partition.created.first ?? part, of: group)
    for part in partition.removed { parts.remove(part, partTies) }
    queueParts(of: group)
  }

  /// Queues the parts that were just made.
  private mutating func queueParts(of group: Int32) {
    while groupOfPart.count < partition.simplexIndexEnd {
      groupOfPart.append(-1)
      lossOfPart.append(0)
    }
    let simplex = groups.simplex(group)
    let rank = rank(of: simplex)
    let loss = losses[Int(simplex)]
    let whole = groups.volume(group)
    for part in partition.created {
      groupOfPart[Int(part)] = group
      let corners = partTies.sorted(part)
      let share = partition.volume(of: corners) / whole
      lossOfPart[Int(part)] = loss * share
      parts.set(part, rank * share, partTies)
    }
  }

  /// Forgets the parts of a group.
  private mutating func unpart(_ group: Int32) {
    guard groups.isParted(group) else { return }
    partition.removeSheet(of: groups.part(group))
    for part in partition.removed { parts.remove(part, partTies) }
    partition.removeVertices(groups.vertices(group))
    groups.endParts(of: group)
  }

  // Copies for the time of a call only: where one lives on, a change copies what it holds.
  var partTies: PartTies {
    PartTies(
      groups: groups, triangulation: triangulation, partition: partition,
      groupOfPart: groupOfPart, localNumbers: settings.isCompatible ? localNumbers : [])
  }
}

// MARK: - Ties

extension SimplexOrder: RankTies {}

/// Parts in the order of their simplices, then of their vertices: by where these lie, or, as in
/// Python adaptive, by when they came.
struct PartTies: RankTies {
  let groups: GroupTable
  let triangulation: Triangulation
  let partition: Triangulation
  let groupOfPart: [Int32]
  /// Empty where no history counts.
  let localNumbers: [Int32]

  func precedes(_ a: Int32, _ b: Int32) -> Bool {
    let (first, second) = (groupOfPart[Int(a)], groupOfPart[Int(b)])
    guard first == second else {
      return triangulation.precedes(groups.simplex(first), groups.simplex(second))
    }
    guard !localNumbers.isEmpty else { return partition.precedes(a, b) }
    let (mine, theirs) = (sorted(a), sorted(b))
    for slot in 0...partition.dimension where mine[slot] != theirs[slot] {
      return localNumbers[Int(mine[slot])] < localNumbers[Int(theirs[slot])]
    }
    return false
  }

  /// The vertices of a part in this order.
  func sorted(_ part: Int32) -> InlineArray<8, Int32> {
    var corners = InlineArray<8, Int32>(repeating: 0)
    guard !localNumbers.isEmpty else {
      partition.placeVertices(of: part, into: &corners)
      return corners
    }
    partition.sortVertices(of: part, into: &corners)
    for index in 1...partition.dimension {
      let vertex = corners[index]
      var place = index
      while place > 0, localNumbers[Int(vertex)] < localNumbers[Int(corners[place - 1])] {
        corners[place] = corners[place - 1]
        place -= 1
      }
      corners[place] = vertex
    }
    return corners
  }
}
