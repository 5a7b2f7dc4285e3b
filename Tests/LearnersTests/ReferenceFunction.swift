import Foundation

/// The functions of the reference data that keep the points' values to themselves.
func referenceFunction(_ name: String) -> ((Double) -> [Double])? {
  switch name {
  case "peak": { x in [x + 0.0001 / (0.0001 + (x - 0.123) * (x - 0.123))] }
  case "tanh": { x in [tanh(20 * x)] }
  case "step": { x in [x < 0.3 ? -1 : 1] }
  case "wave": { x in [sin(20 * x) * exp(-x * x)] }
  case "sqrt": { x in [x.magnitude.squareRoot()] }
  case "grow": { x in [exp(5 * x)] }
  case "zero", "constant": { _ in [0] }
  case "quad": { x in [2.3 * x * x + 0.7] }
  case "nanhole": { x in [x > 0 && x < 0.5 ? .nan : x] }
  case "vec2": { x in [tanh(20 * x), tanh(20 * (x - 0.4))] }
  default: nil
  }
}

/// The functions of several variables of the reference data.
func referenceFunctionND(_ name: String) -> (([Double]) -> [Double])? {
  func ring(_ p: [Double], _ width: Double) -> Double {
    let u = p.reduce(0) { $0 + $1 * $1 } - 0.5625
    return p[0] + exp(-u * u / width)
  }
  return switch name {
  case "ring": { [ring($0, 0.0016)] }
  case "sphere": { [ring($0, 0.0256)] }
  case "tilted": { [tanh(5 * ($0[0] + 0.3 * $0[1] - 0.1)) + 0.2 * $0[1] * $0[1]] }
  case "vec": { [ring($0, 0.0016), $0[0] * $0[1]] }
  default: nil
  }
}
