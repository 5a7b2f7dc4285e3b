/// One snapshot or journal, judged by itself, wherever it lies.
package enum FileInspection: Sendable {
  case snapshot(ShardSnapshotSummary)
  case journal(JournalSummary)

  package struct ShardSnapshotSummary: Sendable {
    package var campaign: CampaignID
    package var shard: Int
    package var position: Position
    package var learnerCount: Int
    package var finding: SnapshotFinding
  }

  package struct JournalSummary: Sendable {
    package var campaign: CampaignID
    package var shard: Int
    package var position: Position
    package var finding: JournalFinding
  }

  /// Whether a name is one of a snapshot or journal.
  package static func isMeant(by name: String) -> Bool {
    name.hasPrefix("journal-") || name.hasSuffix(".h5")
  }

  /// - Throws: ``CheckpointError/Code/damaged``, and what opening may throw.
  package init(
    _ path: String, files: FileSystem = FileSystem()
  ) throws(CheckpointError) {
    guard try files.exists(path) else {
      throw CheckpointError(
        .missing, operation: "open", path: path, detail: "there is no such file")
    }
    let slash = path.lastIndex(of: "/")
    let folder = slash.map { String(path[..<$0]) } ?? "."
    let name = slash.map { String(path[path.index(after: $0)...]) } ?? path
    if name.hasPrefix("journal-") {
      self = .journal(try Self.journal(path, name, files))
    } else {
      self = .snapshot(try Self.snapshot(path, folder: folder, name, files))
    }
  }

  private static func snapshot(
    _ path: String, folder: String, _ name: String, _ files: FileSystem
  ) throws(CheckpointError) -> ShardSnapshotSummary {
    let snapshot: ShardSnapshot
    let state: PartState
    if let position = Position(fileName: name), position.snapshotName == name {
      let found = try SnapshotFile(files, folder: folder.isEmpty ? "/" : folder, position: position)
        .read()
      snapshot = found.snapshot
      state = found.remark == nil ? .whole : .usable("judged without a digest")
    } else {
      snapshot = try SnapshotFile.readWithoutDigest(files, path)
      state = .usable("judged without a digest, for its name is another")
    }
    var finding = SnapshotFinding(snapshot)
    finding.state = state
    return ShardSnapshotSummary(
      campaign: snapshot.campaign, shard: snapshot.shard, position: snapshot.position,
      learnerCount: snapshot.members.count, finding: finding)
  }

  private static func journal(
    _ path: String, _ name: String, _ files: FileSystem
  ) throws(CheckpointError) -> JournalSummary {
    let reader = try JournalReader(files, path: path, byteCountMax: nil)
    if let position = Position(fileName: name), position.journalName == name,
      position != reader.header.position
    {
      throw CheckpointError(
        .damaged, operation: "read journal", path: path,
        detail: "it says that it begins at \(reader.header.position)")
    }
    var finding = JournalFinding(reader)
    if reader.hasDamagedCopy {
      finding.state = .damaged("one of its two headers is damaged; the other serves")
    } else if reader.unreadableByteCount > 0 {
      finding.state = .usable(
        "\(reader.unreadableByteCount) bytes from byte \(reader.byteCount) on are no whole block: "
          + "being written, not finished when the world ended, or damaged; verify the run "
          + "directory to know")
    }
    return JournalSummary(
      campaign: reader.header.campaign, shard: reader.header.shard,
      position: reader.header.position, finding: finding)
  }
}
