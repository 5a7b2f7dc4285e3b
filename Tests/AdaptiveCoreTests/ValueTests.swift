import AdaptiveCore
import Testing

@Suite struct ValueTests {
  @Test("seconds become nanoseconds, held within what they can count") func timeSpans() {
    #expect(TimeSpan(seconds: 1.5).nanoseconds == 1_500_000_000)
    #expect(TimeSpan(seconds: .nan) == .zero)
    #expect(TimeSpan(seconds: .infinity).nanoseconds == 9_000_000_000_000_000_000)
    #expect(TimeSpan(seconds: -.infinity).nanoseconds == -9_000_000_000_000_000_000)
    #expect(Instant.origin + .milliseconds(2) - .origin == .microseconds(2000))
  }

  @Test("a text is cut between characters, never within one") func truncation() {
    #expect("größer".truncated(toBytes: 4) == "grö")
    #expect("größer".truncated(toBytes: 3) == "gr")
    #expect("👩🏽‍🔬x".truncated(toBytes: 14) == "")
    #expect("abc".truncated(toBytes: 3) == "abc")
    let failure = Failure(.raised, String(repeating: "ß", count: 400))
    #expect(failure.text.utf8.count == Limits.failureTextBytesMax)
  }

  @Test("points are runs of a flat buffer") func pointBuffer() {
    var buffer = PointBuffer(dimension: 2)
    buffer.append([1, 2].span)
    buffer.append([3, 4].span)
    #expect(buffer.count == 2)
    #expect(Array(buffer[1]) == [3, 4])
    #expect(buffer.withPoint(0) { $0[1] } == 2)
    buffer.removeAll()
    #expect(buffer.isEmpty)
  }

  @Test("a log keeps its order over segments, and a copy keeps its prefix") func resultLog() {
    var log = ResultLog(dimension: 1, valueCount: 2)
    let count = ResultLog.segmentCount + 10
    for index in 0..<count {
      log.append(
        point: [Double(index)].span, value: [0, Double(index)].span, seconds: 1, leaf: Rank(index))
    }
    let copy = log
    log.append(point: [-1].span, value: [0, 0].span, seconds: 1, leaf: Rank(0))
    #expect(copy.count == count && log.count == count + 1)
    var points: [Double] = []
    var leaves: [Int32] = []
    copy.forEachSegment {
      points += $0.points
      leaves += $0.leaves
    }
    #expect(points == (0..<count).map { Double($0) })
    #expect(leaves == (0..<count).map { Int32($0) })
    #expect(copy.fullSegments.count == 1)
  }

  @Test("the bounds fit each other") func limits() { Limits.check() }
}
