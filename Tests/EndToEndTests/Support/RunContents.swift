import Foundation
import _TestSupport

/// What a campaign's directory holds, read by a Python script that shares no code with the program.
struct RunContents: Decodable {
  struct Learner: Decodable {
    let name: String
    /// Bits of the coordinates, in the order told; so are those of the values.
    let points: [Bits]
    let values: [Bits]
    let seconds: [Double]
    let leaves: [Int]
    let pending: [Bits]
    let failedReasons: [String]
  }

  /// A double, bit for bit.
  struct Bits: Decodable, Hashable {
    let double: Double

    init(_ double: Double) { self.double = double }

    init(from decoder: any Decoder) throws {
      let text = try decoder.singleValueContainer().decode(String.self)
      guard let pattern = UInt64(text, radix: 16) else {
        throw UnreadableRun(description: "\(text) is not the bits of a double")
      }
      double = Double(bitPattern: pattern)
    }

    static func == (a: Self, b: Self) -> Bool { a.double.bitPattern == b.double.bitPattern }

    func hash(into hasher: inout Hasher) { hasher.combine(double.bitPattern) }
  }

  /// Of each learner, every point that any snapshot or journal has a result for.
  let told: [Set<Bits>]

  /// What the newest snapshots hold, in the campaign's order.
  let learners: [Learner]

  let worlds: [String]

  /// Reads the directory; worlds must have ended.
  init(directory: String) throws {
    let script = Programs.repository
      .appendingPathComponent("Tests/EndToEndTests/Scripts/read_run.py").path
    let reader = try RunningProcess([try Python.interpreter.get(), script, directory])
    let outcome = reader.finish(within: 60)
    guard outcome.exitCode == 0 else {
      throw UnreadableRun(description: "read_run.py \(directory): \(outcome)")
    }
    self = try JSONDecoder().decode(
      RunContents.self, from: Data(outcome.standardOutput.utf8))
  }

  var pointCount: Int { learners.reduce(0) { $0 + $1.points.count } }
}

/// The script could not read a campaign's directory.
struct UnreadableRun: Error, CustomStringConvertible {
  let description: String
}
