import Geometry
internal import RealModule

/// The integral of the function: of the planes through the corners of all triangles.
///
/// A plane misses of a quadratic function, over a triangle of area A with its centroid at c,
///
///     -A/8 Σ gᵢ·(pᵢ - c)
///
/// with the gradients g at its corners p. For gradients stand the mean slopes of the planes around
/// a vertex, by area (O. C. Zienkiewicz and J. Z. Zhu, *A simple error estimator and adaptive
/// procedure for practical engineering analysis*, International Journal for Numerical Methods in
/// Engineering 24, 1987), whatever the loss.
extension Mesh2D {
  /// A triangle's corners, where they lie, and twice its area, negative where they go clockwise.
  private struct Plane {
    let corners: TriangleLoss.Corners
    let x: InlineArray<3, Double>
    let y: InlineArray<3, Double>
    let cross: Double

    init(_ mesh: borrowing Mesh2D, _ triangle: Int32) {
      corners = mesh.corners(triangle)
      let (a, b, c) = (mesh.place(corners[0]), mesh.place(corners[1]), mesh.place(corners[2]))
      x = [a[0], b[0], c[0]]
      y = [a[1], b[1], c[1]]
      cross = (x[1] - x[0]) * (y[2] - y[0]) - (y[1] - y[0]) * (x[2] - x[0])
    }
  }

  /// The integrals of all values, in units of places, and how far off they may be, as a length over
  /// the values: what triangles miss is added up without its sign. NaN and infinity where a value
  /// is no number. O(n)
  func integral() -> (values: [Double], error: Double) {
    let slopes = meanSlopes()
    var integral = [Double](repeating: 0, count: valueCount)
    var error = 0.0
    for triangle in 0..<Int32(losses.count) where triangulation.isFinite(triangle) {
      let plane = Plane(self, triangle)
      let area = plane.cross.magnitude / 2
      let x = (plane.x[0] + plane.x[1] + plane.x[2]) / 3
      let y = (plane.y[0] + plane.y[1] + plane.y[2]) / 3
      var missed = 0.0
      for component in 0..<valueCount {
        var (sum, bend) = (0.0, 0.0)
        for slot in 0..<3 {
          let own = Int(plane.corners[slot]) * valueCount + component
          sum += values[own]
          bend += slopes[2 * own] * (plane.x[slot] - x) + slopes[2 * own + 1] * (plane.y[slot] - y)
        }
        integral[component] += area * sum / 3
        missed = Double.hypot(missed, area * bend / 8)
      }
      error += missed
    }
    return (integral, integral.allSatisfy(\.isFinite) ? error : .infinity)
  }

  /// By vertex, two for each of its values.
  private func meanSlopes() -> [Double] {
    var slopes = [Double](repeating: 0, count: 2 * values.count)
    var weights = [Double](repeating: 0, count: vertexCount)
    for triangle in 0..<Int32(losses.count) where triangulation.isFinite(triangle) {
      let plane = Plane(self, triangle)
      let sign: Double = plane.cross < 0 ? -1 : 1
      for slot in 0..<3 { weights[Int(plane.corners[slot])] += plane.cross.magnitude }
      for component in 0..<valueCount {
        var (x, y) = (0.0, 0.0)
        for slot in 0..<3 {
          let (next, last) = ((slot + 1) % 3, (slot + 2) % 3)
          let value = sign * values[Int(plane.corners[slot]) * valueCount + component]
          x += value * (plane.y[next] - plane.y[last])
          y += value * (plane.x[last] - plane.x[next])
        }
        for slot in 0..<3 {
          let own = Int(plane.corners[slot]) * valueCount + component
          slopes[2 * own] += x
          slopes[2 * own + 1] += y
        }
      }
    }
    for index in slopes.indices { slopes[index] /= weights[index / (2 * valueCount)] }
    return slopes
  }
}
