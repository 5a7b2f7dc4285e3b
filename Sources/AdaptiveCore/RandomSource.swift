/// A seeded random number generator whose whole state is four integers: xoshiro256** (Blackman and
/// Vigna, "Scrambled linear pseudorandom number generators", ACM TOMS 47(4), 2021), seeded through
/// SplitMix64 (Steele, Lea and Flood, OOPSLA 2014).
///
/// Pure code draws from this only, so that a seed repeats a run and a checkpoint can hold the
/// state.
package struct RandomSource: RandomNumberGenerator, Sendable, Equatable {
  /// The four words of state; never all zero.
  package private(set) var state: (UInt64, UInt64, UInt64, UInt64)

  package init(seed: UInt64) {
    var mixer = seed
    func splitMix() -> UInt64 {
      mixer &+= 0x9E37_79B9_7F4A_7C15
      var z = mixer
      z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
      z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
      return z ^ (z >> 31)
    }
    state = (splitMix(), splitMix(), splitMix(), splitMix())
  }

  /// Continues from a saved state; nil if it is all zero, which the generator can never reach.
  package init?(state: (UInt64, UInt64, UInt64, UInt64)) {
    guard (state.0 | state.1 | state.2 | state.3) != 0 else { return nil }
    self.state = state
  }

  /// A generator for one purpose among many: the same seed and stream give the same numbers, and
  /// different streams of one seed are unrelated.
  package init(seed: UInt64, stream: UInt64) {
    var mixed = RandomSource(seed: seed ^ (stream &* 0xD6E8_FEB8_6659_FD93))
    self.init(seed: mixed.next())
  }

  package mutating func next() -> UInt64 {
    func rotated(_ x: UInt64, by k: UInt64) -> UInt64 { (x << k) | (x >> (64 - k)) }
    let result = rotated(state.1 &* 5, by: 7) &* 9
    let t = state.1 << 17
    state.2 ^= state.0
    state.3 ^= state.1
    state.1 ^= state.2
    state.0 ^= state.3
    state.2 ^= t
    state.3 = rotated(state.3, by: 45)
    return result
  }

  /// A double uniform on [0, 1): 53 random bits.
  package mutating func nextUnit() -> Double { Double(next() >> 11) * 0x1p-53 }

  package static func == (a: Self, b: Self) -> Bool { a.state == b.state }
}
