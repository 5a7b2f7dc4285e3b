import AdaptiveCore
import Delegation
import Testing

@Suite struct PointTableTests {
  @Test(
    "random histories: answers find their point exactly while it is waited for", arguments: 1...10)
  func agreesWithDictionary(seed: UInt64) throws {
    var random = RandomSource(seed: seed)
    var table = PointTable(dimensionMax: 3)
    var live: [(slot: PointTable.Slot, entry: PointBatch.Entry, point: [Double])] = []
    var dead: [PointBatch.Entry] = []
    for _ in 0..<4000 {
      switch Int.random(in: 0..<4, using: &random) {
      case 0, 1:
        let dimension = Int.random(in: 1...3, using: &random)
        let point = (0..<dimension).map { _ in random.nextUnit() }
        let learner = LearnerIndex(Int.random(in: 0..<5, using: &random))
        let slot = table.insert(point.span, learner: learner)
        let entry = table.entry(slot)
        try #require(entry.learner == learner && entry.attempt == .first)
        live.append((slot, entry, point))
      case 2 where !live.isEmpty:
        let ended = live.remove(at: Int.random(in: 0..<live.count, using: &random))
        table.remove(ended.slot)
        dead.append(ended.entry)
      case 3 where !live.isEmpty:
        let index = Int.random(in: 0..<live.count, using: &random)
        dead.append(live[index].entry)
        table.beginNextAttempt(live[index].slot)
        live[index].entry.attempt = live[index].entry.attempt.next
      default: break
      }
      try #require(table.count == live.count)
      if let (slot, entry, point) = live.randomElement(using: &random) {
        try #require(table.slot(of: entry.id, attempt: entry.attempt) == slot)
        try #require(table.entry(slot) == entry)
        try #require(Array(table.coordinates(slot)) == point)
      }
      if let entry = dead.randomElement(using: &random) {
        try #require(table.slot(of: entry.id, attempt: entry.attempt) == nil)
      }
    }
    try #require(Set(live.map(\.entry.id)).count == live.count)
  }

  @Test("ids that nobody gave out are not found") func unknownIds() {
    var table = PointTable(dimensionMax: 1)
    let slot = table.insert([1.5].span, learner: LearnerIndex(0))
    let id = table.entry(slot).id
    for wrong in [id.rawValue + 1, id.rawValue + 1 << 32, 0, .max] {
      #expect(table.slot(of: PointID(wrong), attempt: .first) == nil)
    }
    #expect(table.slot(of: id, attempt: Attempt(2)) == nil)
    #expect(table.slot(of: id, attempt: .first) == slot)
  }
}
