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

  /// Looks again for the dividers that lay outside while corners of the domain were missing, where
  /// the triangulation has grown around them.
  mutating func placeOutside() {
    guard !outside.isEmpty, triangulation.isHullChanged, !settings.isCompatible else { return }
    var waiting: [Int32] = []
    swap(&waiting, &outside)
    var reached: [Int32] = []
    for slot in waiting {
      let place = dividers.point(slot)
      if triangulation.isReached(place.span.extracting(0..<dimension)) {
        reached.append(slot)
      } else {
        outside.append(slot)
      }
    }
    for slot in reached { placeDivider(slot) }
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

  private mutating func attach(
    _ slot: Int32, to holder: Triangulation.Holder, nearPart part: Int32
  ) {
    guard let group = join(slot, holder) else { return }
    if groups.isParted(group) {
      insertPart(slot, into: group, near: part >= 0 ? part : groups.part(group))
    } else {
      queueBound(group)
    }
  }

  /// Makes a divider a member of a simplex's group, which the caller must queue.
  ///
  /// - Returns: the group; nil if it has this member already.
  mutating func join(_ slot: Int32, _ holder: Triangulation.Holder) -> Int32? {
    let simplex = holder.simplex
    guard !dividers.divides(slot, simplex) else { return nil }
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
    return group
  }

  /// Takes a changed loss into the parts of a simplex, whose shares stay as they are.
  mutating func reconsider(_ group: Int32) {
    if groups.isQueued(group) {
      unqueue(partition.simplices(inSheetOf: groups.part(group)))
      groups.setQueued(group, false)
    }
    queueBound(group)
  }

  /// Queues a group whose parts are not queued.
  mutating func queueBound(_ group: Int32) {
    let simplex = groups.simplex(group)
    // A little more than any part's loss, whatever the rounding.
    let bound = rank(of: simplex) * groups.shareMax(group) * (1 + 0x1p-20)
    bounded.set(simplex, bound, triangulation.order)
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
      queueBound(group)
    }
  }

  /// Ends the group of a simplex; its dividers are somebody else's business.
  mutating func dissolve(_ group: Int32) {
    unpart(group)
    bounded.remove(groups.simplex(group), triangulation.order)
    divided.remove(groups.simplex(group), triangulation.order)
    groupOf[Int(groups.simplex(group))] = -1
    groups.remove(group)
  }

  // MARK: - Parts

  /// Finds out what is asked next: makes and queues the parts of all groups that may come first.
  ///
  /// Most groups are parted and found to have no part that large; they end without their parts ever
  /// being queued.
  mutating func settle() {
    skipTakenCorners()
    while let simplex = bounded.top {
      if let other = whole.top, other.key > simplex.key { return }
      if let part = parts.top, part.key > simplex.key { return }
      let group = groupOf[Int(simplex.item)]
      if groups.isParted(group) { queueAllParts(of: group) } else { makeParts(group) }
    }
  }

  /// Triangulates a simplex by its dividers.
  private mutating func makeParts(_ group: Int32) {
    let simplex = groups.simplex(group)
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
    guard var last = partition.start(own) else {
      // So flat in other proportions that it has no parts: it is divided no further.
      partition.removeVertices(groups.vertices(group))
      groups.endParts(of: group)
      bounded.remove(simplex, triangulation.order)
      return
    }
    var members = groups.members(group)
    if !settings.isCompatible { members.sort { dividers.precedes($0, $1) } }
    for slot in members {
      let vertex = addPartVertex(dividers.point(slot), to: group)
      guard partition.insert(vertex, near: last) == .inserted else { continue }
      last = partition.created.first ?? last
    }
    let volume = partition.volume(of: local)
    let all = partition.simplices(inSheetOf: last)
    groups.begin(group, part: last, volume: volume)
    groups.setShareMax(partition.largestVolume(of: all) / volume, of: group)
    queueBound(group)
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
    guard groups.isQueued(group) else {
      let share = partition.largestVolume(of: partition.created) / groups.volume(group)
      groups.setShareMax(max(groups.shareMax(group), share), of: group)
      return queueBound(group)
    }
    unqueue(partition.removed)
    queueParts(partition.created, of: group)
  }

  private mutating func queueAllParts(of group: Int32) {
    bounded.remove(groups.simplex(group), triangulation.order)
    groups.setQueued(group, true)
    queueParts(partition.simplices(inSheetOf: groups.part(group)), of: group)
  }

  private mutating func queueParts(_ made: [Int32], of group: Int32) {
    while groupOfPart.count < partition.simplexIndexEnd {
      groupOfPart.append(-1)
      shareOfPart.append(0)
    }
    for part in made {
      groupOfPart[Int(part)] = group
      let corners = partOrder.sorted(part)
      shareOfPart[Int(part)] = partition.volume(of: corners) / groups.volume(group)
    }
    let rank = rank(of: groups.simplex(group))
    let ties = partTies
    for part in made { parts.set(part, rank * shareOfPart[Int(part)], ties) }
  }

  private mutating func unqueue(_ gone: [Int32]) {
    let ties = partTies
    for part in gone { parts.remove(part, ties) }
  }

  /// The part's share of the loss.
  func lossOfPart(_ part: Int32) -> Double {
    losses[Int(groups.simplex(groupOfPart[Int(part)]))] * shareOfPart[Int(part)]
  }

  /// Forgets the parts of a group.
  private mutating func unpart(_ group: Int32) {
    guard groups.isParted(group) else { return }
    partition.removeSheet(of: groups.part(group))
    if groups.isQueued(group) { unqueue(partition.removed) }
    partition.removeVertices(groups.vertices(group))
    groups.endParts(of: group)
  }

  // Copies for the time of a call only: where one lives on, a change copies what it holds.
  var partOrder: PartOrder {
    PartOrder(order: partition.order, localNumbers: settings.isCompatible ? localNumbers : [])
  }

  private var partTies: PartTies {
    PartTies(
      order: triangulation.order, groups: groups, groupOfPart: groupOfPart, partOrder: partOrder)
  }

  /// Takes a part out of the queue that nobody divides any further.
  mutating func exhaust(_ part: Int32) { parts.remove(part, partTies) }

  /// Whether a part comes before a simplex without dividers.
  func precedes(_ part: Int32, simplex: Int32) -> Bool {
    triangulation.order.precedes(groups.simplex(groupOfPart[Int(part)]), simplex)
  }
}

// MARK: - Ties

extension SimplexOrder: RankTies {}

/// Parts in the order of their simplices, then of their vertices.
struct PartTies: RankTies {
  let order: SimplexOrder
  let groups: GroupTable
  let groupOfPart: [Int32]
  let partOrder: PartOrder

  func precedes(_ a: Int32, _ b: Int32) -> Bool {
    let (first, second) = (groupOfPart[Int(a)], groupOfPart[Int(b)])
    guard first == second else {
      return order.precedes(groups.simplex(first), groups.simplex(second))
    }
    return partOrder.precedes(a, b)
  }
}

/// Parts of a simplex in the order of their vertices: by where these lie, or, as in Python
/// adaptive, by when they came.
struct PartOrder {
  let order: SimplexOrder
  /// Empty where no history counts.
  let localNumbers: [Int32]

  func precedes(_ a: Int32, _ b: Int32) -> Bool {
    guard !localNumbers.isEmpty else { return order.precedes(a, b) }
    let (mine, theirs) = (sorted(a), sorted(b))
    for slot in 0...order.dimension where mine[slot] != theirs[slot] {
      return localNumbers[Int(mine[slot])] < localNumbers[Int(theirs[slot])]
    }
    return false
  }

  /// The vertices of a part in this order.
  func sorted(_ part: Int32) -> InlineArray<8, Int32> {
    var corners = InlineArray<8, Int32>(repeating: 0)
    order.sortVertices(of: part, into: &corners)
    guard !localNumbers.isEmpty else { return corners }
    for index in 1...order.dimension {
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
