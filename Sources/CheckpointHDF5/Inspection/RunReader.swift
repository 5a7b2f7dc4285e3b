package import AdaptiveCore

/// A run directory for those who only look: nothing in it is written, renamed or removed, and no
/// matter whether a world lives there.
package struct RunReader: Sendable {
  package let lineage: Lineage

  /// Every world that took the directory, oldest first; at least one.
  package let worlds: [World]

  package struct World: Sendable {
    package var number: WorldNumber
    /// What it wrote down when it began, or why that cannot be read.
    package var record: Result<WorldRecord, CheckpointError>
    /// How it said that it ended; nil if it did not, or not in a form that can be read.
    package var end: WorldEnd?
  }

  /// - Throws: ``CheckpointError/Code/missing`` if there is no run directory.
  package init(_ directory: String, files: FileSystem = FileSystem()) throws(CheckpointError) {
    lineage = Lineage(files, directory: directory)
    func missing(_ detail: String) -> CheckpointError {
      CheckpointError(.missing, operation: "open run directory", path: directory, detail: detail)
    }
    guard try files.exists(directory) else { throw missing("there is no such directory") }
    guard try files.exists(lineage.folder) else {
      throw missing("it holds no campaign: it has no folder 'worlds'; is it another directory?")
    }
    var worlds: [World] = []
    for number in try lineage.worlds() {
      worlds.append(
        World(
          number: number, record: lineage.readRecord(number),
          end: try lineage.end(of: number).flatMap { WorldEnd(text: $0) }))
    }
    guard !worlds.isEmpty else {
      throw missing("no world has begun there yet, or its records are lost")
    }
    self.worlds = worlds
  }

  package var newest: World { worlds[worlds.count - 1] }

  /// The newest record that can be read: whose campaign this is.
  package func record() throws(CheckpointError) -> WorldRecord {
    for world in worlds.reversed() {
      if case .success(let record) = world.record { return record }
    }
    throw CheckpointError(
      .allDamaged, operation: "read", path: lineage.folder,
      detail: "no world's record can be read; restore one, or start afresh")
  }

  /// Whether the newest world lives, as far as can be known at once.
  package func holder(seenBy observer: Claimant) -> Holder {
    if newest.end != nil { return .dead("it wrote down its end") }
    guard case .success(let record) = newest.record else { return .unseen }
    return observer.judge(record, end: nil)
  }

  package var status: StatusFile {
    StatusFile(lineage.files, directory: lineage.directory)
  }

  /// Reads what a relaunch would, and leaves damaged files where they are.
  ///
  /// - Parameter isHeld: a world may live there. Files that come and go meanwhile are no damage:
  ///   then all is read again, a few times.
  package func load(isHeld: Bool) throws(CheckpointError) -> LoadedCheckpoint {
    let claim = WorldClaim(lineage: lineage, record: try record(), previous: nil)
    return try settled(isHeld: isHeld) { () throws(CheckpointError) in
      try claim.load { shard in loader(shard, of: claim.record, isHeld: isHeld) }
    } isSettled: {
      $0.report.isEmpty
    }
  }

  func loader(_ shard: Int, of record: WorldRecord, isHeld: Bool) -> ShardLoader {
    ShardLoader(
      files: lineage.files, folder: folder(shard), shard: shard, campaign: record.campaign,
      learners: ShardMap(learnerCount: record.learnerCount).learners(of: shard),
      setsDamagedAside: false, isGrowing: isHeld)
  }

  func folder(_ shard: Int) -> String { "\(lineage.directory)/\(ShardMap.folderName(shard))" }

  /// Does `body` again while it fails or finds fault and files have come or gone meanwhile.
  func settled<Found>(
    isHeld: Bool, _ body: () throws(CheckpointError) -> Found, isSettled: (Found) -> Bool
  ) throws(CheckpointError) -> Found {
    var attempts = 1
    while true {
      let before = try fileNames()
      do throws(CheckpointError) {
        let found = try body()
        if !isHeld || isSettled(found) { return found }
        if try fileNames() == before || attempts == Limits.readAttemptsMax { return found }
      } catch {
        if !isHeld || attempts == Limits.readAttemptsMax { throw error }
        if try fileNames() == before { throw error }
      }
      attempts += 1
    }
  }

  private func fileNames() throws(CheckpointError) -> [String] {
    var names: [String] = []
    for shard in 0..<ShardMap(learnerCount: try record().learnerCount).shardCount {
      names += try lineage.files.names(in: folder(shard)).map { "\(shard)/\($0)" }
    }
    return names
  }
}

extension Lineage {
  fileprivate func readRecord(_ world: WorldNumber) -> Result<WorldRecord, CheckpointError> {
    do throws(CheckpointError) {
      return .success(try record(world))
    } catch {
      return .failure(error)
    }
  }
}
