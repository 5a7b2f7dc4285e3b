package import Learners
import Synchronization

/// The losses that this program brings with it, by the names that campaigns use: told once, at the
/// program's start.
package enum ClosureLosses {
  private static let known = Mutex<[(name: String, function: UserLossFunction)]>([])

  package static func bring(_ losses: [(name: String, function: UserLossFunction)]) {
    known.withLock { $0 = losses }
  }

  /// - Throws: ``FunctionError/Code/symbolMissing`` with the names there are.
  package static func function(named name: String) throws(FunctionError) -> UserLossFunction {
    let losses = known.withLock { $0 }
    if let found = losses.first(where: { $0.name == name }) { return found.function }
    throw FunctionError(
      .symbolMissing, operation: "looking for the loss '\(name)' in Swift",
      detail: losses.isEmpty
        ? "this program brings none; run the executable that was built with it"
        : "this program brings \(losses.map(\.name).joined(separator: ", "))")
  }
}
