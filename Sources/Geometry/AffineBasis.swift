/// Points that lie in no common plane, chosen one by one by exact arithmetic: elimination of rows
/// in a ``PrimeField``. Where that errs, a point is passed over, and no wrong one taken.
struct AffineBasis {
  private let dimension: Int
  private(set) var vertices: [Int32] = []
  private var origin: [Double] = []
  private var rows: [[UInt64]] = []
  private var pivots: [Int] = []

  init(dimension: Int) { self.dimension = dimension }

  /// Takes the point if it does not lie in the plane of those taken.
  mutating func add(_ point: [Double], _ vertex: Int32) -> Bool {
    guard !origin.isEmpty else {
      origin = point
      vertices.append(vertex)
      return true
    }
    var row = (0..<dimension).map { PrimeField.difference(point[$0], origin[$0]) }
    for (other, pivot) in zip(rows, pivots) where row[pivot] != 0 {
      let factor = PrimeField.negative(row[pivot])
      for axis in 0..<dimension {
        row[axis] = PrimeField.sum(row[axis], PrimeField.product(other[axis], factor))
      }
    }
    guard let pivot = row.firstIndex(where: { $0 != 0 }) else { return false }
    let inverse = PrimeField.inverse(row[pivot])
    rows.append(row.map { PrimeField.product($0, inverse) })
    pivots.append(pivot)
    vertices.append(vertex)
    return true
  }
}
