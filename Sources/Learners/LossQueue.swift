/// The intervals of a ``PointChain`` by priority: the largest first, of equals the leftmost.
///
/// An interval is known by the slot of its left point. A tournament (Knuth, The Art of Computer
/// Programming 3, section 5.4.1) over the slots: each group of eight has a winner, each group of
/// eight winners one of its own, up to the winner of all. A changed priority is followed upward
/// only as far as it changes who wins, which on average is hardly beyond its own group; where a
/// heap would move other intervals, nothing is moved. O(log n) at worst. 10 bytes a slot, queued or
/// not.
struct LossQueue {
  struct Entry {
    var priority: Double
    var slot: Int32
  }

  /// Priorities level by level: of all slots, of the winners of their groups, and so on to the
  /// winner of all. -infinity for a slot that is not queued. There are 8·2^k slots.
  private var priorities = Array(repeating: -Double.infinity, count: 9)

  /// The slots of the winners; of a group in which nothing is queued, any one.
  private var winners: [Int32] = [0]

  /// Slots that there is room for.
  private var room = 8

  /// The first interval of the order.
  var top: Entry? {
    let priority = priorities[priorities.count - 1]
    guard priority != -.infinity else { return nil }
    return Entry(priority: priority, slot: winners[winners.count - 1])
  }

  func contains(_ slot: Int32) -> Bool { priorities[Int(slot)] != -.infinity }

  /// Makes room for the slots of a chain. O(n), each time that their number has doubled.
  @inline(__always)
  mutating func extend(to chain: PointChain) {
    if chain.count > room { grow(to: chain) }
  }

  mutating func removeAll() {
    for index in priorities.indices { priorities[index] = -.infinity }
  }

  /// Queues an interval with a priority above -infinity, or changes that of a queued one.
  mutating func set(_ slot: Int32, _ priority: Double, in chain: PointChain) {
    let before = priorities[Int(slot)]
    if priority > before {
      unsafe withTournament(chain) { unsafe $0.rise(slot, priority) }
    } else if priority < before {
      unsafe withTournament(chain) { unsafe $0.sink(slot, priority) }
    }
  }

  /// Withdraws an interval; nothing happens if it is not queued.
  mutating func remove(_ slot: Int32, in chain: PointChain) {
    guard contains(slot) else { return }
    unsafe withTournament(chain) { unsafe $0.sink(slot, -.infinity) }
  }

  private mutating func grow(to chain: PointChain) {
    let old = priorities[..<room]
    while room < chain.count { room *= 2 }
    var levels = 0
    var size = room
    while size > 1 {
      size = max(1, size / 8)
      levels += size
    }
    priorities = Array(old) + repeatElement(-.infinity, count: room - old.count + levels)
    winners = Array(repeating: 0, count: levels)
    unsafe withTournament(chain) { unsafe $0.playAll() }
  }

  /// Slots are indices that the chain gave and winners ones that this type wrote, so the inner
  /// loops do without checks.
  @inline(__always)
  private mutating func withTournament(_ chain: PointChain, _ body: (Tournament) -> Void) {
    unsafe priorities.withUnsafeMutableBufferPointer { priorities in
      unsafe winners.withUnsafeMutableBufferPointer { winners in
        unsafe chain.nodes.withUnsafeBufferPointer { nodes in
          unsafe body(
            Tournament(
              priorities: priorities.baseAddress!, room: room,
              winners: winners.baseAddress!, nodes: nodes.baseAddress!))
        }
      }
    }
  }
}

/// The inner loops of a ``LossQueue``, on bare memory.
@unsafe
private struct Tournament {
  let priorities: UnsafeMutablePointer<Double>
  let room: Int
  let winners: UnsafeMutablePointer<Int32>
  let nodes: UnsafePointer<PointChain.Node>

  /// Raises the priority of a slot, and puts it ahead of winners that it now precedes.
  @inline(__always)
  func rise(_ slot: Int32, _ priority: Double) {
    unsafe priorities[Int(slot)] = priority
    var level = unsafe Level(room: room)
    var group = Int(slot) >> 3
    while true {
      let winner = unsafe winners[level.firstWinner &+ group]
      if winner != slot {
        let other = unsafe priorities[level.first &+ group]
        guard unsafe priority > other || (priority == other && isLeft(slot, of: winner)) else {
          return
        }
        unsafe winners[level.firstWinner &+ group] = slot
      }
      unsafe priorities[level.first &+ group] = priority
      guard level.size > 1 else { return }
      level.goUp()
      group >>= 3
    }
  }

  /// Lowers the priority of a slot, and plays again in the groups that it had won.
  @inline(__always)
  func sink(_ slot: Int32, _ priority: Double) {
    unsafe priorities[Int(slot)] = priority
    var level = unsafe Level(room: room)
    var group = Int(slot) >> 3
    while unsafe winners[level.firstWinner &+ group] == slot {
      unsafe play(group, at: level)
      guard level.size > 1 else { return }
      level.goUp()
      group >>= 3
    }
  }

  /// Plays in every group, the lowest first.
  func playAll() {
    var level = unsafe Level(room: room)
    while true {
      for group in 0..<level.size { unsafe play(group, at: level) }
      guard level.size > 1 else { return }
      level.goUp()
    }
  }

  /// Finds the winner of a group. Who wins cannot be foretold, so the highest priority is computed
  /// without branches, in three steps rather than seven.
  @inline(__always)
  private func play(_ group: Int, at level: Level) {
    let begin = level.firstBelow &+ 8 &* group
    var highest: Double
    if level.sizeBelow >= 8 {
      let players = unsafe priorities + begin
      let a = unsafe max(players[0], players[1])
      let b = unsafe max(players[2], players[3])
      let c = unsafe max(players[4], players[5])
      let d = unsafe max(players[6], players[7])
      highest = max(max(a, b), max(c, d))
    } else {
      highest = unsafe priorities[begin]
      for index in 1..<level.sizeBelow { highest = unsafe max(highest, priorities[begin + index]) }
    }
    let end = begin &+ min(8, level.sizeBelow)
    var place = begin
    while unsafe priorities[place] != highest { place &+= 1 }
    var winner = unsafe player(place, at: level)
    if highest != -.infinity {
      place &+= 1
      while place < end {
        if unsafe priorities[place] == highest {
          let other = unsafe player(place, at: level)
          if unsafe isLeft(other, of: winner) { winner = other }
        }
        place &+= 1
      }
    }
    unsafe priorities[level.first &+ group] = highest
    unsafe winners[level.firstWinner &+ group] = winner
  }

  /// The slot at a place of the priorities.
  @inline(__always)
  private func player(_ place: Int, at level: Level) -> Int32 {
    level.firstBelow == 0
      ? Int32(truncatingIfNeeded: place) : unsafe winners[place &- room]
  }

  @inline(__always)
  private func isLeft(_ a: Int32, of b: Int32) -> Bool {
    unsafe nodes[Int(a)].x < nodes[Int(b)].x
  }
}

/// The larger of two numbers that are no NaN: one instruction.
@inline(__always)
private func max(_ a: Double, _ b: Double) -> Double { a > b ? a : b }

/// Where one level of winners stands among the priorities.
private struct Level {
  private let room: Int
  private(set) var first: Int
  private(set) var size: Int
  /// Of the level below.
  private(set) var firstBelow = 0
  private(set) var sizeBelow: Int

  init(room: Int) {
    self.room = room
    first = room
    size = room >> 3
    sizeBelow = room
  }

  /// Where it stands among the winners.
  @inline(__always)
  var firstWinner: Int { first &- room }

  @inline(__always)
  mutating func goUp() {
    (firstBelow, sizeBelow) = (first, size)
    first &+= size
    size = max(1, size >> 3)
  }
}
