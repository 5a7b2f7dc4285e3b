/// Which points without a value lie in which triangle of the known points: doubly linked lists in
/// flat arrays. O(1) for every change.
struct GuestTable: Sendable {
  private struct Link {
    var home: Int32 = -1
    var previous: Int32 = -1
    var next: Int32 = -1
  }

  /// By guest.
  private var links: [Link] = []
  /// By triangle: its first guest, or -1.
  private var first: [Int32] = []

  /// The triangle of a guest; -1 for one that has none.
  func home(_ guest: Int32) -> Int32 {
    Int(guest) < links.count ? links[Int(guest)].home : -1
  }

  mutating func add(_ guest: Int32, to triangle: Int32) {
    while links.count <= Int(guest) { links.append(Link()) }
    while first.count <= Int(triangle) { first.append(-1) }
    let next = first[Int(triangle)]
    links[Int(guest)] = Link(home: triangle, previous: -1, next: next)
    if next >= 0 { links[Int(next)].previous = guest }
    first[Int(triangle)] = guest
  }

  /// Nothing happens to a guest that has no triangle.
  mutating func remove(_ guest: Int32) {
    guard home(guest) >= 0 else { return }
    let link = links[Int(guest)]
    if link.previous >= 0 {
      links[Int(link.previous)].next = link.next
    } else {
      first[Int(link.home)] = link.next
    }
    if link.next >= 0 { links[Int(link.next)].previous = link.previous }
    links[Int(guest)] = Link()
  }

  func append(_ triangle: Int32, to guests: inout [Int32]) {
    guard Int(triangle) < first.count else { return }
    var guest = first[Int(triangle)]
    while guest >= 0 {
      guests.append(guest)
      guest = links[Int(guest)].next
    }
  }
}
