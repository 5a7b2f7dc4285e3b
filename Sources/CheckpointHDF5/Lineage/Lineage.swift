package import AdaptiveCore
import Glibc

/// The worlds of a run directory: one small file each, created once and never changed, so that a
/// world's number is also its fence. A world that finds a newer number has lost the directory.
///
///     worlds/world-0003        its record
///     worlds/world-0003.beat   a number that grows while it lives
///     worlds/world-0003.end    how it ended
///     worlds/world-0003.suspects   points that were pending when worlds before it died
package struct Lineage: Sendable {
  package let files: FileSystem

  /// The run directory.
  package let directory: String

  package init(_ files: FileSystem, directory: String) {
    self.files = files
    self.directory = directory
  }

  package var folder: String { "\(directory)/worlds" }

  package func recordPath(_ world: WorldNumber) -> String {
    "\(folder)/world-\(padded(world.rawValue, 4))"
  }

  package func beatPath(_ world: WorldNumber) -> String { recordPath(world) + ".beat" }

  package func endPath(_ world: WorldNumber) -> String { recordPath(world) + ".end" }

  /// The numbers of all worlds that ever took the directory, ascending.
  package func worlds() throws(CheckpointError) -> [WorldNumber] {
    try files.names(in: folder).compactMap { name in
      guard name.hasPrefix("world-"), !name.contains(".") else { return nil }
      return UInt32(name.dropFirst("world-".count)).map { WorldNumber($0) }
    }.sorted()
  }

  package func record(_ world: WorldNumber) throws(CheckpointError) -> WorldRecord {
    let path = recordPath(world)
    let bytes = try files.contents(path, byteCountMax: Limits.worldRecordBytesMax)
    let record = try WorldRecord(text: String(decoding: bytes, as: UTF8.self), path: path)
    guard record.world == world else {
      throw CheckpointError(
        .damaged, operation: "read world record", path: path,
        detail: "it is of world \(record.world.rawValue)")
    }
    return record
  }

  /// How a world said that it ended; nil if it did not. A damaged account of the end is still one.
  package func end(of world: WorldNumber) throws(CheckpointError) -> String? {
    guard try files.exists(endPath(world)) else { return nil }
    let bytes = try files.beginning(endPath(world), byteCountMax: Limits.worldRecordBytesMax)
    return String(decoding: bytes, as: UTF8.self)
  }

  /// The largest number of a world that any file here carries, records of it or not.
  package func newestNumber() throws(CheckpointError) -> WorldNumber? {
    try files.names(in: folder).compactMap { name in
      guard name.hasPrefix("world-") else { return nil }
      return UInt32(name.dropFirst("world-".count).prefix { $0 != "." }).map { WorldNumber($0) }
    }.max()
  }

  /// The newest world of a campaign, older than `world`, that began to write: it has a beat, and so
  /// had files in every shard.
  package func newestBegun(
    of campaign: CampaignID, before world: WorldNumber
  ) throws(CheckpointError) -> WorldNumber? {
    for older in try worlds().reversed() where older < world {
      guard try files.exists(beatPath(older)) else { continue }
      if try readableRecord(older)?.campaign == campaign { return older }
    }
    return nil
  }

  /// A world's record; nil if it is damaged or missing.
  package func readableRecord(_ world: WorldNumber) throws(CheckpointError) -> WorldRecord? {
    do throws(CheckpointError) {
      return try record(world)
    } catch {
      guard error.code == .damaged || error.code == .system(ENOENT) else { throw error }
      return nil
    }
  }

  /// The record of each world with its end, oldest first, as a snapshot keeps them.
  package func history() throws(CheckpointError) -> [String] {
    var history: [String] = []
    for world in try worlds() {
      let bytes = try files.beginning(
        recordPath(world), byteCountMax: Limits.worldRecordBytesMax)
      history.append(String(decoding: bytes, as: UTF8.self) + (try end(of: world) ?? ""))
    }
    return history
  }

  /// The newest world after `world`, which has then lost the directory.
  ///
  /// - Throws: ``CheckpointError`` too where the record of `world` is gone, and with it the
  ///   directory: what is written now would go where nobody reads it.
  package func newerWorld(than world: WorldNumber) throws(CheckpointError) -> WorldNumber? {
    let worlds = try worlds()
    if let newest = worlds.last, newest > world { return newest }
    guard worlds.contains(world) else {
      throw CheckpointError(
        .system(ENOENT), operation: "look at", path: recordPath(world),
        detail: "this world's record is gone; was the directory moved or removed? Put it back")
    }
    return nil
  }

  /// Takes the directory for the record's world; false if another was faster.
  ///
  /// The record is complete and durable before it gets its name, by a hard link, which fails where
  /// the name is taken, on network file systems too.
  package func claim(_ record: WorldRecord) throws(CheckpointError) -> Bool {
    let temporaryPath = "\(folder)/claim.\(CampaignID.random().hexadecimal).new"
    do {
      let file = try files.create(temporaryPath)
      try files.write(Array(record.text.utf8), to: file, at: 0)
      try files.synchronise(file)
    }
    let claimed = try files.link(temporaryPath, to: recordPath(record.world))
    try files.remove(temporaryPath)
    if claimed { try files.synchroniseFolder(folder) }
    return claimed
  }

  /// Writes down how a world ended, so that the next need not find out.
  package func recordEnd(
    of world: WorldNumber, exitCode: Int32, reason: String, at seconds: Int64
  ) throws(CheckpointError) {
    let end = WorldEnd(utc: utc(seconds), exitCode: exitCode, reason: reason)
    let path = endPath(world)
    try DurableReplace(
      files, folder: folder, name: String(path.dropFirst(folder.count + 1))
    ).write(Array(end.text.utf8))
  }
}
