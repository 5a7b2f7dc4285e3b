/// Predicates in integers. Coordinates are whole numbers of lattice units and their differences
/// have at most 53 bits, so a determinant of D differences has less than 53·D + log2(D!) bits, and
/// the lifted one of the in-sphere test less than 53·D + 106 + log2(D·(D + 1)!): at most 217, 272,
/// 328, 383 and 439 bits for D = 2…6.
extension Predicates {
  /// 64-bit words of a determinant of differences, with a bit for the sign.
  private static var orientationWords: Int { (53 * D + 10) / 64 + 1 }

  /// 64-bit words of a lifted determinant.
  private static var inSphereWords: Int { (53 * D + 106 + 14) / 64 + 1 }

  /// The sign of the orientation, whatever it costs.
  @inline(never)
  func exactOrientation(_ points: UnsafePointer<UnsafePointer<Double>>) -> Int {
    if D == 2 {
      let left = unsafe product(points[1], 0, points[2], 1, from: points[0])
      let right = unsafe product(points[1], 1, points[2], 0, from: points[0])
      return left == right ? 0 : left > right ? 1 : -1
    }
    let width = unsafe Self.orientationWords
    return unsafe withUnsafeTemporaryAllocation(of: UInt64.self, capacity: width << D) { words in
      let minors = unsafe WideIntegers(words: words.baseAddress!, width: width)
      unsafe expand(minors, columns: D) { row, column in
        unsafe Lattice.units(points[row + 1][column] - points[0][column])
      }
      return unsafe minors.sign((1 << D) - 1)
    }
  }

  @inline(__always)
  private func product(
    _ a: UnsafePointer<Double>, _ i: Int, _ b: UnsafePointer<Double>, _ j: Int,
    from origin: UnsafePointer<Double>
  ) -> Int128 {
    let first = unsafe Int128(Lattice.units(a[i] - origin[i]))
    return unsafe first * Int128(Lattice.units(b[j] - origin[j]))
  }

  /// Whether `q` lies inside the sphere through the points of a positive simplex: 1 inside, -1
  /// outside, 0 on it.
  ///
  /// The sign of the determinant of the rows (p - q, |p - q|²), negated for odd D.
  @inline(never)
  func exactInSphere(
    _ points: UnsafePointer<UnsafePointer<Double>>, _ q: UnsafePointer<Double>
  ) -> Int {
    let width = unsafe Self.inSphereWords
    let count = width << (D + 1)
    return unsafe withUnsafeTemporaryAllocation(of: UInt64.self, capacity: count) { words in
      // Minors by sets of points: the column of |p - q|², which is wider, comes last and once.
      let minors = unsafe WideIntegers(words: words.baseAddress!, width: width)
      unsafe expand(minors, columns: D + 1) { row, column in
        unsafe Lattice.units(points[column][row] - q[row])
      }
      let all = (1 << (D + 1)) - 1
      unsafe minors.set(all, to: 0)
      for index in 0...D {
        var lift: UInt128 = 0
        for axis in 0..<D {
          let difference = unsafe UInt128(Lattice.units(points[index][axis] - q[axis]).magnitude)
          lift += difference * difference
        }
        let isSubtracted = (D - index) & 1 == 1
        let others = all & ~(1 << index)
        unsafe minors.accumulate(
          all, others, times: UInt64(truncatingIfNeeded: lift), isSubtracted: isSubtracted)
        unsafe minors.accumulate(
          all, others, times: UInt64(truncatingIfNeeded: lift >> 64), isSubtracted: isSubtracted,
          shift: 1)
      }
      let sign = unsafe minors.sign(all)
      return D & 1 == 0 ? sign : -sign
    }
  }

  /// All minors of the first rows of a matrix of D rows: of the first m rows, by the set of their m
  /// columns. Expanded along the last row, so a determinant takes columns·2^(columns - 1) products.
  @inline(__always)
  private func expand(
    _ minors: WideIntegers, columns: Int, entry: (_ row: Int, _ column: Int) -> Int64
  ) {
    unsafe minors.set(0, to: 1)
    for set in 1..<(1 << columns) {
      let row = set.nonzeroBitCount - 1
      guard row < D else { continue }
      unsafe minors.set(set, to: 0)
      var rest = set
      var isSubtracted = row & 1 == 1
      while rest != 0 {
        let column = rest.trailingZeroBitCount
        let number = entry(row, column)
        unsafe minors.accumulate(
          set, set & ~(1 << column), times: number.magnitude,
          isSubtracted: isSubtracted != (number < 0))
        isSubtracted.toggle()
        rest &= rest - 1
      }
    }
  }
}
