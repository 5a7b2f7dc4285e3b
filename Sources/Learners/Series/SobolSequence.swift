import AdaptiveCore

/// Points of a Sobol sequence in the unit cube, by their number: in Gray-code order (Antonov and
/// Saleev, USSR Comput. Math. Math. Phys. 19(1), 1979), with the direction numbers of S. Joe and
/// F. Y. Kuo, "Constructing Sobol sequences with better two-dimensional projections", SIAM J. Sci.
/// Comput. 30(5), 2008 (file new-joe-kuo-6.21201), which scipy.stats.qmc uses too.
///
/// Scrambled by a random linear map of the digits and a digital shift (Matoušek, J. Complexity
/// 14(4), 1998): the points stay a digital net, and each alone is uniform.
struct SobolSequence: Sendable {
  /// Points have 32 binary digits, and there are 2³² of them.
  static let bitCount = 32

  /// Dimensions that the table reaches.
  static var dimensionMax: Int { polynomials.count + 1 }

  let dimension: Int
  /// Direction numbers of dimension j at `j * bitCount`.
  private var directions: [UInt32]
  private var shifts: [UInt32]

  /// - Parameter scrambling: draws the scrambling; nil for the plain sequence, which begins with 0.
  init(dimension: Int, scrambling: RandomSource? = nil) {
    precondition((1...Self.dimensionMax).contains(dimension))
    self.dimension = dimension
    directions = (0..<dimension).flatMap { Self.directions($0) }
    shifts = Array(repeating: 0, count: dimension)
    guard var random = scrambling else { return }
    for axis in 0..<dimension {
      shifts[axis] = UInt32(truncatingIfNeeded: random.next() >> 32)
      // Row r of a lower triangular matrix over GF(2), its diagonal of ones: digit r of a scrambled
      // number depends on the digits before it.
      let rows = (0..<Self.bitCount).map { row -> UInt32 in
        let digit = UInt32(1) << (31 - row)
        let before = row == 0 ? 0 : ~UInt32(0) << (32 - row)
        return digit | (UInt32(truncatingIfNeeded: random.next() >> 32) & before)
      }
      for bit in 0..<Self.bitCount {
        let index = axis * Self.bitCount + bit
        let plain = directions[index]
        directions[index] = rows.enumerated().reduce(0) { result, row in
          (row.element & plain).nonzeroBitCount & 1 == 1
            ? result | 1 << (31 - row.offset) : result
        }
      }
    }
  }

  /// Coordinate `axis` of point `number`, on [0, 1).
  func coordinate(_ axis: Int, of number: UInt32) -> Double {
    var digits = shifts[axis]
    var gray = number ^ (number >> 1)
    while gray != 0 {
      digits ^= directions[axis * Self.bitCount + gray.trailingZeroBitCount]
      gray &= gray - 1
    }
    return Double(digits) * 0x1p-32
  }

  /// The recurrence of Bratley and Fox (ACM TOMS 14(1), 1988) for one dimension.
  private static func directions(_ axis: Int) -> [UInt32] {
    guard axis > 0 else { return (0..<bitCount).map { 1 << (31 - UInt32($0)) } }
    let (a, m) = polynomials[axis - 1]
    let degree = m.count
    var v = [UInt32](repeating: 0, count: bitCount)
    for bit in 0..<bitCount {
      if bit < degree {
        v[bit] = m[bit] << UInt32(31 - bit)
        continue
      }
      v[bit] = v[bit - degree] ^ (v[bit - degree] >> UInt32(degree))
      for k in 1..<max(degree, 1) where (a >> UInt32(degree - 1 - k)) & 1 == 1 {
        v[bit] ^= v[bit - k]
      }
    }
    return v
  }

  /// Of dimensions 2, 3, …: the inner coefficients of a primitive polynomial, the first numbers.
  private static let polynomials: [(a: UInt32, m: [UInt32])] = [
    (0, [1]), (1, [1, 3]), (1, [1, 3, 1]), (2, [1, 1, 1]), (1, [1, 1, 3, 3]), (4, [1, 3, 5, 13]),
    (2, [1, 1, 5, 5, 17]), (4, [1, 1, 5, 5, 5]), (7, [1, 1, 7, 11, 19]), (11, [1, 1, 5, 1, 1]),
    (13, [1, 1, 1, 3, 11]), (14, [1, 3, 5, 5, 31]), (1, [1, 3, 3, 9, 7, 49]),
    (13, [1, 1, 1, 15, 21, 21]), (16, [1, 3, 1, 13, 27, 49]), (19, [1, 1, 1, 15, 7, 5]),
    (22, [1, 3, 1, 15, 13, 25]), (25, [1, 1, 5, 5, 19, 61]), (1, [1, 3, 7, 11, 23, 15, 103]),
    (4, [1, 3, 7, 13, 13, 15, 69]),
  ]
}
