import Foundation

/// A seed that a failing test prints and that repeats it: `ADAPTIVE_MPI_SEED=<seed> swift test …`.
package struct TestSeed: Sendable, CustomStringConvertible {
  package let value: UInt64

  /// The seed named by the environment, or a new one.
  package init() {
    let named = ProcessInfo.processInfo.environment["ADAPTIVE_MPI_SEED"].flatMap(UInt64.init)
    value = named ?? UInt64.random(in: 1...999_999_999)
  }

  package init(_ value: UInt64) { self.value = value }

  package var description: String { "ADAPTIVE_MPI_SEED=\(value)" }

  /// A generator of its own for each purpose `stream` of one seed.
  package func generator(stream: UInt64 = 0) -> SeededGenerator {
    SeededGenerator(seed: value ^ (stream &* 0x9E37_79B9_7F4A_7C15))
  }
}

/// SplitMix64 (Steele, Lea and Flood, OOPSLA 2014).
package struct SeededGenerator: RandomNumberGenerator, Sendable {
  private var state: UInt64

  package init(seed: UInt64) { state = seed }

  package mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
