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

  /// The shard's learners, all of which a snapshot must hold.
  let learners: [LearnerIndex]

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
    /// The newest place that any file is of.
    var newest: Position?
    /// Whether no journal is of that place.
    var lacksNewestJournal = false
    var report: [String] = []

    /// Whether anything was ever recorded.
    var hasSteps: Bool {
      !payloads.isEmpty || base.map { $0.position.generation > Generation(1) } ?? false
    }
  }

  /// One journal on the way from base to end.
  private struct Step {
    var position: Position
    /// nil where there is none that can be read.
    var journal: JournalReader?
    /// How many bytes the next journal goes on from; nil for the newest.
    var byteCountMax: Int?

    /// Whether later journals count: this one is read to its end, or was never begun.
    var isWhole: Bool {
      journal.map { $0.unreadableByteCount == 0 } ?? (byteCountMax ?? 0 == 0)
    }
  }

  func load() throws(CheckpointError) -> Loaded {
    let names = try files.names(in: folder)
    let positions = Set(names.filter(isWhole).compactMap { Position(fileName: $0) })
      .sorted(by: >)
    var report: [String] = []
    for (index, start) in positions.enumerated() {
      guard var loaded = try load(from: start, &report) else { continue }
      if index > 0 {
        report.append("\(folder): went back to \(start); newer results are lost")
        for lost in positions[..<index] { try keepStranded(lost, &report) }
      }
      loaded.newest = positions[0]
      loaded.lacksNewestJournal = !names.contains(positions[0].journalName)
      loaded.report = report + loaded.report
      return loaded
    }
    guard positions.isEmpty, !names.contains(where: SetAside.isMarked) else {
      throw Self.nothingReadable(in: folder, report)
    }
    return Loaded()
  }

  /// What is said where a shard has lost everything.
  static func nothingReadable(in folder: String, _ report: [String]) -> CheckpointError {
    CheckpointError(
      .allDamaged, operation: "load", path: folder,
      detail: (report + [
        "no generation can be read. Put whole files back from a copy (those set aside keep their "
          + "names but for the ending), or start afresh with --fresh, which keeps all of this in a "
          + "folder of its own"
      ]).joined(separator: "; "))
  }

  private func isWhole(_ name: String) -> Bool {
    !SetAside.isMarked(name) && !name.hasSuffix(DurableReplace.temporarySuffix)
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
      steps.append(Step(position: position, journal: journal, byteCountMax: byteCountMax))
      if let base { return try replay(steps.reversed(), onto: base) }
      guard let journal else { return nil }
      if journal.header.needsSnapshot {
        report.append("\(folder)/\(position.journalName): begins with a snapshot that is not there")
        return nil
      }
      guard let before = journal.header.follows else {
        report.append("\(folder): all of it is replayed from its journals")
        return try replay(steps.reversed(), onto: nil)
      }
      position = before.position
      byteCountMax = before.byteCount
    }
    report.append("\(folder): journals follow each other in a circle")
    return nil
  }

  /// Follows the journals up to the first that has not all of its bytes; after it, nothing counts.
  private func replay(
    _ steps: [Step], onto base: ShardSnapshot?
  ) throws(CheckpointError) -> Loaded {
    var loaded = Loaded(base: base)
    for (index, step) in steps.enumerated() {
      loaded.end = JournalHeader.Predecessor(
        position: step.position, byteCount: step.journal?.byteCount ?? 0)
      loaded.payloads += step.journal?.payloads ?? []
      guard !step.isWhole else { continue }
      let isNewest = index == steps.count - 1
      if isNewest, isGrowing { break }
      let path = "\(folder)/\(step.position.journalName)"
      if let journal = step.journal {
        loaded.report.append(
          "\(path): \(journal.unreadableByteCount) bytes from byte \(journal.byteCount) on are no "
            + "whole block"
            + (isNewest ? " (not finished when the world ended, or damaged)" : "; the rest is lost")
        )
        if journal.isDamaged || !isNewest { try keepDamaged(path, &loaded.report) }
      } else {
        loaded.report.append("\(path): cannot be read, and the rest is lost")
      }
      for lost in steps[(index + 1)...] { try keepStranded(lost.position, &loaded.report) }
      return loaded
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
    guard byteCountMax != 0, try files.exists(path) else { return nil }
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
    guard try files.exists(path) else { return nil }
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
    let members = found.snapshot.members.map(\.index)
    guard members == learners else {
      throw CheckpointError(
        .damaged, operation: "read snapshot", path: file.path,
        detail: "it holds \(members.count) learners, which are not the shard's \(learners.count)")
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
    report.append("it is kept as \(try SetAside(files).rename(path, .damaged))")
  }

  /// Gives a journal that is partly read a second name, under which it stays.
  private func keepDamaged(_ path: String, _ report: inout [String]) throws(CheckpointError) {
    guard setsDamagedAside else { return }
    report.append("it is kept as \(try SetAside(files).link(path, .damaged))")
  }

  /// Renames whole files that nothing leads to any more, so that they stay.
  private func keepStranded(
    _ position: Position, _ report: inout [String]
  ) throws(CheckpointError) {
    guard setsDamagedAside else { return }
    for name in [position.journalName, position.snapshotName] {
      let path = "\(folder)/\(name)"
      guard try files.exists(path) else { continue }
      report.append("\(path) is kept as \(try SetAside(files).rename(path, .stranded))")
    }
  }
}
