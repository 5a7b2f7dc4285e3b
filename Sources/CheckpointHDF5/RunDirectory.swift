package import AdaptiveCore

/// What a world brings when it asks for a run directory.
package struct ClaimRequest: Sendable {
  package var claimant: Claimant
  package var learnerCount: Int
  package var ranks: Int
  /// Seconds since 1970, UTC.
  package var now: Int64
  package var build: String
  package var functionDigest: String
  /// Moves aside what is there and begins a new campaign.
  package var startsAfresh: Bool
  /// For each shard which root is to have it; empty where there is one root.
  package var rootOfShard: [Int] = []

  package init(
    claimant: Claimant, learnerCount: Int, ranks: Int, now: Int64, build: String,
    functionDigest: String, startsAfresh: Bool
  ) {
    self.claimant = claimant
    self.learnerCount = learnerCount
    self.ranks = ranks
    self.now = now
    self.build = build
    self.functionDigest = functionDigest
    self.startsAfresh = startsAfresh
  }
}

/// The folder that holds a campaign's worlds and shards.
package struct RunDirectory: Sendable {
  package let lineage: Lineage

  var files: FileSystem { lineage.files }
  var path: String { lineage.directory }

  /// Makes the folder, for this user alone, where it is not there; its parent must be.
  package init(_ path: String, files: FileSystem = FileSystem()) throws(CheckpointError) {
    lineage = Lineage(files, directory: path)
    try files.makeFolder(path)
    try files.makeFolder(lineage.folder)
  }

  /// Takes the directory for a new world.
  ///
  /// - Parameter pause: waits for a time, while watching a holder that cannot be seen from here.
  /// - Throws: ``CheckpointError/Code/held`` naming a holder that lives.
  package func claim(
    _ request: ClaimRequest, pause: (TimeSpan) -> Void
  ) throws(CheckpointError) -> WorldClaim {
    while true {
      let newest = try newestWorld()
      if let newest { try requireDead(newest, request.claimant, pause) }
      let found = try request.startsAfresh ? nil : foundCampaign(request)
      var record = WorldRecord(
        world: WorldNumber((newest?.rawValue ?? 0) + 1), campaign: found?.id ?? .random(),
        learnerCount: found?.learnerCount ?? request.learnerCount,
        process: request.claimant.process, job: request.claimant.job, ranks: request.ranks,
        started: request.now, build: request.build, functionDigest: request.functionDigest)
      record.rootOfShard = request.rootOfShard
      guard try lineage.claim(record) else { continue }
      if request.startsAfresh { try moveAside(before: record.world, at: request.now) }
      return WorldClaim(lineage: lineage, record: record, previous: found?.record)
    }
  }

  /// The largest number of a world that any name carries: a record may be lost, and its number must
  /// not be given again.
  private func newestWorld() throws(CheckpointError) -> WorldNumber? {
    var newest = try lineage.newestNumber()
    for shard in try shardNames() {
      for name in try files.names(in: "\(path)/\(shard)") {
        if let world = Position(fileName: name)?.world { newest = max(newest ?? world, world) }
      }
    }
    return newest
  }

  private func requireDead(
    _ world: WorldNumber, _ claimant: Claimant, _ pause: (TimeSpan) -> Void
  ) throws(CheckpointError) {
    let end = try lineage.end(of: world)
    var holder = Holder.unseen
    var name = "world \(world.rawValue), whose record is damaged or missing"
    if let record = try lineage.readableRecord(world) {
      holder = claimant.judge(record, end: end)
      name = record.holder
    } else if end != nil {
      holder = .dead("it wrote down its end")
    }
    if holder == .unseen { holder = try lineage.watchBeat(of: world, pause: pause) }
    guard case .living(let reason) = holder else { return }
    throw CheckpointError(
      .held, operation: "claim", path: path,
      detail: "held by \(name); \(reason). Wait for it to end, or stop it")
  }

  func shardNames() throws(CheckpointError) -> [String] {
    try files.names(in: path).filter { $0.hasPrefix("shard-") }
  }

  /// Moves shards and older worlds into a folder of their own, which is a run directory again.
  private func moveAside(before world: WorldNumber, at now: Int64) throws(CheckpointError) {
    let dated = "\(path)/aside-\(utc(now).filter { $0 != ":" })"
    let aside = try files.freeName { $0 == 1 ? dated : "\(dated)-\($0)" }
    let shards = try shardNames()
    let records = try files.names(in: lineage.folder).filter { name in
      name.split(separator: ".").first.flatMap { $0.split(separator: "-").last }
        .flatMap { UInt32($0) }.map { $0 < world.rawValue } ?? false
    }
    guard !shards.isEmpty || !records.isEmpty else { return }
    try files.makeFolder(aside)
    try files.makeFolder("\(aside)/worlds")
    for name in records {
      try files.rename("\(lineage.folder)/\(name)", to: "\(aside)/worlds/\(name)")
    }
    for name in shards { try files.rename("\(path)/\(name)", to: "\(aside)/\(name)") }
    for folder in [aside, lineage.folder, path] { try files.synchroniseFolder(folder) }
  }
}
