/// What an insertion works on: reused from one to the next.
struct Cavity: Sendable {
  /// A facet between the cavity and what stays: of a simplex that goes, opposite a slot.
  struct Facet: Sendable {
    var simplex: Int32
    var slot: Int32
  }

  /// The simplices that conflict with the new point, ghosts included, connected by facets.
  var dead: [Int32] = []
  var rim: [Facet] = []
  /// One for each facet of the rim.
  var born: [Int32] = []
  var stamps: [UInt32] = []

  /// Simplices that stay although they conflict; only the rule of tolerance needs that.
  var kept: [Int32] = []

  init() {}
}

extension Triangulation {
  /// What an insertion did.
  package enum Outcome: Sendable, Equatable {
    case inserted
    /// There is a vertex at the same place already; nothing has changed.
    case duplicate
  }

  /// Inserts a vertex into the sheet of `simplex`. ``removed`` and ``created`` then say what
  /// changed.
  ///
  /// - Parameters:
  ///   - vertex: one that belongs to no simplex of the sheet.
  ///   - simplex: where to begin, best one that holds the point or whose sphere does: then nothing
  ///     is searched.
  /// - Complexity: O(simplices removed and made) once a simplex in conflict is found.
  package mutating func insert(_ vertex: Int32, near simplex: Int32) -> Outcome {
    switch dimension {
    case 2: insert(vertex, near: simplex, Dimension<2>.self)
    case 3: insert(vertex, near: simplex, Dimension<3>.self)
    case 4: insert(vertex, near: simplex, Dimension<4>.self)
    case 5: insert(vertex, near: simplex, Dimension<5>.self)
    default: insert(vertex, near: simplex, Dimension<6>.self)
    }
  }

  private mutating func insert<let D: Int>(
    _ vertex: Int32, near simplex: Int32, _ type: Dimension<D>.Type
  ) -> Outcome {
    removed.removeAll(keepingCapacity: true)
    created.removeAll(keepingCapacity: true)
    createdVertices.removeAll(keepingCapacity: true)
    guard findCavity(vertex, near: simplex, type) else { return .duplicate }
    cavity.born.removeAll(keepingCapacity: true)
    cavity.stamps.removeAll(keepingCapacity: true)
    store.allocate(cavity.rim.count, into: &cavity.born)
    for _ in cavity.born { cavity.stamps.append(store.takeStamp()) }
    fillCavity(vertex, type)
    store.free(cavity.dead)
    hierarchy?.noteInsertion(of: vertex, created: created, createdVertices, coordinates)
    if hierarchy?.isIdle == true { hierarchy = nil }
    return .inserted
  }

  /// Collects the simplices in conflict, from the first one found. False for a duplicate.
  private mutating func findCavity<let D: Int>(
    _ vertex: Int32, near simplex: Int32, _ type: Dimension<D>.Type
  ) -> Bool {
    nextMark()
    cavity.kept.removeAll(keepingCapacity: true)
    let round = mark
    let isExact = ties == .symbolic
    var cavity = exchangeCavity(Cavity())
    let start = unsafe withKernel(type) {
      unsafe $0.start(vertex, near: simplex, mustHold: !isExact)
    }
    if start >= 0 {
      unsafe withKernel(type) { unsafe $0.collect($0.point(vertex), from: start, round, &cavity) }
    }
    _ = exchangeCavity(cavity)
    guard start >= 0 else { return false }
    if !isExact { mendCavity(vertex, from: start, type) }
    return true
  }

  /// Moves the lists out, so that they are changed in place.
  private mutating func exchangeCavity(_ other: Cavity) -> Cavity {
    var other = other
    swap(&cavity, &other)
    return other
  }

  /// A mark that no simplex carries; all are cleared when the numbers run out.
  mutating func nextMark() {
    if mark > UInt32.max / 2 - 2 {
      mark = 0
      let count = store.count
      unsafe store.withMemory { memory in
        for id in 0..<count { unsafe memory.setMark(Int32(truncatingIfNeeded: id), 0) }
      }
    }
    mark += 1
  }

  private mutating func fillCavity<let D: Int>(_ vertex: Int32, _ type: Dimension<D>.Type) {
    let cavity = exchangeCavity(Cavity())
    unsafe withKernel(type) { unsafe $0.fill(vertex, cavity) }
    unsafe store.readMemory { memory in
      for id in cavity.dead where unsafe memory.infiniteSlot(id) < 0 { removed.append(id) }
      isHullChanged = removed.count < cavity.dead.count
      for id in cavity.born where unsafe memory.infiniteSlot(id) < 0 {
        created.append(id)
        for slot in 0...D { unsafe createdVertices.append(memory.vertices(id)[slot]) }
      }
    }
    _ = exchangeCavity(cavity)
  }

  /// Makes a cavity that the rule of tolerance chose star-shaped, simplex by simplex, so that no
  /// new simplex turns over and no vertex is lost.
  private mutating func mendCavity<let D: Int>(
    _ vertex: Int32, from start: Int32, _ type: Dimension<D>.Type
  ) {
    var cavity = exchangeCavity(Cavity())
    while true {
      let flaw = unsafe withKernel(type) { unsafe $0.flaw(vertex, cavity, start: start) }
      guard flaw >= 0 else { break }
      nextMark()
      let round = mark
      cavity.kept.append(flaw)
      unsafe withKernel(type) { unsafe $0.collect($0.point(vertex), from: start, round, &cavity) }
    }
    _ = exchangeCavity(cavity)
  }
}
