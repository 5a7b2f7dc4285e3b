/// Why a learner cannot be made from what it was given.
package struct LearnerError: Error, Equatable, Sendable, CustomStringConvertible {
  package enum Code: Sendable {
    /// Settings that no learner can work with.
    case badSettings
    /// A saved state that does not fit its results.
    case badSnapshot
  }

  package var code: Code

  /// What was found, and what is allowed.
  package var detail: String

  package init(_ code: Code, _ detail: String) {
    self.code = code
    self.detail = detail
  }

  package var description: String { detail }
}
