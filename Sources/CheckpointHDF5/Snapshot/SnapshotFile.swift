import Crypto
import HDF5

/// A snapshot on disk with the digest of its bytes beside it.
package struct SnapshotFile {
  private let files: FileSystem
  private let folder: String
  private let position: Position

  package init(_ files: FileSystem, folder: String, position: Position) {
    self.files = files
    self.folder = folder
    self.position = position
  }

  package var path: String { "\(folder)/\(position.snapshotName)" }

  private var digestPath: String { "\(folder)/\(position.digestName)" }

  /// Writes a new snapshot so that it is durable, and reads it back.
  ///
  /// The digest is durable under its final name before the snapshot gets its own: a snapshot
  /// without a digest is then none that we finished.
  package func write(_ snapshot: ShardSnapshot) throws(CheckpointError) {
    let place = DurableReplace(files, folder: folder, name: position.snapshotName)
    try files.remove(place.temporaryPath)
    try files.willPerform?("create", place.temporaryPath)
    do throws(HDF5Error) {
      try CheckpointSchema.write(snapshot, to: place.temporaryPath)
    } catch {
      throw CheckpointError(
        .library, operation: "write snapshot", path: path, detail: "\(error)")
    }
    let digest = try digest(of: place.temporaryPath, fromDisk: false)
    try DurableReplace(files, folder: folder, name: position.digestName)
      .write(Array("\(digest)  \(position.snapshotName)\n".utf8))
    try place.finish()

    guard try self.digest(of: path, fromDisk: true) == digest else {
      throw CheckpointError(
        .damaged, operation: "read back", path: path,
        detail: "other bytes came back than were written; is the disk failing?")
    }
  }

  /// What was found: the state, and what to say about it.
  package struct Found: Sendable {
    package var snapshot: ShardSnapshot
    package var remark: String?
  }

  /// Reads a snapshot, after its bytes were checked against the digest.
  ///
  /// - Throws: ``CheckpointError/Code/damaged``, and what opening may throw.
  package func read() throws(CheckpointError) -> Found {
    var remark: String?
    if files.exists(digestPath) {
      let expected = try files.contents(digestPath, byteCountMax: 4096)
      let found = try digest(of: path, fromDisk: false)
      guard expected == Array("\(found)  \(position.snapshotName)\n".utf8) else {
        throw damage("its SHA-256 is not the one in \(position.digestName)")
      }
    } else {
      remark = "\(path) has no digest; it was judged by the checksums within"
    }
    let snapshot = try Self.readWithoutDigest(files, path)
    guard snapshot.position == position else {
      throw damage("it says that it holds \(snapshot.position)")
    }
    return Found(snapshot: snapshot, remark: remark)
  }

  /// Reads a snapshot by the checksums within alone.
  static func readWithoutDigest(
    _ files: FileSystem, _ path: String
  ) throws(CheckpointError) -> ShardSnapshot {
    // A plain file of our own, whatever the library would open.
    _ = try files.openForReading(path)
    do throws(HDF5Error) {
      return try CheckpointSchema.read(path)
    } catch {
      throw CheckpointError(
        .damaged, operation: "read snapshot", path: path, detail: "\(error)")
    }
  }

  private func damage(_ detail: String) -> CheckpointError {
    CheckpointError(.damaged, operation: "read snapshot", path: path, detail: detail)
  }

  private func digest(of path: String, fromDisk: Bool) throws(CheckpointError) -> String {
    let file = try files.openForReading(path)
    if fromDisk { file.forgetCached() }
    let pieceByteCount = 1 << 20
    let byteCount = try file.byteCount()
    var hash = SHA256()
    var offset = 0
    while offset < byteCount {
      let bytes = try file.read(at: offset, count: min(pieceByteCount, byteCount - offset))
      guard !bytes.isEmpty else { break }
      hash.update(data: bytes)
      offset += bytes.count
    }
    return hexadecimal(hash.finalize())
  }
}
