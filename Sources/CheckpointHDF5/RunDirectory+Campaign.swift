import AdaptiveCore

/// Which campaign a run directory holds, by its files, whatever has become of its records.
extension RunDirectory {
  struct FoundCampaign {
    var id: CampaignID
    var learnerCount: Int
    /// Its newest world whose record can be read.
    var record: WorldRecord?
  }

  /// nil where nothing was begun.
  ///
  /// Files say whose they are, records who wrote them. A record that disagrees with all files is
  /// one of a world that never began, or damaged.
  ///
  /// - Throws: ``CheckpointError/Code/allDamaged`` where neither tells.
  func foundCampaign(_ request: ClaimRequest) throws(CheckpointError) -> FoundCampaign? {
    let shards = try shardNames()
    let ids = try campaignIDs(in: shards)
    var newest: WorldRecord?
    for world in try lineage.worlds().reversed() {
      guard let record = try lineage.readableRecord(world) else { continue }
      if newest == nil { newest = record }
      let began = try files.exists(lineage.beatPath(world))
      if ids.contains(record.campaign) || (ids.isEmpty && began) {
        return FoundCampaign(
          id: record.campaign, learnerCount: record.learnerCount, record: record)
      }
    }
    if let id = ids.first {
      return try adopted(id, request.learnerCount, shardCount: shards.count)
    }
    guard try holdsFiles(shards) else { return nil }
    guard let newest else {
      throw CheckpointError(
        .allDamaged, operation: "claim", path: lineage.folder,
        detail: "neither a world's record nor a file of a shard can be read. Put one back from a "
          + "copy, or start afresh with --fresh")
    }
    return FoundCampaign(id: newest.campaign, learnerCount: newest.learnerCount, record: newest)
  }

  /// A campaign without a record: as many learners as the campaign file asks for, if they have
  /// these shards.
  private func adopted(
    _ id: CampaignID, _ learnerCount: Int, shardCount: Int
  ) throws(CheckpointError) -> FoundCampaign {
    guard ShardMap(learnerCount: learnerCount).shardCount == shardCount else {
      throw CheckpointError(
        .allDamaged, operation: "claim", path: lineage.folder,
        detail: "no world's record can be read, and \(learnerCount) learners do not have the "
          + "\(shardCount) shards that are here. Put a record back from a copy, or start afresh "
          + "with --fresh")
    }
    return FoundCampaign(id: id, learnerCount: learnerCount, record: nil)
  }

  /// Whose the files are, by what most of them say; by snapshots where no journal tells.
  private func campaignIDs(in shards: [String]) throws(CheckpointError) -> [CampaignID] {
    var votes: [CampaignID: Int] = [:]
    for usesSnapshots in [false, true] where votes.isEmpty {
      for shard in shards {
        for id in try campaignIDs(in: "\(path)/\(shard)", usesSnapshots: usesSnapshots) {
          votes[id, default: 0] += 1
        }
      }
    }
    return votes.sorted { ($0.value, $0.key.hexadecimal) > ($1.value, $1.key.hexadecimal) }
      .map(\.key)
  }

  private func campaignIDs(
    in folder: String, usesSnapshots: Bool
  ) throws(CheckpointError) -> [CampaignID] {
    var ids: [CampaignID] = []
    for name in try files.names(in: folder) {
      guard let position = Position(fileName: name) else { continue }
      do throws(CheckpointError) {
        if usesSnapshots, name == position.snapshotName {
          ids.append(
            try SnapshotFile(files, folder: folder, position: position).read().snapshot.campaign)
        } else if !usesSnapshots, name == position.journalName {
          let path = "\(folder)/\(name)"
          let bytes = try files.beginning(path, byteCountMax: JournalHeader.byteCount)
          ids.append(try JournalHeader.decode(bytes[...], path: path).campaign)
        }
      } catch {
        guard error.code == .damaged else { throw error }
      }
    }
    return ids
  }

  private func holdsFiles(_ shards: [String]) throws(CheckpointError) -> Bool {
    for name in shards where try !files.names(in: "\(path)/\(name)").isEmpty { return true }
    return false
  }
}
