import Geometry

/// A triangulation that was built by inserting points one after another, wherever they lie.
struct PointByPoint {
  var triangulation: Triangulation
  /// Points that are vertices.
  private(set) var vertexCount = 0
  /// A simplex that the last insertion made.
  private(set) var last: Int32

  /// Nil if all points lie in one plane.
  init?(_ points: [[Double]], _ dimension: Int, ties: Triangulation.Ties = .symbolic) {
    var empty = Triangulation(dimension: dimension, ties: ties)
    let vertices = points.map { empty.addVertex($0.span) }
    guard let first = empty.independentVertices(of: vertices),
      let start = empty.start(first)
    else { return nil }
    triangulation = empty
    last = start
    vertexCount = first.count
    for vertex in vertices where !first.contains(vertex) { insert(vertex) }
  }

  private mutating func insert(_ vertex: Int32) {
    guard triangulation.insert(vertex, near: last) == .inserted else { return }
    vertexCount += 1
    last = triangulation.created.first ?? last
  }

  func coordinates(_ vertex: Int32) -> ArraySlice<Double> {
    let d = triangulation.dimension
    return triangulation.coordinates[Int(vertex) * d..<(Int(vertex) + 1) * d]
  }

  /// The simplices by the lexicographic ranks of their points, whatever the numbers of the
  /// vertices.
  var simplices: [[Int32]] {
    let d = triangulation.dimension
    let all = triangulation.coordinates
    let order = (0..<triangulation.vertexCount).sorted { a, b in
      for axis in 0..<d where all[a * d + axis] != all[b * d + axis] {
        return all[a * d + axis] < all[b * d + axis]
      }
      return a < b
    }
    var ranks = [Int32](repeating: 0, count: order.count)
    var rank: Int32 = -1
    for (index, vertex) in order.enumerated() {
      let isNew =
        index == 0
        || (0..<d).contains { all[order[index - 1] * d + $0] != all[vertex * d + $0] }
      if isNew { rank += 1 }
      ranks[vertex] = rank
    }
    return triangulation.allSimplices(numbers: ranks)
  }
}
