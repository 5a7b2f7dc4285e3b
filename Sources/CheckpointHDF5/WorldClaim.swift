import AdaptiveCore
package import NodeRuntime

/// A run directory that this world has taken, and all that it may do with it.
package struct WorldClaim: Sendable {
  let lineage: Lineage

  /// This world.
  package let record: WorldRecord

  /// The world before in the same campaign; nil for the first, and where no record can be read.
  package let previous: WorldRecord?

  /// Which of the campaign's shards this rank reads and writes.
  package var part = ShardPart.all

  var shards: ShardMap { ShardMap(learnerCount: record.learnerCount) }

  /// This rank's shards, ascending.
  var ownShards: [Int] { part.shards(of: shards) }

  /// A claim that rank 0 has made, for a root that takes part in its world.
  package init(
    directory: String, record: WorldRecord, part: ShardPart, files: FileSystem = FileSystem()
  ) {
    self.init(
      lineage: Lineage(files, directory: directory), record: record, previous: nil, part: part)
  }

  init(
    lineage: Lineage, record: WorldRecord, previous: WorldRecord?, part: ShardPart = .all
  ) {
    self.lineage = lineage
    self.record = record
    self.previous = previous
    self.part = part
  }

  private var files: FileSystem { lineage.files }

  private func folder(_ shard: Int) -> String {
    "\(lineage.directory)/\(ShardMap.folderName(shard))"
  }

  /// Reads the newest state that the files of this rank's shards still give, and sets damaged ones
  /// aside.
  ///
  /// - Throws: ``CheckpointError/Code/allDamaged`` if a shard has files of which none can be read.
  package func load() throws(CheckpointError) -> LoadedCheckpoint {
    try load { shard in
      ShardLoader(
        files: files, folder: folder(shard), shard: shard, campaign: record.campaign,
        learners: shards.learners(of: shard), setsDamagedAside: true)
    }
  }

  /// - Parameter loader: how each shard is to be read.
  func load(
    with loader: (Int) -> ShardLoader
  ) throws(CheckpointError) -> LoadedCheckpoint {
    var loaded = LoadedCheckpoint(
      learners: Array(repeating: nil, count: record.learnerCount), elapsed: .zero,
      campaignText: nil, report: [], payloads: [],
      ends: Array(repeating: nil, count: shards.shardCount),
      bases: Array(repeating: nil, count: shards.shardCount))
    var newest: Position?
    var parts: [(shard: Int, ShardLoader.Loaded)] = []
    for shard in ownShards { parts.append((shard, try loader(shard).load())) }
    loaded.report = try remarksOnMissing(parts)
    for (shard, part) in parts {
      loaded.report += part.report
      loaded.payloads += part.payloads
      loaded.ends[shard] = part.end
      loaded.bases[shard] = part.base?.position
      guard let base = part.base else { continue }
      for member in base.members { loaded.learners[member.index.position] = member.learner }
      loaded.elapsed = max(loaded.elapsed, base.elapsed)
      if base.position >= newest ?? base.position {
        newest = base.position
        loaded.campaignText = base.campaignText
      }
    }
    return loaded
  }

  /// Says which shards lack files of the newest world that began to write: it made a journal in
  /// each of them first.
  ///
  /// - Throws: ``CheckpointError/Code/allDamaged`` where a shard that had begun has no file at all,
  ///   which must not be taken for a new one.
  private func remarksOnMissing(
    _ parts: [(shard: Int, ShardLoader.Loaded)]
  ) throws(CheckpointError) -> [String] {
    let begun = try lineage.newestBegun(of: record.campaign, before: record.world)
    var remarks: [String] = []
    for (shard, part) in parts {
      guard let newest = part.newest else {
        guard begun == nil, !parts.contains(where: { $0.1.hasSteps }) else {
          throw ShardLoader.nothingReadable(in: folder(shard), ["its files are missing"])
        }
        continue
      }
      let first = begun.map { Position($0, Generation(1)) }
      if let begun, let first, newest < first || (newest == first && part.lacksNewestJournal) {
        remarks.append(
          "\(folder(shard)): the files of world \(begun.rawValue) are missing; newer results are "
            + "lost")
      }
    }
    return remarks
  }

  /// Begins this world's journals where what was loaded ends, for this rank's shards; for a new
  /// campaign, also their first snapshots, which say what the campaign is before anything is
  /// computed.
  package func openStore(
    continuing loaded: LoadedCheckpoint, initial: SavedCampaign, campaignText: String,
    bounds: HDF5CheckpointStore.Bounds = HDF5CheckpointStore.Bounds()
  ) throws(CheckpointError) -> HDF5CheckpointStore {
    let position = Position(record.world, Generation(1))
    let history = try lineage.history()
    let first = shardSnapshots(
      of: initial, at: position, campaignText: campaignText, history: history)
    var journals: [ShardJournal] = []
    var newestWhole = loaded.bases
    for (index, shard) in ownShards.enumerated() {
      try files.makeFolder(folder(shard))
      if loaded.ends[shard] == nil {
        try SnapshotFile(files, folder: folder(shard), position: position).write(first[index])
        newestWhole[shard] = position
      }
      let header = JournalHeader(
        campaign: record.campaign, shard: shard, position: position, follows: loaded.ends[shard])
      journals.append(try ShardJournal(header, folder: folder(shard), files))
    }
    try files.synchroniseFolder(lineage.directory)
    do throws(ThreadError) {
      return try HDF5CheckpointStore(
        self, campaignText: campaignText, history: history, journals: journals,
        newestWhole: newestWhole, bounds: bounds)
    } catch {
      throw CheckpointError(
        .system(error.code), operation: "start thread", path: lineage.directory,
        detail: error.description)
    }
  }

  /// Writes down how this world ended.
  package func recordEnd(exitCode: Int32, reason: String, at now: Int64) throws(CheckpointError) {
    try lineage.recordEnd(of: record.world, exitCode: exitCode, reason: reason, at: now)
  }

  /// What this rank's shards hold of a campaign's state, ascending.
  func shardSnapshots(
    of campaign: SavedCampaign, at position: Position, campaignText: String, history: [String]
  ) -> [ShardSnapshot] {
    ownShards.map { shard in
      ShardSnapshot(
        campaign: record.campaign, campaignText: campaignText, shard: shard, position: position,
        elapsed: campaign.elapsed, worlds: history,
        members: shards.learners(of: shard).map { index in
          ShardSnapshot.Member(index: index, learner: campaign.learners[index.position])
        })
    }
  }
}
