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
  /// It is put together in memory, so that HDF5 meets no full disk. The digest is durable under its
  /// final name before the snapshot gets its own: a snapshot without a digest is then none that we
  /// finished.
  package func write(_ snapshot: ShardSnapshot) throws(CheckpointError) {
    let bytes: [UInt8]
    do throws(HDF5Error) {
      bytes = try CheckpointSchema.encode(snapshot, name: path)
    } catch {
      throw CheckpointError(.library, operation: "encode snapshot", path: path, detail: "\(error)")
    }
    let digest = SnapshotDigest(of: bytes)
    try DurableReplace(files, folder: folder, name: position.digestName)
      .write(digest.text(naming: position.snapshotName))
    try DurableReplace(files, folder: folder, name: position.snapshotName).write(bytes)

    guard try digestOnDisk() == digest else {
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
  /// - Throws: ``CheckpointError/Code/damaged``, ``CheckpointError/Code/newerFormat``, and what
  ///   opening and reading may throw.
  package func read() throws(CheckpointError) -> Found {
    let bytes = try Self.contents(of: path, files)
    let isProven: Bool
    var remark: String?
    switch try judge(bytes) {
    case .proven:
      isProven = true
    case .refuted:
      throw damage("its SHA-256 is not the one in \(position.digestName)")
    case .unknown(let why):
      isProven = false
      remark = "\(path) \(why); it was judged by the checksums within"
    }
    let snapshot = try Self.decode(bytes, path, isProven: isProven)
    guard snapshot.position == position else {
      throw damage("it says that it holds \(snapshot.position)")
    }
    return Found(snapshot: snapshot, remark: remark)
  }

  private enum Judgement {
    case proven, refuted
    case unknown(String)
  }

  private func judge(_ bytes: [UInt8]) throws(CheckpointError) -> Judgement {
    guard try files.exists(digestPath) else { return .unknown("has no digest") }
    let text = try files.beginning(digestPath, byteCountMax: 4096)
    let digests = SnapshotDigest.all(in: text, naming: position.snapshotName)
    if digests.isEmpty { return .unknown("has a digest that is damaged") }
    return digests.contains(SnapshotDigest(of: bytes)) ? .proven : .refuted
  }

  /// Reads a snapshot by the checksums within alone.
  static func readWithoutDigest(
    _ files: FileSystem, _ path: String
  ) throws(CheckpointError) -> ShardSnapshot {
    try decode(try contents(of: path, files), path, isProven: false)
  }

  /// - Parameter isProven: the digest says that these are the bytes that were written.
  private static func decode(
    _ bytes: [UInt8], _ path: String, isProven: Bool
  ) throws(CheckpointError) -> ShardSnapshot {
    do throws(HDF5Error) {
      try HDF5Library.open()
    } catch {
      throw CheckpointError(.library, operation: "open HDF5", path: path, detail: "\(error)")
    }
    do throws(HDF5Error) {
      return try CheckpointSchema.decode(bytes, name: path)
    } catch {
      if let version = CheckpointSchema.newerVersion(bytes, name: path) {
        throw CheckpointError(
          .newerFormat, operation: "read snapshot", path: path,
          detail: "format \(version), this program knows \(CheckpointSchema.formatVersion); use a "
            + "newer one")
      }
      // Bytes that are proven to be what was written are not damaged, whatever HDF5 says.
      throw CheckpointError(
        isProven ? .library : .damaged, operation: "read snapshot", path: path,
        detail: isProven
          ? "its digest is right, and yet HDF5 cannot read it: \(error)" : "\(error)")
    }
  }

  private func damage(_ detail: String) -> CheckpointError {
    CheckpointError(.damaged, operation: "read snapshot", path: path, detail: detail)
  }

  private static func contents(
    of path: String, _ files: FileSystem
  ) throws(CheckpointError) -> [UInt8] {
    let file = try files.openForReading(path)
    return try file.read(at: 0, count: try file.byteCount())
  }

  private func digestOnDisk() throws(CheckpointError) -> SnapshotDigest {
    let file = try files.openForReading(path)
    file.forgetCached()
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
    return SnapshotDigest(hash.finalize())
  }
}
