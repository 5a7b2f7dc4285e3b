import HDF5

/// Names in a snapshot file; `docs/checkpoint-format.md` says what stands under each.
enum CheckpointSchema {
  static let format = "adaptive-mpi checkpoint"
  /// The newest that this program knows.
  static let formatVersion: Int64 = 2

  /// Rows of the datasets' chunks.
  static let chunkRows = 4096

  enum Attribute {
    static let format = "format"
    static let formatVersion = "format_version"
    static let campaign = "campaign_id"
    static let shard = "shard"
    static let world = "world"
    static let generation = "generation"
    static let elapsed = "elapsed_seconds"
    static let name = "name"
    static let kind = "kind"
    static let dimension = "dimension"
    static let valueCount = "value_count"
    static let seed = "seed"
    static let settings = "settings"
    static let learnedOutput = "learned_output"
  }

  static let campaignText = "campaign"
  static let worlds = "worlds"
  static let learners = "learners"

  enum Learner {
    static let points = "points"
    static let values = "values"
    static let seconds = "seconds"
    static let leaves = "leaf"
    static let pending = "pending"
    static let failedPoints = "failed_points"
    static let failedKinds = "failed_kinds"
    static let failedReasons = "failed_reasons"
    static let failedAttempts = "failed_attempts"
    static let outputNames = "output_names"
    static let outputSizes = "output_sizes"
    static let parameterNames = "parameter_names"
    static let parameterValues = "parameter_values"
    static let settings = "settings"
    static let state = "state"
  }

  /// Where results lie on disk: the group's name within `learners`.
  static func groupName(_ learner: Int) -> String { padded(learner, 6) }
}

extension String {
  /// The text without NUL, which texts in a file cannot hold.
  var withoutNUL: String {
    guard utf8.contains(0) else { return self }
    return String(String.UnicodeScalarView(unicodeScalars.map { $0.value == 0 ? "\u{FFFD}" : $0 }))
  }
}
