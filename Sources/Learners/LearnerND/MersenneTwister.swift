/// The Mersenne Twister MT19937 as Python seeds and reads it: Python adaptive draws points with it
/// while it has no triangulation (Matsumoto and Nishimura, ACM TOMACS 8(1), 1998).
struct MersenneTwister: Sendable {
  private var state: [UInt32]
  private var index = 624

  /// As Python's `random.Random(seed)`: the generator is seeded by an array of one word.
  init(seed: UInt32) {
    state = Array(repeating: 0, count: 624)
    state[0] = 19_650_218
    for i in 1..<624 {
      state[i] = 1_812_433_253 &* (state[i - 1] ^ (state[i - 1] >> 30)) &+ UInt32(i)
    }
    var i = 1
    for _ in 0..<624 {
      state[i] = (state[i] ^ ((state[i - 1] ^ (state[i - 1] >> 30)) &* 1_664_525)) &+ seed
      i += 1
      if i == 624 {
        state[0] = state[623]
        i = 1
      }
    }
    for _ in 0..<623 {
      state[i] =
        (state[i] ^ ((state[i - 1] ^ (state[i - 1] >> 30)) &* 1_566_083_941)) &- UInt32(i)
      i += 1
      if i == 624 {
        state[0] = state[623]
        i = 1
      }
    }
    state[0] = 1 << 31
  }

  /// The next number from 0 to below 1, with 53 bits.
  mutating func next() -> Double {
    let high = nextWord() >> 5
    let low = nextWord() >> 6
    return (Double(high) * 0x1p26 + Double(low)) * 0x1p-53
  }

  private mutating func nextWord() -> UInt32 {
    if index == 624 { generate() }
    var word = state[index]
    index += 1
    word ^= word >> 11
    word ^= (word << 7) & 0x9D2C_5680
    word ^= (word << 15) & 0xEFC6_0000
    return word ^ (word >> 18)
  }

  private mutating func generate() {
    for i in 0..<624 {
      let word = (state[i] & 0x8000_0000) | (state[(i + 1) % 624] & 0x7FFF_FFFF)
      state[i] = state[(i + 397) % 624] ^ (word >> 1) ^ (word & 1 == 1 ? 0x9908_B0DF : 0)
    }
    index = 0
  }
}
