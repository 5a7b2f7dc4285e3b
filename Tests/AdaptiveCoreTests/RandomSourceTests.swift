import AdaptiveCore
import Testing

@Suite struct RandomSourceTests {
  @Test("the published sequence of xoshiro256** from the state 1, 2, 3, 4") func reference() throws
  {
    // The first is rotl(2 · 5, 7) · 9 = 11520; the others are what the authors' C program gives.
    var random = try #require(RandomSource(state: (1, 2, 3, 4)))
    let numbers = (0..<4).map { _ in random.next() }
    #expect(numbers == [11520, 0, 1_509_978_240, 1_215_971_899_390_074_240])
  }

  @Test("a saved state goes on where it was saved") func savedState() throws {
    var random = RandomSource(seed: 42)
    _ = random.next()
    var restored = try #require(RandomSource(state: random.state))
    for _ in 0..<100 { #expect(restored.next() == random.next()) }
    #expect(RandomSource(state: (0, 0, 0, 0)) == nil)
  }

  @Test("streams of one seed differ, the same stream repeats") func streams() {
    var first = RandomSource(seed: 5, stream: 1)
    var again = RandomSource(seed: 5, stream: 1)
    var other = RandomSource(seed: 5, stream: 2)
    let numbers = (0..<8).map { _ in first.next() }
    #expect(numbers == (0..<8).map { _ in again.next() })
    #expect(numbers != (0..<8).map { _ in other.next() })
  }

  @Test("units lie in [0, 1), normals have mean 0 and variance 1, log-normals their median")
  func distributions() {
    var random = RandomSource(seed: 9)
    let count = 100_000
    var sum = 0.0
    var squares = 0.0
    var below = 0
    for _ in 0..<count {
      let unit = random.nextUnit()
      #expect(unit >= 0 && unit < 1)
      let normal = random.nextNormal()
      sum += normal
      squares += normal * normal
      if random.nextLogNormal(median: 10, sigma: 0.5) < 10 { below += 1 }
    }
    // Five standard deviations of each estimate.
    #expect(abs(sum / Double(count)) < 5 / Double(count).squareRoot())
    #expect(abs(squares / Double(count) - 1) < 5 * (2 / Double(count)).squareRoot())
    #expect(abs(Double(below) / Double(count) - 0.5) < 5 * 0.5 / Double(count).squareRoot())
  }
}
