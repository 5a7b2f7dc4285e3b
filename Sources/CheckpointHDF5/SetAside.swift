/// Keeps files that cannot serve under another name, so that nothing overwrites or removes them.
struct SetAside {
  enum Reason: String, CaseIterable {
    /// It is not what was written.
    case damaged
    /// It is whole, but what comes before it is lost.
    case stranded
  }

  private let files: FileSystem

  init(_ files: FileSystem) { self.files = files }

  /// Whether a file's name says that it was set aside.
  static func isMarked(_ name: String) -> Bool {
    Reason.allCases.contains { name.contains(".\($0.rawValue)-") }
  }

  /// Returns the new name.
  func rename(_ path: String, _ reason: Reason) throws(CheckpointError) -> String {
    let aside = try freeName(path, reason)
    try files.rename(path, to: aside)
    try files.synchroniseFolder(parent(of: path))
    return aside
  }

  /// Gives the file a second name, which is returned, and leaves it the first.
  func link(_ path: String, _ reason: Reason) throws(CheckpointError) -> String {
    while true {
      let aside = try freeName(path, reason)
      guard try files.link(path, to: aside) else { continue }
      try files.synchroniseFolder(parent(of: path))
      return aside
    }
  }

  private func freeName(_ path: String, _ reason: Reason) throws(CheckpointError) -> String {
    try files.freeName { "\(path).\(reason.rawValue)-\($0)" }
  }
}
