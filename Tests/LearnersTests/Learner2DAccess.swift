import AdaptiveCore
import Geometry

@testable import Learners

extension Mesh2D {
  /// Every triangle, by where its corners lie.
  var places: Set<Set<[Double]>> {
    var places: Set<Set<[Double]>> = []
    for triangle in 0..<Int32(losses.count) where triangulation.isFinite(triangle) {
      let corners = corners(triangle)
      places.insert(
        Set(
          corners.indices.map { slot in
            let place = place(corners[slot])
            return [place[0], place[1]]
          }))
    }
    return places
  }

  /// What is wrong with a settled mesh: losses that are not what its numbers say, triangles that
  /// are queued or not against the rules, vertices that name no triangle of theirs.
  func disorders() -> [String] {
    var found: [String] = []
    for triangle in 0..<Int32(losses.count) {
      let isThere = triangulation.isFinite(triangle)
      if isThere != (queue.contains(triangle) || exhausted.contains(triangle)) {
        found.append("triangle \(triangle) is there (\(isThere)) and queued against that")
      }
      guard isThere else { continue }
      let loss = TriangleLoss(
        loss: self.loss, valueCount: valueCount, isComplex: isComplex, scale: scale,
        factor: factor
      ).evaluate(
        corners(triangle), coordinates: triangulation.coordinates.span, values: values.span,
        gradients: gradients.span)
      if loss != losses[Int(triangle)] { found.append("the loss of \(triangle) is old") }
    }
    for vertex in 0..<Int32(vertexCount) where incident[Int(vertex)] >= 0 {
      let corners = corners(incident[Int(vertex)])
      if !corners.indices.contains(where: { corners[$0] == vertex }) {
        found.append("vertex \(vertex) names a triangle of others")
      }
    }
    return found
  }

  /// How far the losses of two meshes of the same values may be apart, because each followed its
  /// gradients only so far: to four tolerances, of which those at a triangle's three corners shift
  /// what the tangents say over its edges.
  var lossTolerance: Double {
    let size = gradients.reduce(range) { max($0, $1.magnitude) }
    let gradientError = 2 * 4 * Self.followedTolerance * size * 2.0.squareRoot()
    var most = 0.0
    for triangle in 0..<Int32(losses.count) where triangulation.isFinite(triangle) {
      let corners = corners(triangle)
      let points = corners.indices.map { place(corners[$0]) }
      let edges = [(0, 1), (1, 2), (2, 0)].map { a, b in
        ((points[b][0] - points[a][0]) * scale, (points[b][1] - points[a][1]) * scale)
      }
      let longest = edges.map { ($0.0 * $0.0 + $0.1 * $0.1).squareRoot() }.max() ?? 0
      let area = 0.5 * (edges[0].0 * edges[1].1 - edges[0].1 * edges[1].0).magnitude
      most = max(most, longest * area.squareRoot())
    }
    return 3 * gradientError * factor * most
  }

  /// The gradients that all values together determine: the normal equations, solved at once.
  func exactGradients(component: Int) -> [(x: Double, y: Double)] {
    let count = vertexCount
    var matrix = [Double](repeating: 0, count: 4 * count * count)
    var right = [Double](repeating: 0, count: 2 * count)
    for vertex in 0..<count {
      var ring: [Int32] = []
      var unused: [Int32] = []
      triangulation.appendRing(
        of: Int32(vertex), from: incident[vertex], vertices: &ring, simplices: &unused)
      let origin = place(Int32(vertex))
      for other in ring {
        let end = place(other)
        let edge = [(end[0] - origin[0]) * scale, (end[1] - origin[1]) * scale]
        let length = (edge[0] * edge[0] + edge[1] * edge[1]).squareRoot()
        let cube = length * length * length
        let difference =
          values[vertex * valueCount + component] - values[Int(other) * valueCount + component]
        for i in 0..<2 {
          let row = (2 * vertex + i) * 2 * count
          for j in 0..<2 {
            matrix[row + 2 * vertex + j] += 4 * edge[i] * edge[j] / cube
            matrix[row + 2 * Int(other) + j] += 2 * edge[i] * edge[j] / cube
          }
          right[2 * vertex + i] -= 6 * difference * edge[i] / cube
        }
      }
    }
    guard SimplexMeasures.solve(&matrix, &right) else { return [] }
    return (0..<count).map { (right[2 * $0], right[2 * $0 + 1]) }
  }
}
