package import AdaptiveCore

/// What a sub-master's children hold: of each point the attempt and the child, found by its id.
///
/// Open addressing with linear probing, deletion without tombstones (Knuth, The Art of Computer
/// Programming 3, section 6.4, algorithm R). O(1) a point; memory grows with the points held at
/// once.
package struct HeldPoints: Sendable {
  private struct Place {
    var id = PointID(0)
    var attempt = Attempt(0)
    /// The child's place among the children; -1 marks a free place.
    var holder: Int32 = -1
  }

  private var places = Array(repeating: Place(), count: 16)
  private var mask = 15
  package private(set) var count = 0

  package init() {}

  /// Notes that a child was sent this attempt of a point; an earlier one no longer counts.
  package mutating func insert(_ id: PointID, _ attempt: Attempt, holder: ChildTable.Index) {
    if 3 * (count + 1) > 2 * places.count { grow() }
    let place = find(id)
    if places[place].holder < 0 { count += 1 }
    places[place] = Place(id: id, attempt: attempt, holder: holder.position)
  }

  /// Takes an answer in; false if that child does not hold that attempt of the point.
  package mutating func remove(
    _ id: PointID, _ attempt: Attempt, holder: ChildTable.Index
  ) -> Bool {
    let place = find(id)
    guard places[place].holder == holder.position, places[place].attempt == attempt else {
      return false
    }
    free(place)
    return true
  }

  /// Takes out all that a child holds. Takes time in proportion to the most points that were held
  /// at once.
  package mutating func removeAll(
    heldBy child: ChildTable.Index
  ) -> [(id: PointID, attempt: Attempt)] {
    let lost = places.filter { $0.holder == child.position }
    for place in lost { free(find(place.id)) }
    // Slots of the root, ascending: the order does not depend on this table's history.
    return lost.map { ($0.id, $0.attempt) }.sorted { $0.id < $1.id }
  }

  private func home(_ id: PointID) -> Int {
    let mixed = (id.rawValue ^ (id.rawValue >> 32)) &* 0x9E37_79B9_7F4A_7C15
    return Int(truncatingIfNeeded: mixed >> 32) & mask
  }

  /// The place of an id, or the free one where it would go.
  private func find(_ id: PointID) -> Int {
    var place = home(id)
    while places[place].holder >= 0, places[place].id != id { place = (place + 1) & mask }
    return place
  }

  private mutating func free(_ found: Int) {
    var hole = found
    var place = hole
    while true {
      place = (place + 1) & mask
      guard places[place].holder >= 0 else { break }
      if (place - home(places[place].id)) & mask >= (place - hole) & mask {
        places[hole] = places[place]
        hole = place
      }
    }
    places[hole].holder = -1
    count -= 1
  }

  private mutating func grow() {
    let old = places
    mask = 2 * old.count - 1
    places = Array(repeating: Place(), count: mask + 1)
    for place in old where place.holder >= 0 { places[find(place.id)] = place }
  }
}
