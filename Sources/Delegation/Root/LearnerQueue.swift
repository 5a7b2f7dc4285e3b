/// Learners that may be asked, in the order in which ``Balancing`` wants them: a binary heap that
/// knows each learner's place, so that one whose standing has changed moves in O(log n).
package struct LearnerQueue: Sendable {
  package let balancing: Balancing

  /// Positions of learners; the first is asked next.
  private var heap: [Int32] = []

  /// A learner's place in `heap`; -1 for one that may not be asked.
  private var places: [Int32]
  private var standings: [Standing]

  package init(_ balancing: Balancing, learnerCount: Int) {
    self.balancing = balancing
    places = Array(repeating: -1, count: learnerCount)
    standings = Array(
      repeating: Standing(improvement: .infinity, loss: .infinity, count: 0),
      count: learnerCount)
  }

  package var isEmpty: Bool { heap.isEmpty }

  package var first: Int? { heap.first.map { Int($0) } }

  /// Who would be asked if the first learner were not there, and how it stands.
  package var second: (position: Int, standing: Standing)? {
    let second =
      switch heap.count {
      case 0, 1: Int32?.none
      case 2: heap[1]
      default: precedes(heap[1], heap[2]) ? heap[1] : heap[2]
      }
    return second.map { (Int($0), standings[Int($0)]) }
  }

  /// Notes how a learner stands now, whether it may be asked or not.
  package mutating func set(_ position: Int, _ standing: Standing) {
    standings[position] = standing
    let place = Int(places[position])
    if place >= 0 { settle(place) }
  }

  /// Lets a learner be asked, or no longer.
  package mutating func setOpen(_ position: Int, _ isOpen: Bool) {
    let place = Int(places[position])
    guard isOpen != (place >= 0) else { return }
    if isOpen {
      heap.append(Int32(position))
      places[position] = Int32(heap.count - 1)
      settle(heap.count - 1)
    } else {
      places[position] = -1
      let last = heap.removeLast()
      guard place < heap.count else { return }
      put(last, at: place)
      settle(place)
    }
  }

  private func precedes(_ a: Int32, _ b: Int32) -> Bool {
    balancing.isFirst(standings[Int(a)], at: Int(a), before: standings[Int(b)], at: Int(b))
  }

  private mutating func put(_ position: Int32, at place: Int) {
    heap[place] = position
    places[Int(position)] = Int32(place)
  }

  /// Moves the entry at a place up or down to where it belongs.
  private mutating func settle(_ start: Int) {
    var place = start
    let entry = heap[place]
    while place > 0, precedes(entry, heap[(place - 1) / 2]) {
      put(heap[(place - 1) / 2], at: place)
      place = (place - 1) / 2
    }
    while true {
      var child = 2 * place + 1
      guard child < heap.count else { break }
      if child + 1 < heap.count, precedes(heap[child + 1], heap[child]) { child += 1 }
      guard precedes(heap[child], entry) else { break }
      put(heap[child], at: place)
      place = child
    }
    put(entry, at: place)
  }
}
