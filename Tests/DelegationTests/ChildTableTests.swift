import AdaptiveCore
import Delegation
import Testing

@Suite struct ChildTableTests {
  /// What a table must know, found by looking at every child.
  private struct Model {
    var windows: [Int]
    var outstanding: [Int]
    /// When the child was served last.
    var servedAt: [Int]

    func free(_ child: Int) -> Int { max(0, windows[child] - outstanding[child]) }
    var ready: [Int] { windows.indices.filter { free($0) > 0 } }
    var starving: [Int] { ready.filter { outstanding[$0] == 0 } }
  }

  @Test("random histories agree with a table that looks at every child", arguments: 1...20)
  func agreesWithModel(seed: UInt64) throws {
    var random = RandomSource(seed: seed)
    let count = Int.random(in: 1...12, using: &random)
    let ranks = (0..<count).map { Rank($0 * 3 + 1) }
    var table = ChildTable(ranks)
    var model = Model(
      windows: Array(repeating: 0, count: count), outstanding: Array(repeating: 0, count: count),
      servedAt: Array(repeating: 0, count: count))
    for step in 1...3000 {
      if Bool.random(using: &random) {
        let child = Int.random(in: 0..<count, using: &random)
        let answered = Int.random(in: 0...model.outstanding[child], using: &random)
        model.windows[child] = Int.random(in: 0...9, using: &random)
        model.outstanding[child] -= answered
        table.answered(
          table.index(of: ranks[child]), count: answered,
          Upward(window: Int32(model.windows[child]), stamp: .origin), at: .origin)
      } else {
        try take(Int.random(in: 0...20, using: &random), &table, &model, ranks, step)
      }
      try #require(table.freeCredit == (0..<count).reduce(0) { $0 + model.free($1) })
      try #require(table.outstanding == model.outstanding.reduce(0, +))
      try #require(table.windows == model.windows.reduce(0, +))
      try #require(table.anyStarving == !model.starving.isEmpty)
    }
  }

  @Test("a point that avoids a child goes to another that has room, one with nothing first")
  func avoidsAChild() throws {
    var random = RandomSource(seed: 7)
    let ranks = (1...5).map { Rank($0) }
    var table = ChildTable(ranks)
    var windows = [0, 0, 0, 0, 0]
    var outstanding = [0, 0, 0, 0, 0]
    for _ in 0..<3000 {
      let child = Int.random(in: 0..<5, using: &random)
      windows[child] = Int.random(in: 0...3, using: &random)
      let answered = Int.random(in: 0...outstanding[child], using: &random)
      outstanding[child] -= answered
      table.answered(
        table.index(of: ranks[child]), count: answered,
        Upward(window: Int32(windows[child]), stamp: .origin), at: .origin)
      let avoided = Int.random(in: 0..<5, using: &random)
      let others = (0..<5).filter { $0 != avoided && windows[$0] > outstanding[$0] }
      let starving = others.filter { outstanding[$0] == 0 }
      let taken = table.take(avoiding: table.index(of: ranks[avoided]))
      guard let taken else {
        try #require(others.isEmpty)
        continue
      }
      let position = try #require(ranks.firstIndex(of: table.rank(of: taken)))
      try #require((starving.isEmpty ? others : starving).contains(position))
      outstanding[position] += 1
      try #require(table.outstanding == outstanding.reduce(0, +))
    }
    #expect(table.find(Rank(9)) == nil && table.find(Rank(3)) == table.index(of: Rank(3)))
  }

  private func take(
    _ available: Int, _ table: inout ChildTable, _ model: inout Model, _ ranks: [Rank], _ step: Int
  ) throws {
    let ready = model.ready
    guard let (index, count) = table.take(available: available) else {
      try #require(ready.isEmpty || available == 0)
      return
    }
    let child = try #require(ranks.firstIndex(of: table.rank(of: index)))
    try #require(ready.contains(child))
    if !model.starving.isEmpty { try #require(model.starving.contains(child)) }
    let share = (available + ready.count - 1) / ready.count
    try #require(count == min(model.free(child), share))
    model.outstanding[child] += count
    model.servedAt[child] = step
  }

  @Test("children that have points already are served in turn") func turns() {
    var table = ChildTable([Rank(1), Rank(2), Rank(3)])
    for rank in table.ranks {
      table.answered(
        table.index(of: rank), count: 0, Upward(window: 100, stamp: .origin), at: .origin)
    }
    let served = (0..<9).compactMap { _ in table.take(available: 1) }.map {
      table.rank(of: $0.child).number
    }
    #expect(served == [1, 2, 3, 1, 2, 3, 1, 2, 3])
  }

  @Test("a shrunken window leaves nothing to take and is made up for by answers")
  func shrunkenWindow() {
    var table = ChildTable([Rank(1)])
    let index = table.index(of: Rank(1))
    table.answered(index, count: 0, Upward(window: 8, stamp: .origin), at: .origin)
    #expect(table.take(available: 8)?.count == 8)
    table.answered(index, count: 1, Upward(window: 3, stamp: .origin), at: .origin)
    #expect(table.freeCredit == 0)
    #expect(table.take(available: 8) == nil)
    table.answered(index, count: 5, Upward(window: 3, stamp: .origin), at: .origin)
    #expect(table.take(available: 8)?.count == 1)
  }

  @Test("the echo is the latest stamp and how long it was held") func echo() {
    var table = ChildTable([Rank(1)])
    let index = table.index(of: Rank(1))
    let stamp = Instant(nanoseconds: 77)
    let arrived = Instant(nanoseconds: 1000)
    table.answered(index, count: 0, Upward(window: 1, stamp: stamp), at: arrived)
    let downward = table.downward(to: index, at: Instant(nanoseconds: 1500))
    #expect(downward == Downward(echo: stamp, held: TimeSpan(nanoseconds: 500)))
  }

  @Test("all are drained or stopped when each has said so, however often") func ends() {
    var table = ChildTable([Rank(1), Rank(2)])
    for rank in [Rank(1), Rank(1)] { table.setDrained(table.index(of: rank)) }
    #expect(!table.allDrained)
    table.setDrained(table.index(of: Rank(2)))
    #expect(table.allDrained && !table.allStopped)
    for rank in [Rank(2), Rank(2), Rank(1)] { table.setStopped(table.index(of: rank)) }
    #expect(table.allStopped)
  }
}
