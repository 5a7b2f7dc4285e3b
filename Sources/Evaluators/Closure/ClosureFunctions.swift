import Synchronization

/// A point as a function in Swift is given it.
package struct ClosurePoint: Sendable {
  package var coordinates: ArraySlice<Double>
  package var learner: String
  package var parameters: [(name: String, value: Double)]
  package var seed: UInt64
}

/// A function in Swift: all numbers of a value.
package typealias ClosureFunction = @Sendable (ClosurePoint) throws -> [Double]

/// The functions that this program brings with it, by the names that campaigns use: told once, at
/// the program's start, in the process of a rank and in that of a worker alike.
package enum ClosureFunctions {
  private static let known = Mutex<[(name: String, function: ClosureFunction)]>([])

  package static func bring(_ functions: [(name: String, function: ClosureFunction)]) {
    known.withLock { $0 = functions }
  }

  /// In the order in which they were brought.
  package static var names: [String] { known.withLock { $0.map(\.name) } }

  /// - Throws: ``FunctionError/Code/symbolMissing`` with the names there are.
  package static func function(named name: String) throws(FunctionError) -> ClosureFunction {
    let found = known.withLock { known in known.first { $0.name == name }?.function }
    guard let found else {
      let names = names
      throw FunctionError(
        .symbolMissing, operation: "looking for the Swift function '\(name)'",
        detail: names.isEmpty
          ? "this program brings none; run the executable that was built with it"
          : "this program brings \(names.joined(separator: ", "))")
    }
    return found
  }
}
