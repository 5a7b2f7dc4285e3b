/// A file for people that appears under its name only when it is whole.
package final class NewFile {
  package let path: String

  private let files = FileSystem()
  private let temporaryPath: String
  private let file: OpenFile
  private var byteCount = 0

  /// - Parameter tag: keeps apart files of one name that are written at the same time.
  package init(_ path: String, tag: String) throws(CheckpointError) {
    self.path = path
    temporaryPath = "\(path).\(tag)\(DurableReplace.temporarySuffix)"
    try files.remove(temporaryPath)
    file = try files.create(temporaryPath)
  }

  package func append(_ bytes: [UInt8]) throws(CheckpointError) {
    try files.write(bytes, to: file, at: byteCount)
    byteCount += bytes.count
  }

  /// Gives it its name, durably, in place of a file that may be there.
  package func finish() throws(CheckpointError) {
    try files.synchronise(file)
    try files.rename(temporaryPath, to: path)
    try files.synchroniseFolder(parent(of: path))
  }

  /// Takes back what was written.
  package func abandon() throws(CheckpointError) { try files.remove(temporaryPath) }

  /// Whether there is a plain file of this user's, which may be replaced: no device, folder or
  /// symbolic link.
  ///
  /// - Throws: ``CheckpointError/Code/untrusted`` for anything else that is there.
  package static func isReplacing(_ path: String) throws(CheckpointError) -> Bool {
    let files = FileSystem()
    guard try files.exists(path) else { return false }
    _ = try files.openForReading(path)
    return true
  }
}
