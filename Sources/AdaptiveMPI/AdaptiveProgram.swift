import CommandLineInterface
import Evaluators
import Learners

/// A point at which a function is wanted.
public struct Point: Sendable {
  /// As many as the learner has dimensions.
  public let coordinates: [Double]

  /// The learner's name in the campaign file.
  public let learner: String

  /// The learner's parameters by name.
  public let parameters: [String: Double]

  /// Seeds random numbers: it depends on the learner's seed and the point alone, so that a
  /// stochastic function has the same value on every leaf and in every attempt.
  public let seed: UInt64

  /// The first coordinate.
  public var x: Double { coordinates[0] }

  /// A parameter that the campaign must set.
  ///
  /// - Throws: ``MissingParameter``, which makes the point fail with a text that says so.
  public func parameter(_ name: String) throws -> Double {
    guard let value = parameters[name] else { throw MissingParameter(name: name) }
    return value
  }
}

/// A parameter that the function needs and the campaign does not set.
public struct MissingParameter: Error, Sendable, CustomStringConvertible {
  public let name: String

  public var description: String { "the campaign sets no parameter '\(name)'" }
}

/// An interval or a simplex whose loss is wanted: how much it deserves to be divided.
public struct Cell: Sendable {
  /// The two ends of an interval from the left, with one more on each side where the campaign asks
  /// for `neighbors`; the corners of a simplex. Shares of the domain's width, or coordinates in the
  /// unit box. A neighbour that does not exist is NaN.
  public let points: [[Double]]

  /// The values there, divided by the range of all values.
  public let values: [[Double]]
}

/// A whole `adaptive-mpi` of your own: every subcommand, and the functions that you bring.
///
/// ```swift
/// import AdaptiveMPI
///
/// AdaptiveProgram.run(["peak": { point in
///   let width = try point.parameter("width")
///   return [point.x + width * width / (width * width + point.x * point.x)]
/// }])
/// ```
///
/// A campaign file names one of them: `function: {swift: peak}`.
public enum AdaptiveProgram {
  /// What a function returns: all numbers of a value, in the order of the campaign's outputs. An
  /// error is a failure of the point, with the error's description.
  public typealias Function = @Sendable (Point) throws -> [Double]

  /// How much an interval or a simplex deserves to be divided; less than 0 counts as 0, infinite
  /// and NaN as in built-in losses. Roots alone call it.
  public typealias Loss = @Sendable (Cell) -> Double

  /// Runs the subcommand that the process's arguments ask for, and ends the process. To be called
  /// first of all, from the main thread.
  ///
  /// - Parameters:
  ///   - functions: by the names that campaign files use.
  ///   - losses: the same, for `loss: {swift: …}`.
  public static func run(
    _ functions: KeyValuePairs<String, Function>, losses: KeyValuePairs<String, Loss> = [:]
  ) -> Never {
    ClosureLosses.bring(
      losses.map { name, loss in
        (
          name,
          { cell in
            loss(
              Cell(
                points: cell.rows(cell.points, cell.dimension),
                values: cell.rows(cell.values, cell.valueCount)))
          }
        )
      })
    ClosureFunctions.bring(
      functions.map { name, function in
        (
          name,
          { point in
            try function(
              Point(
                coordinates: Array(point.coordinates), learner: point.learner,
                parameters: Dictionary(
                  point.parameters.map { ($0.name, $0.value) },
                  uniquingKeysWith: { first, _ in first }),
                seed: point.seed))
          }
        )
      })
    Program.run()
  }
}

extension LossCell {
  fileprivate func rows(_ numbers: [Double], _ width: Int) -> [[Double]] {
    stride(from: 0, to: numbers.count, by: width).map { Array(numbers[$0..<$0 + width]) }
  }
}
