import AdaptiveCore
import CheckpointHDF5

/// What `status.json` says of a world: see `docs/status-format.md`. What is not known is nil.
///
/// Read by name with lower-case words between underscores; keys that a reader does not know are
/// passed over, so that a format grows without a new number.
package struct StatusDocument: Sendable, Equatable, Decodable {
  package static let format = "adaptive-mpi status"
  package static let formatVersion = 1

  package struct Campaign: Sendable, Equatable, Decodable {
    package var name: String?
    package var id: String
    package var goal: String?
  }

  package struct World: Sendable, Equatable, Decodable {
    package var number: UInt32
    package var host: String
    package var pid: Int32
    package var job: String?
    package var ranks: Int
    /// Seconds since 1970, UTC; so are all moments here.
    package var started: Double
  }

  package enum State: String, Sendable, Decodable, CaseIterable {
    case running, stopping, ended
    /// Not of a living world: read from the checkpoint.
    case saved
  }

  package struct Points: Sendable, Equatable, Decodable {
    package var total: Int
    /// Told in this world.
    package var told: Int?
    package var perSecond: Double?
    package var inFlight: Int?
    /// Answers to points that nobody waited for any more.
    package var dropped: Int?
    /// Answered or lost in this world.
    package var attempts: Int?
    /// Given to a second leaf in this world, because they took long.
    package var duplicated: Int?
  }

  package struct Leaves: Sendable, Equatable, Decodable {
    package var count: Int
    /// How many evaluate a point at this moment.
    package var evaluating: Int
    /// The share of their time that they spent in the function lately.
    package var busyShare: Double?
    /// How many have the function in a process of its own.
    package var isolated: Int?
    /// Processes of the function that were started again in this world.
    package var restarts: Int?
    /// Ranks in a team, each size once; nil where every leaf evaluates by itself.
    package var teams: [Int]?
  }

  package struct Failures: Sendable, Equatable, Decodable {
    package struct Reason: Sendable, Equatable, Decodable {
      package var kind: String
      package var text: String
      package var count: Int
    }

    /// Attempts that failed and were tried again, in this world.
    package var retried: Int?
    /// Points given up, in all worlds.
    package var givenUp: Int
    package var reasons: [Reason]
    /// Points given up for reasons that are not listed.
    package var otherReasons: Int
    /// Why attempts failed in this world, whether their points were tried again or given up.
    package var attemptReasons: [Reason]?
    /// Attempts that failed for reasons that are not listed.
    package var otherAttempts: Int?
    /// Of the points given up: those that ended worlds, and a process of their own.
    package var quarantined: Int?
  }

  package struct Saving: Sendable, Equatable, Decodable {
    /// Since the journal was durable last, at the moment of the update.
    package var commitAgeSeconds: Double?
    package var trouble: String?
    /// Why no snapshot can be written, while the journal may well be durable.
    package var snapshotTrouble: String?
  }

  package struct Learner: Sendable, Equatable, Decodable {
    /// Its place in the campaign.
    package var index: Int
    package var name: String
    package var points: Int
    package var perSecond: Double?
    package var failed: Int
    package var loss: Double?
    package var shareOfGoal: Double?
    package var estimate: Estimate?
  }

  /// The number that a learner has found, such as an integral or a mean.
  package struct Estimate: Sendable, Equatable, Decodable {
    package var value: Double
    /// Of a complex number, whose real part is `value`.
    package var imaginary: Double?
    /// How far off it may be.
    package var error: Double
  }

  package struct End: Sendable, Equatable, Decodable {
    package var exitCode: Int32
    package var reason: String
  }

  package var campaign: Campaign
  package var world: World
  package var state: State
  package var updated: Double
  package var updateIntervalSeconds: Double
  /// How long the campaign has run, all worlds together.
  package var elapsedSeconds: Double
  /// Of the learner that is furthest from its goal.
  package var shareOfGoal: Double?
  /// The largest of all learners.
  package var loss: Double?
  package var points: Points
  package var leaves: Leaves?
  package var failures: Failures
  package var saving: Saving
  package var learnerCount: Int
  /// In the campaign's order; of very many only those that are furthest from their goals.
  package var learners: [Learner]
  package var end: End?
}

extension StatusDocument.World {
  init(_ record: WorldRecord) {
    self.init(
      number: record.world.rawValue, host: record.process.host, pid: record.process.pid,
      job: record.job, ranks: record.ranks, started: Double(record.started))
  }
}
