import AdaptiveCore
import Testing
import _TestSupport

@testable import Simulation

@Suite struct EventWheelTests {
  @Test("entries come in the order of time, then in that in which they were put in, near and far")
  func order() {
    let seed = TestSeed()
    var random = RandomSource(seed: seed.value)
    let wheel = EventWheel()
    var reference: [EventHeap.Entry] = []
    var now: Int64 = 0
    for sequence in 0..<5000 {
      // Nothing is put in before what came out last; spans of every magnitude, equal times too.
      let bits = Int64.random(in: 0..<50, using: &random)
      let span = Int64.random(in: 0...1 << bits, using: &random)
      let isEqual = random.nextUnit() < 0.2
      let entry = EventHeap.Entry(
        at: isEqual ? reference.last?.at ?? now : now + span, sequence: UInt64(sequence),
        subject: 0, kind: 0)
      wheel.push(entry)
      reference.append(entry)
      if random.nextUnit() < 0.6 {
        let least = reference.indices.min { reference[$0] < reference[$1] }!
        let expected = reference.remove(at: least)
        #expect(wheel.first?.sequence == expected.sequence, "\(seed)")
        #expect(wheel.pop().sequence == expected.sequence, "\(seed)")
        now = expected.at
      }
    }
    reference.sort { $0 < $1 }
    for entry in reference {
      #expect(wheel.first?.sequence == entry.sequence, "\(seed)")
      _ = wheel.pop()
    }
    #expect(wheel.first == nil)
  }

  @Test("an entry for a time that has passed comes first")
  func past() {
    let wheel = EventWheel()
    for (sequence, at) in [Int64(5_000_000_000), 9_000_000_000].enumerated() {
      wheel.push(.init(at: at, sequence: UInt64(sequence), subject: 0, kind: 0))
    }
    #expect(wheel.first?.at == 5_000_000_000)
    wheel.push(.init(at: 1_000_000_000, sequence: 2, subject: 0, kind: 0))
    wheel.push(.init(at: .max / 2, sequence: 3, subject: 0, kind: 0))
    #expect((0..<4).map { _ in (wheel.first, wheel.pop()).1.sequence } == [2, 0, 1, 3])
  }
}
