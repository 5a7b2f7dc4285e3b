import AdaptiveMPI
import Foundation

/// What is wrong with a point.
struct NoPeak: Error, CustomStringConvertible {
  var description: String
}

AdaptiveProgram.run([
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
])
