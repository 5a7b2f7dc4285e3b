import AdaptiveCore

/// The file that says how the newest world goes: written every few seconds, for people and programs
/// that look on, and for nothing else. It is replaced as a whole and never synced: after a crash of
/// the host it may be empty or gone, and nothing depends on it.
package struct StatusFile: Sendable {
  private let files: FileSystem
  private let directory: String

  package init(_ files: FileSystem, directory: String) {
    self.files = files
    self.directory = directory
  }

  package var path: String { "\(directory)/status.json" }

  package func replace(with bytes: [UInt8]) throws(CheckpointError) {
    let temporaryPath = path + DurableReplace.temporarySuffix
    try files.remove(temporaryPath)
    do {
      let file = try files.create(temporaryPath)
      try files.write(bytes, to: file, at: 0)
    }
    try files.rename(temporaryPath, to: path)
  }

  /// Its bytes; nil if there is none.
  package func contents() throws(CheckpointError) -> [UInt8]? {
    guard try files.exists(path) else { return nil }
    return try files.contents(path, byteCountMax: Limits.statusBytesMax)
  }
}
