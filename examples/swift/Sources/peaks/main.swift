import AdaptiveMPI
import Foundation

/// What is wrong with a point.
struct NoPeak: Error, CustomStringConvertible {
  var description: String
}

AdaptiveProgram.run(
  [
    // One number.
    "peak": { point in
      let width = try point.parameter("width")
      guard width > 0 else { throw NoPeak(description: "a peak needs a width, not \(width)") }
      return [point.x + width * width / (width * width + point.x * point.x)]
    },
    // Two of them: the campaign says `outputs: [height, slope]`.
    "wave": { point in
      let frequency = point.parameters["frequency"] ?? 3
      let phase = 2 * Double.pi * frequency * point.x
      return [sin(phase), 2 * Double.pi * frequency * cos(phase)]
    },
  ],
  // How much deserves to be divided what: `loss: {swift: steep}`.
  losses: [
    "steep": { cell in
      abs(cell.values[1][0] - cell.values[0][0]) + 0.1 * (cell.points[1][0] - cell.points[0][0])
    }
  ])
