/// A place that breaks a rule of the house.
struct Violation: CustomStringConvertible, Equatable {
  let path: String

  /// Counted from 1; 0 for a file as a whole.
  let line: Int

  let message: String

  var description: String { "\(path)\(line > 0 ? ":\(line)" : ""): \(message)" }
}

/// What a rule lets pass, and why: a violation whose path and message hold these texts.
struct Exemption {
  let path: String
  let message: String
  let reason: String

  func covers(_ violation: Violation) -> Bool {
    violation.path.contains(path) && violation.message.contains(message)
  }
}

extension [Violation] {
  /// The violations that no exemption covers, and each exemption that covers none: a list of
  /// exceptions only grows unless somebody looks.
  func excepting(_ exemptions: [Exemption]) -> [Violation] {
    let unused = exemptions.filter { exemption in !contains { exemption.covers($0) } }
    return filter { violation in !exemptions.contains { $0.covers(violation) } }
      + unused.map {
        Violation(
          path: $0.path, line: 0,
          message: "the exemption for \"\($0.message)\" (\($0.reason)) is not needed any more")
      }
  }
}
