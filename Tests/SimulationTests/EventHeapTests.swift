import AdaptiveCore
import Testing
import _TestSupport

@testable import Simulation

@Suite struct EventHeapTests {
  @Test("entries come in the order of time, then in that in which they were put in")
  func order() {
    let seed = TestSeed()
    var random = RandomSource(seed: seed.value)
    let heap = EventHeap()
    var reference: [EventHeap.Entry] = []
    for sequence in 0..<5000 {
      let entry = EventHeap.Entry(
        at: Int64.random(in: 0..<300, using: &random), sequence: UInt64(sequence), subject: 0,
        kind: 0)
      heap.push(entry)
      reference.append(entry)
      if random.nextUnit() < 0.4 {
        let least = reference.indices.min { reference[$0] < reference[$1] }!
        #expect(heap.pop().sequence == reference.remove(at: least).sequence, "\(seed)")
      }
    }
    reference.sort { $0 < $1 }
    for entry in reference { #expect(heap.pop().sequence == entry.sequence, "\(seed)") }
    #expect(heap.count == 0)
  }

  @Test("quantiles are right to a hundredth, and add up over ranks")
  func quantiles() {
    var histogram = GapHistogram()
    var random = RandomSource(seed: 4)
    let spans = (0..<10_000).map { _ in 1 + Int64(random.nextLogNormal(median: 5e4, sigma: 3)) }
    for span in spans { histogram.add(TimeSpan(nanoseconds: span)) }
    let doubled = GapHistogram(counts: histogram.counts.map { 2 * $0 })
    for share in [0.01, 0.5, 0.9, 0.99, 1] {
      let exact = Double(spans.sorted()[Int((share * 10_000).rounded(.up)) - 1]) * 1e-9
      for histogram in [histogram, doubled] {
        let found = histogram.quantile(share) ?? 0
        #expect(found >= exact && found <= 1.01 * exact + 1e-9, "\(share)")
      }
    }
  }
}
