package import AdaptiveCore
package import CheckpointHDF5
import Delegation
import NodeRuntime

/// How a run directory's campaign goes, as seen from any host, at any time: by `status.json` where
/// that is of the newest world, and by the checkpoint where it is not.
package struct RunObservation: Sendable {
  package enum Source: String, Sendable {
    case status = "status.json"
    case checkpoint
  }

  /// What became of the newest world.
  package enum Fate: Sendable, Equatable {
    case living(String)
    /// It wrote down how it ended.
    case ended(WorldEnd)
    /// It is gone, and did not say so.
    case died(String)
    /// On another host: its updates alone tell, and they come.
    case updating
    /// On another host, and its updates no longer come.
    case silent
  }

  package var directory: String
  package var document: StatusDocument
  package var source: Source
  package var fate: Fate
  package var worldNumber: WorldNumber

  /// How the world before the newest ended; nil where it did not say so, or there is none.
  package var endBefore: (world: WorldNumber, end: WorldEnd)?

  /// When this was seen, in seconds since 1970.
  package var seenAt: Double

  /// What else to say, one line each.
  package var remarks: [String]

  /// Since the document was written; 0 where it is of the checkpoint.
  package var age: Double {
    source == .checkpoint ? 0 : max(0, seenAt - document.updated)
  }

  /// Whether updates are missing that a living world would have made.
  package var isLate: Bool {
    source == .status
      && age > Limits.statusUpdatesMissedMax * max(document.updateIntervalSeconds, 1)
  }

  /// Whether the figures are older than they would be in a world that lives or has ended in order.
  package var isStale: Bool {
    switch fate {
    case .ended: false
    case .died, .silent: true
    case .living, .updating: isLate
    }
  }
}

extension RunObservation {
  /// Looks at a run directory, which it leaves as it is.
  init(directory: String) throws(EarlyEnd) {
    let reader: RunReader
    do { reader = try RunReader(directory) } catch { throw EarlyEnd(reading: error) }
    let newest = reader.newest
    self.directory = directory
    worldNumber = newest.number
    seenAt = WallClock.exactEpochSeconds
    remarks = []
    let holder = reader.holder(seenBy: BatchJob().claimant)
    fate = .updating
    var reasonAgainst: String?
    if let found = Self.document(reader.status, newest.number, reasonAgainst: &reasonAgainst) {
      document = found
      source = .status
    } else {
      if let reasonAgainst { remarks.append("\(reasonAgainst); the checkpoint was read instead") }
      var isHeld = true
      if case .dead = holder { isHeld = false }
      let recovered = try LongStep.run("reading the checkpoint") { (_) throws(EarlyEnd) in
        try RecoveredCampaign(reader, isHeld: isHeld)
      }
      document = StatusDocument(recovered, at: seenAt)
      source = .checkpoint
      remarks += recovered.remarks
    }
    if case .failure(let error) = newest.record { remarks.append("\(error)") }
    if let before = reader.worlds.dropLast().last, let end = before.end {
      endBefore = (before.number, end)
    }
    fate = fate(holder, newest.end)
  }

  private func fate(_ holder: Holder, _ end: WorldEnd?) -> Fate {
    if let end { return .ended(end) }
    switch holder {
    case .dead(let reason): return .died(reason)
    case .living(let reason): return .living(reason)
    case .unseen: return source == .checkpoint || isLate ? .silent : .updating
    }
  }

  /// The status file's document, if it is whole and of this world.
  private static func document(
    _ file: StatusFile, _ world: WorldNumber, reasonAgainst: inout String?
  ) -> StatusDocument? {
    do {
      guard let bytes = try file.contents() else {
        reasonAgainst = "there is no status.json"
        return nil
      }
      let document = try StatusDocument(json: bytes)
      guard document.world.number == world.rawValue else {
        reasonAgainst =
          "status.json is of world \(document.world.number), the newest is \(world.rawValue)"
        return nil
      }
      return document
    } catch let unreadable as UnreadableStatus {
      reasonAgainst = "status.json cannot be read: \(unreadable.detail)"
    } catch {
      reasonAgainst = "\(error)"
    }
    return nil
  }
}

extension StatusDocument {
  /// What a checkpoint alone can tell.
  init(_ recovered: RecoveredCampaign, at epochSeconds: Double) {
    let state = recovered.state
    let goal = recovered.campaign?.goal
    let progress = state.progress()
    let learners = Self.learners(progress, elapsed: state.elapsed, goal: goal)
    self.init(
      campaign: .init(
        name: recovered.campaign?.name, id: recovered.record.campaign.hexadecimal,
        goal: goal?.text), world: .init(recovered.record), state: .saved, updated: epochSeconds,
      updateIntervalSeconds: 0, elapsedSeconds: state.elapsed.seconds,
      shareOfGoal: learners.compactMap(\.shareOfGoal).min(),
      loss: Self.finite(progress.map(\.loss).max()),
      points: .init(total: progress.reduce(0) { $0 + $1.pointCount }), leaves: nil,
      failures: .init(
        state.failures, attempts: nil, retried: nil,
        givenUp: progress.reduce(0) { $0 + $1.failedCount },
        quarantined: state.quarantinedCount),
      saving: .init(commitAgeSeconds: nil, trouble: nil), learnerCount: learners.count,
      learners: Self.shown(of: learners), end: nil)
  }
}
