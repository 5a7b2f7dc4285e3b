/// Exact signs of determinants of points on the lattice.
///
/// Each predicate is first evaluated in doubles beside a bound of its rounding error; only where
/// the bound does not decide, integers do.
///
/// The bound: a determinant is expanded along its rows (`minor` of the first m rows and m columns
/// from m minors of m - 1 rows). Each of the m levels rounds a product once and adds at most m
/// times, so a determinant of n rows is off by at most γ(k) times its permanent of magnitudes, with
/// k = 2 + 3 + … + n < n(n + 1)/2 roundings (Higham, *Accuracy and Stability of Numerical
/// Algorithms*, lemma 3.1). Twice that covers the rounding of the permanent itself.
@unsafe
struct Predicates<let D: Int> {
  /// Room for `Predicates.scratchCount` doubles, used by one call at a time.
  let scratch: UnsafeMutablePointer<Double>

  /// Doubles of scratch that any dimension needs: a matrix, its minors and their permanents.
  static var scratchCount: Int { 256 }

  /// The sign of the determinant of p1 - p0, …, pD - p0: positive if the simplex is.
  ///
  /// - Parameter points: D + 1 pointers to D coordinates each.
  @inline(__always)
  func orientation(_ points: UnsafePointer<UnsafePointer<Double>>) -> Int {
    let origin = unsafe points[0]
    if D == 2 {
      let a = unsafe points[1]
      let b = unsafe points[2]
      let left = unsafe (a[0] - origin[0]) * (b[1] - origin[1])
      let right = unsafe (a[1] - origin[1]) * (b[0] - origin[0])
      let determinant = left - right
      let bound = 0x1p-51 * (left.magnitude + right.magnitude)
      if determinant > bound { return 1 }
      if determinant < -bound { return -1 }
      return unsafe exactOrientation(points)
    }
    if D == 3 { return unsafe orientation3(points) }
    for row in 0..<D {
      for column in 0..<D {
        unsafe scratch[row * D + column] = points[row + 1][column] - origin[column]
      }
    }
    let (determinant, permanent) = unsafe expand(rows: D)
    let bound = Double(D * (D + 1)) * 0x1p-53 * permanent
    if determinant > bound { return 1 }
    if determinant < -bound { return -1 }
    return unsafe exactOrientation(points)
  }

  @inline(__always)
  private func orientation3(_ points: UnsafePointer<UnsafePointer<Double>>) -> Int {
    let o = unsafe points[0]
    let a = unsafe points[1]
    let b = unsafe points[2]
    let c = unsafe points[3]
    let ax = unsafe a[0] - o[0]
    let ay = unsafe a[1] - o[1]
    let az = unsafe a[2] - o[2]
    let bx = unsafe b[0] - o[0]
    let by = unsafe b[1] - o[1]
    let bz = unsafe b[2] - o[2]
    let cx = unsafe c[0] - o[0]
    let cy = unsafe c[1] - o[1]
    let cz = unsafe c[2] - o[2]
    let xy = bx * cy
    let yx = by * cx
    let xz = bx * cz
    let zx = bz * cx
    let yz = by * cz
    let zy = bz * cy
    let determinant = ax * (yz - zy) - ay * (xz - zx) + az * (xy - yx)
    let permanent =
      ax.magnitude * (yz.magnitude + zy.magnitude) + ay.magnitude * (xz.magnitude + zx.magnitude)
      + az.magnitude * (xy.magnitude + yx.magnitude)
    let bound = 0x1.8p-50 * permanent
    if determinant > bound { return 1 }
    if determinant < -bound { return -1 }
    return unsafe exactOrientation(points)
  }

  /// The determinant of the first `rows` rows of the matrix in scratch, and its permanent of
  /// magnitudes. Minors are kept by the set of their columns, as bits.
  private func expand(rows: Int) -> (determinant: Double, permanent: Double) {
    let minors = unsafe scratch + D * D
    let permanents = unsafe minors + (1 << D)
    unsafe minors[0] = 1
    unsafe permanents[0] = 1
    for columns in 1..<(1 << D) {
      let row = columns.nonzeroBitCount - 1
      var sum = 0.0
      var magnitudes = 0.0
      var rest = columns
      var sign = row & 1 == 0 ? 1.0 : -1.0
      while rest != 0 {
        let column = rest.trailingZeroBitCount
        let others = columns & ~(1 << column)
        let entry = unsafe scratch[row * D + column]
        sum += unsafe sign * entry * minors[others]
        magnitudes += unsafe entry.magnitude * permanents[others]
        sign = -sign
        rest &= rest - 1
      }
      unsafe minors[columns] = sum
      unsafe permanents[columns] = magnitudes
    }
    return unsafe (minors[(1 << D) - 1], permanents[(1 << D) - 1])
  }
}
