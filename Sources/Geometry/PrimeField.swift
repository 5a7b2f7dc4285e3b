/// Whole numbers modulo the prime 2^61 - 1: determinants of any size in numbers that do not grow. A
/// determinant that is not 0 vanishes here for one set of points in 10^18.
enum PrimeField {
  static let prime: UInt64 = (1 << 61) - 1

  /// The difference of two coordinates on the lattice, in units.
  static func difference(_ a: Double, _ b: Double) -> UInt64 {
    let units = Lattice.units(a - b)
    return units < 0 ? prime - units.magnitude : units.magnitude
  }

  static func sum(_ a: UInt64, _ b: UInt64) -> UInt64 { reduced(a + b) }

  static func negative(_ a: UInt64) -> UInt64 { a == 0 ? 0 : prime - a }

  static func product(_ a: UInt64, _ b: UInt64) -> UInt64 {
    let (high, low) = a.multipliedFullWidth(by: b)
    return reduced((low & prime) + ((low >> 61) | (high << 3)))
  }

  static func inverse(_ a: UInt64) -> UInt64 {
    var result: UInt64 = 1
    var square = a
    var rest = prime - 2
    while rest > 0 {
      if rest & 1 == 1 { result = product(result, square) }
      square = product(square, square)
      rest >>= 1
    }
    return result
  }

  private static func reduced(_ x: UInt64) -> UInt64 {
    let folded = (x & prime) + (x >> 61)
    return folded >= prime ? folded - prime : folded
  }
}
