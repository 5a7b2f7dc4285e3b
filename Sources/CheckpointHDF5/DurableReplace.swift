/// Puts a whole new file in place of another, so that after a crash at any moment one of the two is
/// there, and no mixture: written under a temporary name, synced, renamed, the folder synced.
package struct DurableReplace {
  package let files: FileSystem
  package let folder: String
  package let name: String

  package init(_ files: FileSystem, folder: String, name: String) {
    self.files = files
    self.folder = folder
    self.name = name
  }

  package var path: String { "\(folder)/\(name)" }

  /// Where the new file is to be written first.
  package var temporaryPath: String { path + Self.temporarySuffix }

  /// What is left of a file that was never finished ends like this.
  package static let temporarySuffix = ".new"

  /// Writes `bytes` and puts them in place.
  package func write(_ bytes: [UInt8]) throws(CheckpointError) {
    try files.remove(temporaryPath)
    do {
      let file = try files.create(temporaryPath)
      try files.write(bytes, to: file, at: 0)
    }
    try finish()
  }

  /// Puts what stands at ``temporaryPath`` in place.
  package func finish() throws(CheckpointError) {
    do {
      let file = try files.openForReading(temporaryPath)
      try files.synchronise(file)
    }
    try files.rename(temporaryPath, to: path)
    try files.synchroniseFolder(folder)
  }
}
