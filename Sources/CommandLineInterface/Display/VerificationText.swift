import AdaptiveCore
import CheckpointHDF5
import NodeRuntime

/// What `verify` found, for people: a line for each generation of each shard, then what a relaunch
/// would make of it.
///
/// ```
/// directory   runs/wire: campaign 5f0c…, 2 learners in 2 shards
/// worlds      1 to 3: the newest ended 2026-11-24T23:50:12Z with exit code 75
/// shard-0000  world 1, generation 1   snapshot whole: 0 points        journal whole: 120 told
/// shard-0000  world 3, generation 2   snapshot DAMAGED: its SHA-256 … journal whole: 3 told
/// ```
enum VerificationText {
  static func lines(
    _ inspection: RunInspection, _ reader: RunReader, _ holder: Holder
  ) -> [String] {
    let record = inspection.record
    return [
      line(
        "directory",
        "\(reader.lineage.directory): campaign \(record.campaign.hexadecimal), "
          + "\(counted(record.learnerCount, "learner")) in "
          + "\(counted(inspection.shards.count, "shard"))"),
      line("worlds", worlds(reader, holder)),
    ] + inspection.lineageDamage.map { line("", "DAMAGED: \($0)") }
      + inspection.shards.flatMap(lines)
  }

  /// What a relaunch would load, and what would be lost.
  static func verdict(_ inspection: RunInspection, _ campaign: RecoveredCampaign?) -> [String] {
    var points = 0
    var journalled = 0
    var lost = 0
    var unreadable: [String] = []
    var remarks: [String] = []
    for shard in inspection.shards {
      switch shard.recovery {
      case .success(let recovery):
        points += recovery.pointCount
        journalled += recovery.journalledCount
        lost += recovery.lostCount
        remarks += recovery.remarks
      case .failure(let error):
        unreadable.append("\(error)")
      }
    }
    var load =
      "\(counted(points, "point")), \(Numbers.grouped(journalled)) of them from journals"
    if let state = campaign?.state {
      let learners = (0..<state.learnerCount).map { LearnerIndex($0) }
      let failed = learners.reduce(0) { $0 + state.failedCount($1) }
      let pending = learners.reduce(0) { $0 + state.pendingPoints($1).count }
      load += "; \(Numbers.grouped(failed)) given up, \(Numbers.grouped(pending)) pending"
    }
    if !unreadable.isEmpty { load = "nothing: \(unreadable.joined(separator: "; "))" }
    return [line("a relaunch", (unreadable.isEmpty ? "would load " : "can load ") + load)]
      + remarks.map { line("", $0) } + [line("lost", loss(inspection, lost))]
  }

  private static func loss(_ inspection: RunInspection, _ lost: Int) -> String {
    if lost > 0 { return "\(counted(lost, "result")) at least, which other files still hold" }
    let losesMore = inspection.shards.contains { shard in
      guard shard.missing == nil, case .success(let recovery) = shard.recovery else { return true }
      return recovery.losesMore
    }
    return losesMore ? "what the damaged parts held; how much is not known" : "nothing"
  }
}

// MARK: - Lines

extension VerificationText {
  private static func line(_ name: String, _ text: String) -> String {
    Numbers.padded(name, to: 12, isRight: false) + text
  }

  static func counted(_ count: Int, _ noun: String) -> String {
    "\(Numbers.grouped(count)) \(noun)\(count == 1 ? "" : "s")"
  }

  private static func worlds(_ reader: RunReader, _ holder: Holder) -> String {
    let first = reader.worlds[0].number.rawValue
    let last = reader.newest.number.rawValue
    let numbers = first == last ? "\(last)" : "\(first) to \(last)"
    if let end = reader.newest.end {
      return "\(numbers): the newest ended \(end.utc) with exit code \(end.exitCode)"
    }
    switch holder {
    case .dead(let reason): return "\(numbers): the newest died: \(reason)"
    case .living(let reason): return "\(numbers): the newest lives: \(reason)"
    case .unseen: return "\(numbers): whether the newest lives cannot be seen from this host"
    }
  }

  private static func lines(_ shard: ShardFinding) -> [String] {
    let name = ShardMap.folderName(shard.shard)
    var lines = shard.generations.map { generation in
      let place = Numbers.padded("\(generation.position)", to: 24, isRight: false)
      let snapshot = Numbers.padded(text(generation.snapshot), to: 38, isRight: false)
      return line(name, "\(place)  snapshot \(snapshot)  journal \(text(generation.journal))")
    }
    if let missing = shard.missing {
      lines.append(line(name, "DAMAGED: the files of \(missing), which other shards have"))
    }
    lines += shard.leftOver.map { name in
      name.hasSuffix(".new")
        ? line("", "\(name): never finished; it is not read")
        : line("", "\(name): found damaged and set aside before; it is not read")
    }
    return lines
  }

  static func text(_ snapshot: SnapshotFinding) -> String {
    text(
      snapshot.state,
      counted(snapshot.pointCount, "point")
        + (snapshot.failedCount > 0 ? ", \(Numbers.grouped(snapshot.failedCount)) given up" : "")
        + (snapshot.pendingCount > 0 ? ", \(Numbers.grouped(snapshot.pendingCount)) pending" : ""))
  }

  static func text(_ journal: JournalFinding) -> String {
    text(
      journal.state,
      "\(Numbers.grouped(journal.toldCount)) told, \(Numbers.grouped(journal.askedCount)) asked"
        + (journal.failedCount > 0 ? ", \(Numbers.grouped(journal.failedCount)) given up" : ""))
  }

  private static func text(_ state: PartState, _ content: String) -> String {
    switch state {
    case .absent: "none"
    case .whole: "whole: \(content)"
    case .usable(let remark): "whole: \(content) (\(remark))"
    case .damaged(let detail): "DAMAGED: \(detail)"
    }
  }
}
