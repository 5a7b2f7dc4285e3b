package import AdaptiveCore

/// A parent's children: how many points each may hold and holds, and which of them can take more.
///
/// Children with nothing to do stand in one queue and those with room in another, so that the leaf
/// that needs a point first gets it first, in constant time.
package struct ChildTable: Sendable {
  /// A child's place in the table.
  package struct Index: Hashable, Sendable {
    var position: Int32
  }

  struct Child {
    let rank: Rank
    var window: Int32 = 0
    var outstanding: Int32 = 0
    var stamp = Instant.origin
    var stampArrived = Instant.origin
    var isDrained = false
    var hasStopped = false
    /// It was sent to another parent, and has yet to answer what it holds of this one.
    var isLeaving = false
    /// It held points when it was looked at, and has not answered since.
    var silentSince: Instant?
    /// It was silent for too long.
    var isGivenUp = false
    /// It was lost, or has another parent now.
    var isGone = false
    /// It has said how many points it wants, if only none.
    var hasSpoken = false
    var statistics = NodeStatistics()
    var queue: Queue?
    var next: Int32 = -1
    var previous: Int32 = -1

    var free: Int { max(0, Int(window) - Int(outstanding)) }

    var takesPoints: Bool { window > 0 || !hasSpoken }
  }

  enum Queue: Int { case starving, hungry }

  private struct Ends {
    var first: Int32 = -1
    var last: Int32 = -1
    var count = 0
  }

  var children: [Child]
  /// Places of the children in ascending order of their ranks.
  private var order: [Int32]
  private var starving = Ends()
  private var hungry = Ends()

  /// Points that all children together may still receive.
  package private(set) var freeCredit = 0

  /// The sum of what the children want to hold.
  package private(set) var windows = 0

  /// Points that were sent to children and not answered yet.
  package private(set) var outstanding = 0

  var drainedCount = 0
  private var stoppedCount = 0
  private var goneCount = 0
  private var leavingCount = 0
  private var movedCount = 0

  /// Children that take points, or have not said yet whether they do.
  private var takingCount: Int

  package init(_ ranks: [Rank]) {
    children = []
    order = []
    takingCount = 0
    for rank in ranks { insert(rank) }
  }

  /// Takes in a child that its parent before has sent here. Takes time in proportion to the number
  /// of children.
  package mutating func insert(_ rank: Rank) {
    let place = place(of: rank)
    invariant(
      place == order.count || children[Int(order[place])].rank != rank,
      "rank \(rank.number) is a child already")
    order.insert(Int32(children.count), at: place)
    children.append(Child(rank: rank))
    takingCount += 1
  }

  package var count: Int { children.count }

  /// Children that an order can reach: neither lost nor sent away.
  package var ranks: [Rank] {
    children.compactMap { $0.isGone || $0.isLeaving ? nil : $0.rank }
  }

  package var presentCount: Int { children.count - goneCount - leavingCount }

  /// Children that can take points.
  package var readyCount: Int { starving.count + hungry.count }

  /// The child that needs a point first; nil if none has room.
  package var firstReady: Index? {
    let first = starving.count > 0 ? starving.first : hungry.first
    return first < 0 ? nil : Index(position: first)
  }

  /// The first of the children that are here, in the order in which they came. Takes time in
  /// proportion to the number of children.
  package var firstPresent: Index? {
    children.firstIndex { !$0.isGone && !$0.isLeaving }.map { Index(position: Int32($0)) }
  }

  /// Children that have obeyed the order to stop, or were lost.
  package var stoppedHereCount: Int { stoppedCount - movedCount }

  /// True if no child will ever take a point again.
  package var noneTakesPoints: Bool { takingCount == 0 }

  /// True of a child that was lost or has left.
  package func isGone(_ index: Index) -> Bool { children[Int(index.position)].isGone }

  package var allDrained: Bool { drainedCount == children.count }

  package var allStopped: Bool { stoppedCount == children.count }

  /// True if a child that can take points has none at all.
  package var anyStarving: Bool { starving.count > 0 }

  package var statistics: NodeStatistics {
    children.reduce(into: NodeStatistics()) { $0 += $1.statistics }
  }

  /// The child of that rank; a message from anybody else is an error of the program.
  package func index(of rank: Rank) -> Index {
    guard let index = find(rank) else {
      invariant(false, "a message came from rank \(rank.number), which is no child")
      return Index(position: 0)
    }
    return index
  }

  /// The child of that rank; nil if there is none.
  package func find(_ rank: Rank) -> Index? {
    // Leaves of one sub-master have consecutive ranks.
    let guess = rank.number - (children.first?.rank.number ?? 0)
    if children.indices.contains(guess), children[guess].rank == rank {
      return Index(position: Int32(guess))
    }
    let place = place(of: rank)
    guard place < order.count, children[Int(order[place])].rank == rank else { return nil }
    return Index(position: order[place])
  }

  /// Where a rank stands in ``order``, or would.
  private func place(of rank: Rank) -> Int {
    var low = 0
    var high = order.count
    while low < high {
      let middle = (low + high) / 2
      if children[Int(order[middle])].rank < rank { low = middle + 1 } else { high = middle }
    }
    return low
  }

  package func rank(of index: Index) -> Rank { children[Int(index.position)].rank }
}

// MARK: - Change

extension ChildTable {
  /// Takes what a child said with its results: its window, and that it answered `count` points.
  package mutating func answered(
    _ index: Index, count: Int, _ upward: Upward, at now: Instant
  ) {
    if children[Int(index.position)].isGivenUp { takeBack(index) }
    change(index) { child in
      child.silentSince = nil
      // What it wanted before it knew that it has another parent is of no account.
      child.window = child.isLeaving ? 0 : upward.window
      child.hasSpoken = true
      child.stamp = upward.stamp
      child.stampArrived = now
      child.outstanding -= Int32(count)
      invariant(child.outstanding >= 0, "rank \(child.rank.number) answered more than it was sent")
    }
  }

  package mutating func setDrained(_ index: Index) {
    let position = Int(index.position)
    guard !children[position].isDrained else { return }
    children[position].isDrained = true
    drainedCount += 1
  }

  /// Nothing comes from this child any more, and nothing reaches it.
  ///
  /// What its leaves did stays in the statistics.
  package mutating func setLost(_ index: Index) {
    guard !isGone(index) else { return }
    setGone(index)
    children[Int(index.position)].statistics.leafCount = 0
    children[Int(index.position)].statistics.evaluatingCount = 0
    children[Int(index.position)].statistics.isolatedCount = 0
  }

  /// A child was sent to another parent, which counts it from now on. It goes on with what it
  /// holds, and takes nothing more from here.
  package mutating func setMoved(_ index: Index) {
    children[Int(index.position)].isLeaving = true
    children[Int(index.position)].statistics = NodeStatistics()
    leavingCount += 1
    movedCount += 1
    change(index) { child in
      child.window = 0
      child.hasSpoken = true
    }
  }

  package func isLeaving(_ index: Index) -> Bool { children[Int(index.position)].isLeaving }

  /// A child that was sent to another parent says that nothing more comes from it.
  package mutating func setLeft(_ index: Index) {
    invariant(isLeaving(index), "a child has left that was not sent away")
    setGone(index)
  }

  private mutating func setGone(_ index: Index) {
    setDrained(index)
    setStopped(index)
    goneCount += 1
    if isLeaving(index) { leavingCount -= 1 }
    change(index) { child in
      child.isLeaving = false
      child.isGone = true
      child.window = 0
      child.outstanding = 0
      child.hasSpoken = true
    }
  }

  package mutating func setStopped(_ index: Index) {
    let position = Int(index.position)
    guard !children[position].hasStopped else { return }
    children[position].hasStopped = true
    stoppedCount += 1
  }

  package mutating func setStatistics(_ index: Index, _ statistics: NodeStatistics) {
    children[Int(index.position)].statistics = statistics
  }

  /// Chooses who gets the next points when `available` are at hand, and how many: children without
  /// any first, each its even share. Nil if nobody has room.
  package mutating func take(available: Int) -> (child: Index, count: Int)? {
    let first = starving.count > 0 ? starving.first : hungry.first
    guard available > 0, first >= 0 else { return nil }
    let index = Index(position: first)
    // Rounded up: nobody is sent a second message for the remainder.
    let ready = starving.count + hungry.count
    let share = (available + ready - 1) / ready
    let count = min(children[Int(first)].free, share)
    change(index) { $0.outstanding += Int32(count) }
    return (index, count)
  }

  /// Chooses who gets one point that this child should not get; nil if no other has room.
  package mutating func take(avoiding avoided: Index) -> Index? {
    for ends in [starving, hungry] {
      var position = ends.first
      if position == avoided.position { position = children[Int(position)].next }
      guard position >= 0 else { continue }
      change(Index(position: position)) { $0.outstanding += 1 }
      return Index(position: position)
    }
    return nil
  }

  /// Whether any other child takes points.
  package func takesPoints(otherThan index: Index) -> Bool {
    takingCount > (children[Int(index.position)].takesPoints ? 1 : 0)
  }

  /// The echo that goes to a child with its next points.
  package func downward(to index: Index, at now: Instant) -> Downward {
    let child = children[Int(index.position)]
    return Downward(echo: child.stamp, held: now - child.stampArrived)
  }

  mutating func change(_ index: Index, _ body: (inout Child) -> Void) {
    let position = Int(index.position)
    let before = children[position]
    body(&children[position])
    let after = children[position]
    takingCount += (after.takesPoints ? 1 : 0) - (before.takesPoints ? 1 : 0)
    freeCredit += after.free - before.free
    windows += Int(after.window) - Int(before.window)
    outstanding += Int(after.outstanding) - Int(before.outstanding)
    let queue: Queue? =
      after.free == 0 ? nil : after.outstanding == 0 ? .starving : .hungry
    // Who was served goes to the end of its queue.
    if queue != before.queue || after.outstanding > before.outstanding {
      remove(index.position)
      if let queue { append(index.position, to: queue) }
    }
  }
}

// MARK: - Queues

extension ChildTable {
  private subscript(queue: Queue) -> Ends {
    get { queue == .starving ? starving : hungry }
    set { if queue == .starving { starving = newValue } else { hungry = newValue } }
  }

  private mutating func append(_ position: Int32, to queue: Queue) {
    let last = self[queue].last
    children[Int(position)].queue = queue
    children[Int(position)].previous = last
    children[Int(position)].next = -1
    if last >= 0 { children[Int(last)].next = position } else { self[queue].first = position }
    self[queue].last = position
    self[queue].count += 1
  }

  private mutating func remove(_ position: Int32) {
    let child = children[Int(position)]
    guard let queue = child.queue else { return }
    if child.previous >= 0 {
      children[Int(child.previous)].next = child.next
    } else {
      self[queue].first = child.next
    }
    if child.next >= 0 {
      children[Int(child.next)].previous = child.previous
    } else {
      self[queue].last = child.previous
    }
    self[queue].count -= 1
    children[Int(position)].queue = nil
  }
}
