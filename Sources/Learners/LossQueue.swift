/// The intervals of a ``PointChain`` by priority: the largest first, of equals the leftmost.
///
/// An interval is known by the slot of its left point. A tournament (Knuth, The Art of Computer
/// Programming 3, section 5.4.1) over the slots: each group of four has a winner, each group of
/// four winners one of its own, up to the winner of all. A changed priority is followed upward
/// only as far as it changes who wins, which on average is hardly beyond its own group; where a
/// heap would move other intervals, nothing is moved. O(log n) at worst. 14 bytes a slot, queued or
/// not. What ``own()`` says comes before changes.
struct LossQueue {
  struct Entry {
    var priority: Double
    var slot: Int32
  }

  /// Level by level: the keys of all slots, then keys and slots of the winners of their groups, and
  /// so on to the winner of all; see ``TournamentLevel``. There are 4·2^k slots.
  private var words = OwnedArray(repeating: TournamentKey.none, count: 6)

  /// Slots that there is room for.
  private var room = 4

  /// The first interval of the order.
  var top: Entry? {
    let key = words[words.count - 2]
    guard key != TournamentKey.none else { return nil }
    return Entry(
      priority: TournamentKey.priority(key),
      slot: Int32(truncatingIfNeeded: words[words.count - 1]))
  }

  /// Makes room for the slots of a chain. O(n), each time that their number has doubled.
  @inline(__always)
  mutating func extend(to chain: PointChain) {
    if chain.count > room { grow(to: chain) }
  }

  /// Withdraws all intervals.
  mutating func removeAll() {
    own()
    for index in 0..<words.count { words[index] = TournamentKey.none }
  }

  /// Comes before changes, as ``OwnedArray/own()`` does.
  @inline(__always)
  mutating func own() { words.own() }

  /// Queues an interval with a priority above -infinity, or changes that of a queued one.
  @inline(__always)
  mutating func set(_ slot: Int32, _ priority: Double, in chain: PointChain) {
    let key = TournamentKey.key(priority)
    let before = words[Int(slot)]
    if key > before {
      rise(slot, key, chain)
    } else if key < before {
      sink(slot, key, chain)
    }
  }

  /// Withdraws an interval; nothing happens if it is not queued.
  @inline(__always)
  mutating func remove(_ slot: Int32, in chain: PointChain) {
    if words[Int(slot)] != TournamentKey.none { sink(slot, TournamentKey.none, chain) }
  }

  private mutating func grow(to chain: PointChain) {
    let old = room
    while room < chain.count { room *= 2 }
    var level = TournamentLevel(room: room)
    while level.size > 1 { level.goUp() }
    words.grow(keeping: old, fill: TournamentKey.none, count: level.first + 2)
    playAll(chain)
  }

  /// Raises the key of a slot, and puts it ahead of winners that it now precedes.
  @inline(__always)
  private mutating func rise(_ slot: Int32, _ key: Int64, _ chain: PointChain) {
    words[Int(slot)] = key
    var level = TournamentLevel(room: room)
    var group = Int(slot) >> 2
    while true {
      let winner = words[level.firstWinner &+ group]
      if winner != Int64(slot) {
        let other = words[level.first &+ group]
        guard key > other || (key == other && chain.isLeft(Int64(slot), of: winner)) else { return }
        words[level.firstWinner &+ group] = Int64(slot)
      }
      words[level.first &+ group] = key
      guard level.size > 1 else { return }
      level.goUp()
      group >>= 2
    }
  }

  /// Lowers the key of a slot, and plays again in the groups that it had won.
  private mutating func sink(_ slot: Int32, _ key: Int64, _ chain: PointChain) {
    words[Int(slot)] = key
    var level = TournamentLevel(room: room)
    var group = Int(slot) >> 2
    while words[level.firstWinner &+ group] == Int64(slot) {
      play(group, at: level, chain)
      guard level.size > 1 else { return }
      level.goUp()
      group >>= 2
    }
  }

  /// Plays in every group, the lowest first.
  private mutating func playAll(_ chain: PointChain) {
    var level = TournamentLevel(room: room)
    while true {
      for group in 0..<level.size { play(group, at: level, chain) }
      guard level.size > 1 else { return }
      level.goUp()
    }
  }

  /// Finds the winner of a group. Who wins cannot be foretold, so it is found without branches
  /// unless keys are equal.
  @inline(__always)
  private mutating func play(_ group: Int, at level: TournamentLevel, _ chain: PointChain) {
    let begin = level.firstBelow &+ 4 &* group
    guard level.sizeBelow >= 4 else { return playTie(group, at: level, chain) }
    let (a, b) = (words[begin], words[begin &+ 1])
    let (c, d) = (words[begin &+ 2], words[begin &+ 3])
    let inLower = b > a ? 1 : 0
    let inUpper = d > c ? 3 : 2
    let lower = b > a ? b : a
    let upper = d > c ? d : c
    let key = upper > lower ? upper : lower
    let place = begin &+ (upper > lower ? inUpper : inLower)
    guard lower != upper, words[place ^ 1] != key else {
      return playTie(group, at: level, chain)
    }
    words[level.first &+ group] = key
    words[level.firstWinner &+ group] = player(place, at: level)
  }

  /// The same for a group with equal keys, or the highest of all, which may have two players.
  private mutating func playTie(_ group: Int, at level: TournamentLevel, _ chain: PointChain) {
    let begin = level.firstBelow &+ 4 &* group
    var highest = words[begin]
    var winner = player(begin, at: level)
    for place in begin + 1..<begin + min(4, level.sizeBelow) {
      let key = words[place]
      guard key >= highest, key != TournamentKey.none else { continue }
      let other = player(place, at: level)
      if key > highest || chain.isLeft(other, of: winner) { (highest, winner) = (key, other) }
    }
    words[level.first &+ group] = highest
    words[level.firstWinner &+ group] = winner
  }

  /// The slot at a place.
  @inline(__always)
  private func player(_ place: Int, at level: TournamentLevel) -> Int64 {
    level.firstBelow == 0 ? Int64(place) : words[place &+ level.sizeBelow]
  }
}

/// Priorities as whole numbers of the same order, which compare faster than doubles.
private enum TournamentKey {
  /// Of a slot that is not queued.
  static let none = Int64.min

  /// A negative double has its magnitude's bits turned.
  @inline(__always)
  static func key(_ priority: Double) -> Int64 { turned(Int64(bitPattern: priority.bitPattern)) }

  @inline(__always)
  static func priority(_ key: Int64) -> Double {
    Double(bitPattern: UInt64(bitPattern: turned(key)))
  }

  @inline(__always)
  private static func turned(_ bits: Int64) -> Int64 { bits ^ (bits &>> 63 & Int64.max) }
}

/// Where one level of winners stands among the words: their keys, then their slots.
private struct TournamentLevel {
  private(set) var first: Int
  private(set) var size: Int
  /// Of the level below.
  private(set) var firstBelow = 0
  private(set) var sizeBelow: Int

  init(room: Int) {
    first = room
    size = room >> 2
    sizeBelow = room
  }

  @inline(__always)
  var firstWinner: Int { first &+ size }

  @inline(__always)
  mutating func goUp() {
    (firstBelow, sizeBelow) = (first, size)
    first &+= 2 &* size
    size = max(1, size >> 2)
  }
}
