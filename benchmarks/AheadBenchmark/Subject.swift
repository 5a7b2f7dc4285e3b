import Glibc

/// A function that is sampled on [-1, 1] in each variable.
struct Subject: Sendable {
  let name: String
  let value: @Sendable ([Double]) -> Double

  static let ofOneVariable = [
    Subject(name: "peak") { x in x[0] + 1e-4 / (1e-4 + (x[0] - 0.3) * (x[0] - 0.3)) },
    Subject(name: "step") { x in tanh((x[0] - 0.2) / 0.01) },
    Subject(name: "wave") { x in sin(2 * Double.pi * 3 * x[0]) },
    Subject(name: "root") { x in sqrt(abs(x[0] - 0.1)) },
    Subject(name: "peaks") { x in
      var sum = 0.0
      for index in 0..<10 {
        let distance = x[0] + 0.9 - 0.19 * Double(index)
        sum += 1e-6 / (1e-6 + distance * distance)
      }
      return sum
    },
  ]

  static let ofTwoVariables = [
    Subject(name: "peak") { p in
      let (x, y) = (p[0] - 0.3, p[1] + 0.2)
      return p[0] + 1e-2 / (1e-2 + x * x + y * y)
    },
    Subject(name: "step") { p in tanh((p[0] + 0.5 * p[1] - 0.2) / 0.05) },
    Subject(name: "wave") { p in sin(2 * Double.pi * p[0]) * cos(3 * p[1]) },
    Subject(name: "root") { p in
      sqrt(sqrt((p[0] - 0.1) * (p[0] - 0.1) + (p[1] - 0.2) * (p[1] - 0.2)))
    },
    Subject(name: "ring") { p in
      let radius = p[0] * p[0] + p[1] * p[1]
      return exp(-(radius - 0.5625) * (radius - 0.5625) / 0.0081)
    },
  ]
}
