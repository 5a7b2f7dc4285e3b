import AdaptiveCore
import NodeRuntime

/// Looks at every file of a shard, one by one, and at what a relaunch would make of them.
struct ShardInspector {
  /// Reads the shard without setting anything aside.
  let loader: ShardLoader

  /// Worlds that wrote down their end and saved all before: what is not whole in their last
  /// journals was not left by a crash.
  let savedWorlds: [WorldNumber]

  private var files: FileSystem { loader.files }
  private var folder: String { loader.folder }

  func inspect() throws(CheckpointError) -> ShardFinding {
    let names = try files.names(in: folder)
    let positions = Set(names.filter { !isLeftOver($0) }.compactMap { Position(fileName: $0) })
      .sorted()
    var parts: [Part] = []
    for position in positions {
      parts.append(
        Part(
          position: position, journal: try readJournal(position),
          snapshot: try inspectSnapshot(position, names)))
    }
    let needed = neededByteCounts(of: parts)
    parts += missingParts(needed, among: parts)
    parts.sort { $0.position < $1.position }
    let generations = parts.map { part in
      var finding = part.journal.finding
      finding.state = state(
        of: part.journal, at: part.position, neededByteCount: needed[part.position],
        isNewest: part.position == parts.last?.position)
      finding.losesBlocks = finding.state.isDamaged && !part.journal.isComplete
      return GenerationFinding(
        position: part.position, snapshot: part.snapshot, journal: finding)
    }
    return ShardFinding(
      shard: loader.shard, generations: generations, leftOver: names.filter(isLeftOver),
      missing: nil, recovery: try recovery(generations))
  }

  /// A generation's files while they are judged.
  private struct Part {
    var position: Position
    var journal: FoundJournal
    var snapshot: SnapshotFinding
  }

  /// How much of each journal the one after it counts on.
  private func neededByteCounts(of parts: [Part]) -> [Position: Int] {
    var needed: [Position: Int] = [:]
    for part in parts {
      guard case .whole(let reader) = part.journal, let follows = reader.header.follows else {
        continue
      }
      needed[follows.position] = max(needed[follows.position] ?? 0, follows.byteCount)
    }
    return needed
  }

  /// Generations of which no file is left though a journal goes on from them, and that are not
  /// older than all that is kept.
  private func missingParts(_ needed: [Position: Int], among parts: [Part]) -> [Part] {
    let oldest = parts.first { !$0.snapshot.state.isDamaged && $0.snapshot.state != .absent }
    return needed.keys.sorted().filter { position in
      needed[position] != 0 && !parts.contains { $0.position == position }
        && oldest.map { position > $0.position } ?? true
    }.map { Part(position: $0, journal: .absent, snapshot: SnapshotFinding()) }
  }

  private func isLeftOver(_ name: String) -> Bool {
    name.contains(".damaged-") || name.hasSuffix(DurableReplace.temporarySuffix)
  }
}

// MARK: - Snapshots

extension ShardInspector {
  private func inspectSnapshot(
    _ position: Position, _ names: [String]
  ) throws(CheckpointError) -> SnapshotFinding {
    var finding = SnapshotFinding()
    guard names.contains(position.snapshotName) else {
      if names.contains(position.digestName) {
        finding.state = .usable("never finished, or removed: its digest is there")
      }
      return finding
    }
    do throws(CheckpointError) {
      let found = try loader.snapshot(position)
      finding = SnapshotFinding(found.snapshot)
      finding.state = found.remark == nil ? .whole : .usable("judged without a digest")
    } catch {
      guard error.code == .damaged else { throw error }
      finding.state = .damaged(error.detail)
    }
    return finding
  }
}

extension SnapshotFinding {
  init(_ snapshot: ShardSnapshot) {
    for member in snapshot.members {
      pointCount += member.learner.results.count
      failedCount += member.learner.failed.count
      pendingCount += member.learner.pending.count
    }
  }
}

// MARK: - Journals

extension ShardInspector {
  private enum FoundJournal {
    case absent
    case damaged(String)
    case whole(JournalReader)

    /// Whether no byte behind its headers is damaged.
    var isComplete: Bool {
      if case .whole(let reader) = self { reader.unreadableByteCount == 0 } else { false }
    }

    var finding: JournalFinding {
      switch self {
      case .absent: JournalFinding()
      case .damaged(let detail): JournalFinding(state: .damaged(detail))
      case .whole(let reader): JournalFinding(reader)
      }
    }
  }

  private func readJournal(_ position: Position) throws(CheckpointError) -> FoundJournal {
    do throws(CheckpointError) {
      return try loader.journal(position, byteCountMax: nil).map { .whole($0) } ?? .absent
    } catch {
      guard error.code == .damaged else { throw error }
      return .damaged(error.detail)
    }
  }

  /// - Parameter neededByteCount: how much of it the journal after it counts on; nil for none.
  private func state(
    of journal: FoundJournal, at position: Position, neededByteCount: Int?, isNewest: Bool
  ) -> PartState {
    let reader: JournalReader
    switch journal {
    case .whole(let found): reader = found
    case .damaged(let detail): return .damaged(detail)
    case .absent:
      guard let neededByteCount, neededByteCount > 0 else { return .absent }
      return .damaged("missing; the journal after it goes on from its byte \(neededByteCount)")
    }
    let rest = "\(reader.unreadableByteCount) bytes from byte \(reader.byteCount) on are no block"
    if let neededByteCount, reader.byteCount < neededByteCount {
      return .damaged("\(rest); the journal after it goes on from byte \(neededByteCount)")
    }
    if reader.hasDamagedCopy { return .damaged("one of its two headers; the other serves") }
    guard reader.unreadableByteCount > 0 else { return .whole }
    if neededByteCount != nil {
      return .usable("\(rest), and the journal after it needs none of them")
    }
    if isNewest, loader.isGrowing { return .whole }
    if isNewest, !savedWorlds.contains(position.world) {
      return .usable("\(rest): not finished when the world died")
    }
    return .damaged(rest)
  }
}

extension JournalFinding {
  init(_ reader: JournalReader) {
    state = .whole
    blockCount = reader.payloads.count
    for payload in reader.payloads {
      var entries = JournalEntryReader(payload)
      while let entry = entries.next() {
        switch entry {
        case .asked: askedCount += 1
        case .told: toldCount += 1
        case .failed: failedCount += 1
        case .elapsed: break
        }
      }
    }
  }
}

// MARK: - Recovery

extension ShardInspector {
  private func recovery(
    _ generations: [GenerationFinding]
  ) throws(CheckpointError) -> Result<ShardFinding.Recovery, CheckpointError> {
    let loaded: ShardLoader.Loaded
    do throws(CheckpointError) {
      loaded = try loader.load()
    } catch {
      guard error.code == .allDamaged || error.code == .damaged else { throw error }
      return .failure(error)
    }
    var journalled = JournalFinding()
    for payload in loaded.payloads {
      var entries = JournalEntryReader(payload)
      while let entry = entries.next() {
        if case .told = entry { journalled.toldCount += 1 }
      }
    }
    let isSuspect =
      !loaded.report.isEmpty
      || generations.contains { $0.snapshot.state.isDamaged || $0.journal.state.isDamaged }
    return .success(
      ShardFinding.Recovery(
        base: loaded.base?.position,
        pointCount: (loaded.base.map { SnapshotFinding($0).pointCount } ?? 0)
          + journalled.toldCount, journalledCount: journalled.toldCount, remarks: loaded.report,
        lostCount: isSuspect ? try lostCount(loaded, generations) : 0,
        losesMore: losesMore(loaded, generations)))
  }

  /// Whether a journal that counts has lost blocks, or newer generations cannot be reached.
  private func losesMore(
    _ loaded: ShardLoader.Loaded, _ generations: [GenerationFinding]
  ) -> Bool {
    if let newest = generations.last?.position, let end = loaded.end, end.position < newest {
      return true
    }
    return generations.contains { generation in
      generation.journal.losesBlocks
        && (loaded.base.map { generation.position >= $0.position } ?? true)
    }
  }

  /// Results that stand in a file that can be read, and not in what was loaded.
  private func lostCount(
    _ loaded: ShardLoader.Loaded, _ generations: [GenerationFinding]
  ) throws(CheckpointError) -> Int {
    var known = ResultSet()
    if let base = loaded.base { known.insert(base) }
    known.insert(loaded.payloads)
    let knownCount = known.count
    for generation in generations {
      if generation.snapshot.pointCount > 0, !generation.snapshot.state.isDamaged {
        known.insert(try loader.snapshot(generation.position).snapshot)
      }
      if generation.journal.toldCount > 0,
        let journal = try loader.journal(generation.position, byteCountMax: nil)
      {
        known.insert(journal.payloads)
      }
    }
    return known.count - knownCount
  }
}

/// Points that have a result, each once.
private struct ResultSet {
  private struct Key: Hashable {
    var learner: LearnerIndex
    /// Bits of the coordinates.
    var point: [UInt64]
  }

  private var keys: Set<Key> = []

  var count: Int { keys.count }

  mutating func insert(_ snapshot: ShardSnapshot) {
    for member in snapshot.members {
      let dimension = member.learner.results.dimension
      member.learner.results.forEachSegment { segment in
        for start in stride(from: 0, to: segment.points.count, by: dimension) {
          insert(member.index, segment.points[start..<start + dimension])
        }
      }
    }
  }

  mutating func insert(_ payloads: [ArraySlice<UInt8>]) {
    for payload in payloads {
      var entries = JournalEntryReader(payload)
      while let entry = entries.next() {
        if case .told(let learner, let point, _, _, _) = entry { insert(learner, point[...]) }
      }
    }
  }

  private mutating func insert(_ learner: LearnerIndex, _ point: ArraySlice<Double>) {
    keys.insert(Key(learner: learner, point: point.map(\.bitPattern)))
  }
}
