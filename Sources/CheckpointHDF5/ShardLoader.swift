import AdaptiveCore
import NodeRuntime

/// Finds the newest state of a shard that its files still give.
///
/// A snapshot holds the state at the beginning of its generation's journal. Where it is missing or
/// damaged, that state is the end of the journal before, so loading walks back to the nearest
/// snapshot that is whole, and then replays every journal from there.
struct ShardLoader {
  let files: FileSystem
  let folder: String
  let shard: Int
  let campaign: CampaignID

  /// Damaged files get another name, so that nothing overwrites them; only for who holds the
  /// directory.
  let setsDamagedAside: Bool

  /// A living world still writes to the newest journal: what is not whole at its end is no damage.
  var isGrowing = false

  struct Loaded {
    /// nil where everything is replayed from learners that know nothing.
    var base: ShardSnapshot?
    /// Journal blocks after the base, in order.
    var payloads: [ArraySlice<UInt8>] = []
    /// Where the next world's journal goes on; nil for a shard without any file.
    var end: JournalHeader.Predecessor?
    var report: [String] = []
  }

  /// One journal on the way from base to end; nil where that journal was never begun.
  private struct Step {
    var position: Position
    var journal: JournalReader?
  }

  func load() throws(CheckpointError) -> Loaded {
    let names = try files.names(in: folder)
    let positions = Set(names.filter(isWhole).compactMap { Position(fileName: $0) })
      .sorted(by: >)
    var report: [String] = []
    for (index, start) in positions.enumerated() {
      if let loaded = try load(from: start, &report) {
        if index > 0 { report.append("\(folder): went back to \(start); newer results are lost") }
        return finished(loaded, report)
      }
    }
    guard !names.contains(where: { $0.contains(Self.damagedMark) }), positions.isEmpty else {
      throw CheckpointError(
        .allDamaged, operation: "load", path: folder,
        detail: (report + ["no generation can be read; restore a copy, or start afresh"])
          .joined(separator: "; "))
    }
    return Loaded()
  }

  private func finished(_ loaded: Loaded, _ report: [String]) -> Loaded {
    var loaded = loaded
    loaded.report = report + loaded.report
    return loaded
  }

  private static let damagedMark = ".damaged-"

  private func isWhole(_ name: String) -> Bool {
    !name.contains(Self.damagedMark) && !name.hasSuffix(DurableReplace.temporarySuffix)
      && !name.hasSuffix(".sha256")
  }

  /// The state at the end of the generation `start`; nil if it cannot be had.
  private func load(from start: Position, _ report: inout [String]) throws(CheckpointError)
    -> Loaded?
  {
    var steps: [Step] = []
    var position = start
    var byteCountMax: Int?
    var seen: Set<Position> = []
    while seen.insert(position).inserted {
      let journal = try readJournal(position, byteCountMax: byteCountMax, &report)
      let base = try readSnapshot(position, &report)
      steps.append(Step(position: position, journal: journal))
      if let base { return replay(steps.reversed(), onto: base) }
      guard let journal else { return nil }
      guard let before = journal.header.follows else {
        report.append("\(folder): all of it is replayed from its journals")
        return replay(steps.reversed(), onto: nil)
      }
      position = before.position
      byteCountMax = before.byteCount
    }
    report.append("\(folder): journals follow each other in a circle")
    return nil
  }

  /// Follows the journals up to the first that has not all of its bytes; after it, nothing counts.
  private func replay(_ steps: [Step], onto base: ShardSnapshot?) -> Loaded {
    var loaded = Loaded(base: base)
    for (index, step) in steps.enumerated() {
      loaded.end = JournalHeader.Predecessor(
        position: step.position, byteCount: step.journal?.byteCount ?? 0)
      guard let journal = step.journal else { continue }
      loaded.payloads += journal.payloads
      guard journal.unreadableByteCount > 0 else { continue }
      let isNewest = index == steps.count - 1
      if isNewest, isGrowing { break }
      loaded.report.append(
        "\(folder)/\(step.position.journalName): \(journal.unreadableByteCount) bytes from byte "
          + "\(journal.byteCount) on are no whole block"
          + (isNewest ? " (not finished when the world ended, or damaged)" : "; the rest is lost"))
      if !isNewest { break }
    }
    return loaded
  }

  /// nil where there is none, or none that can be read.
  private func readJournal(
    _ position: Position, byteCountMax: Int?, _ report: inout [String]
  ) throws(CheckpointError) -> JournalReader? {
    do throws(CheckpointError) {
      return try journal(position, byteCountMax: byteCountMax)
    } catch {
      try note(error, "\(folder)/\(position.journalName)", &report)
      return nil
    }
  }

  /// The journal of this shard that begins at `position`; nil where there is none.
  func journal(
    _ position: Position, byteCountMax: Int?
  ) throws(CheckpointError) -> JournalReader? {
    let path = "\(folder)/\(position.journalName)"
    guard byteCountMax != 0, files.exists(path) else { return nil }
    let journal = try JournalReader(files, path: path, byteCountMax: byteCountMax)
    let header = journal.header
    guard header.position == position, header.shard == shard, header.campaign == campaign else {
      throw CheckpointError(
        .damaged, operation: "read journal", path: path,
        detail: "it belongs to another campaign, shard or generation")
    }
    return journal
  }

  /// nil where there is none, or none that can be read.
  private func readSnapshot(
    _ position: Position, _ report: inout [String]
  ) throws(CheckpointError) -> ShardSnapshot? {
    let path = "\(folder)/\(position.snapshotName)"
    guard files.exists(path) else { return nil }
    do throws(CheckpointError) {
      let found = try snapshot(position)
      if let remark = found.remark { report.append(remark) }
      return found.snapshot
    } catch {
      try note(error, path, &report)
      return nil
    }
  }

  /// The snapshot of this shard at `position`, which must be there.
  func snapshot(_ position: Position) throws(CheckpointError) -> SnapshotFile.Found {
    let file = SnapshotFile(files, folder: folder, position: position)
    let found = try file.read()
    guard found.snapshot.shard == shard, found.snapshot.campaign == campaign else {
      throw CheckpointError(
        .damaged, operation: "read snapshot", path: file.path,
        detail: "it belongs to another campaign or shard")
    }
    return found
  }

  /// Reports damage and sets the file aside; any other error is thrown on.
  private func note(
    _ error: CheckpointError, _ path: String, _ report: inout [String]
  ) throws(CheckpointError) {
    guard error.code == .damaged else { throw error }
    report.append("\(error)")
    guard setsDamagedAside else { return }
    var number = 1
    while files.exists("\(path)\(Self.damagedMark)\(number)") { number += 1 }
    let aside = "\(path)\(Self.damagedMark)\(number)"
    try files.rename(path, to: aside)
    try files.synchroniseFolder(folder)
    report.append("it is kept as \(aside)")
  }
}
