import Geometry
import _TestSupport

/// A rule that makes points of the unit box, and a few outside it, in ways that defeat tolerances.
struct DegenerateFamily: Sendable, CustomStringConvertible {
  let name: String
  /// Points of `dimension` coordinates, on the lattice; some may be equal.
  let points: @Sendable (_ dimension: Int, _ count: Int, inout SeededGenerator) -> [[Double]]

  var description: String { name }

  private init(
    _ name: String,
    _ points: @escaping @Sendable (Int, Int, inout SeededGenerator) -> [[Double]]
  ) {
    self.name = name
    self.points = points
  }

  /// A family whose points are drawn one by one.
  private init(
    _ name: String, each point: @escaping @Sendable (Int, inout SeededGenerator) -> [Double]
  ) {
    self.init(name) { dimension, count, generator in
      (0..<count).map { _ in point(dimension, &generator).map(Lattice.nearest) }
    }
  }
}

extension DegenerateFamily {
  static let all: [Self] = random + lattices + spheres + clusters + flats + outside

  private static let random: [Self] = [
    Self("random", each: { d, g in box(d, &g) }),
    Self(
      "random in units of the lattice",
      each: { d, g in
        box(d, &g).map { 0.5 + Lattice.unit * ($0 * 64).rounded(.down) }
      }),
    Self(
      "duplicates",
      { d, count, g in
        let few = (0..<max(2, count / 3)).map { _ in box(d, &g).map(Lattice.nearest) }
        return (0..<count).map { _ in few.randomElement(using: &g)! }
      }),
    Self(
      "powers of two",
      each: { d, g in
        (0..<d).map { _ in
          Double(sign: .plus, exponent: -Int.random(in: 0...48, using: &g), significand: 1)
        }
      }),
  ]

  private static let lattices: [Self] = [
    Self("lattice of 2", each: { d, g in grid(d, 2, &g) }),
    Self("lattice of 3", each: { d, g in grid(d, 3, &g) }),
    Self("lattice of 4", each: { d, g in grid(d, 4, &g) }),
    Self("lattice of 16", each: { d, g in grid(d, 16, &g) }),
    Self(
      "lattice with jitter of one unit",
      each: { d, g in
        grid(d, 4, &g).map { $0 + Lattice.unit * Double(Int.random(in: -1...1, using: &g)) }
      }),
    Self(
      "lattice with jitter of 1e-12",
      each: { d, g in
        grid(d, 4, &g).map { $0 + 1e-12 * Double.random(in: -1...1, using: &g) }
      }),
    Self(
      "body-centred lattice",
      each: { d, g in
        let shift = Bool.random(using: &g) ? 0.125 : 0
        return grid(d, 4, &g).map { min($0 + shift, 1) }
      }),
    Self(
      "checkerboard",
      each: { d, g in
        while true {
          let cell = (0..<d).map { _ in Int.random(in: 0...4, using: &g) }
          if cell.reduce(0, +).isMultiple(of: 2) { return cell.map { Double($0) / 4 } }
        }
      }),
    Self(
      "rows",
      each: { d, g in
        [Double.random(in: 0...1, using: &g)] + grid(d - 1, 3, &g)
      }),
    Self(
      "dyadic midpoints",
      { d, count, g in
        var points = corners(d)
        while points.count < count + (1 << d) {
          let a = points.randomElement(using: &g)!
          let b = points.randomElement(using: &g)!
          points.append(zip(a, b).map { Lattice.nearest(($0 + $1) / 2) })
        }
        return points
      }),
    Self(
      "centroids of corners",
      { d, count, g in
        var points = corners(d)
        while points.count < count + (1 << d) {
          let some = (0...d).map { _ in points.randomElement(using: &g)! }
          points.append(
            (0..<d).map { axis in
              Lattice.nearest(some.reduce(0) { $0 + $1[axis] } / Double(d + 1))
            })
        }
        return points
      }),
  ]

  private static let spheres: [Self] = [
    Self("on a sphere", each: { d, g in onSphere(d, &g) }),
    Self(
      "on a sphere, and its centre",
      { d, count, g in
        [[Double](repeating: 0.5, count: d)]
          + (1..<count).map { _ in onSphere(d, &g).map(Lattice.nearest) }
      }),
    Self(
      "exactly cospherical",
      each: { d, g in
        // All signs and orders of one vector have one length.
        let parts = (0..<d).map { 1 + Double($0) / 8 }.shuffled(using: &g)
        return parts.map { 0.5 + (Bool.random(using: &g) ? $0 : -$0) / 8 }
      }),
    Self(
      "two spheres",
      each: { d, g in
        let shift = Bool.random(using: &g) ? 0.125 : -0.125
        var point = onSphere(d, &g).map { 0.25 + $0 / 2 }
        point[0] += shift
        return point
      }),
    Self(
      "near a sphere, within 1e-13",
      each: { d, g in
        let stretch = 1 + 1e-13 * Double.random(in: -1...1, using: &g)
        return onSphere(d, &g).map { 0.5 + ($0 - 0.5) * stretch }
      }),
    Self(
      "cross",
      each: { d, g in
        var point = [Double](repeating: 0.5, count: d)
        point[Int.random(in: 0..<d, using: &g)] += Double(Int.random(in: -4...4, using: &g)) / 8
        return point
      }),
  ]

  private static let clusters: [Self] =
    [1e-7, 1e-11, 1e-14].map { size in
      Self(
        "clusters of \(size)",
        each: { d, g in
          let centre = [0.25, 0.5, 0.8].randomElement(using: &g)!
          return (0..<d).map { _ in centre + size * Double.random(in: -1...1, using: &g) }
        })
    } + [
      Self(
        "cluster and corners",
        { d, count, g in
          corners(d)
            + (0..<count).map { _ in
              (0..<d).map { _ in Lattice.nearest(0.3 + 1e-9 * Double.random(in: -1...1, using: &g))
              }
            }
        }),
      Self(
        "towards a corner",
        each: { d, g in
          let scale = Double(
            sign: .plus, exponent: -Int.random(in: 0...40, using: &g), significand: 1)
          return box(d, &g).map { $0 * scale }
        }),
    ]

  private static let flats: [Self] =
    [1e-6, 1e-12].map { thickness in
      Self(
        "slab of \(thickness)",
        each: { d, g in
          box(d - 1, &g) + [0.5 + thickness * Double.random(in: 0...1, using: &g)]
        })
    } + [
      Self(
        "needle of 1e-8",
        each: { d, g in
          [Double.random(in: 0...1, using: &g)]
            + (1..<d).map { _ in 0.5 + 1e-8 * Double.random(in: 0...1, using: &g) }
        }),
      Self(
        "on faces of the box",
        each: { d, g in
          var point = box(d, &g)
          point[Int.random(in: 0..<d, using: &g)] = Bool.random(using: &g) ? 0 : 1
          return point
        }),
      Self(
        "on edges of the box",
        each: { d, g in
          var point = (0..<d).map { _ in Double(Int.random(in: 0...1, using: &g)) }
          point[Int.random(in: 0..<d, using: &g)] = Double.random(in: 0...1, using: &g)
          return point
        }),
      Self(
        "on a diagonal plane",
        each: { d, g in
          var point = grid(d, 8, &g).map { $0 / 2 }
          point[0] = point[1]
          return point
        }),
      Self(
        "two parallel lines",
        each: { d, g in
          let line = Double(Int.random(in: 0...1, using: &g))
          return [Double.random(in: 0...1, using: &g)] + [Double](repeating: line, count: d - 1)
        }),
    ]

  private static let outside: [Self] = [
    Self("outside the box", each: { d, g in box(d, &g).map { 4 * $0 - 1.5 } }),
    Self(
      "at the edge of the lattice's range",
      each: { d, g in
        (0..<d).map { _ in [-4.0, -1, 0, 1, 4].randomElement(using: &g)! }
      }),
    Self(
      "just outside a face",
      each: { d, g in
        var point = box(d, &g)
        point[0] = -Lattice.unit * Double(Int.random(in: 0...2, using: &g))
        return point
      }),
  ]
}

// MARK: - Parts

extension DegenerateFamily {
  static func corners(_ dimension: Int) -> [[Double]] {
    (0..<(1 << dimension)).map { corner in
      (0..<dimension).map { Double((corner >> $0) & 1) }
    }
  }

  private static func box(_ dimension: Int, _ generator: inout SeededGenerator) -> [Double] {
    (0..<dimension).map { _ in Double.random(in: 0...1, using: &generator) }
  }

  private static func grid(
    _ dimension: Int, _ side: Int, _ generator: inout SeededGenerator
  ) -> [Double] {
    (0..<dimension).map { _ in Double(Int.random(in: 0...side, using: &generator)) / Double(side) }
  }

  private static func onSphere(
    _ dimension: Int, _ generator: inout SeededGenerator
  ) -> [Double] {
    while true {
      let vector = (0..<dimension).map { _ in Double.random(in: -1...1, using: &generator) }
      let length = vector.reduce(0) { $0 + $1 * $1 }.squareRoot()
      if (0.1...1).contains(length) { return vector.map { 0.5 + 0.4 * $0 / length } }
    }
  }
}
