package import AdaptiveCore
package import Learners

/// What a leaf and its worker say to each other, over a socket of their own: frames of 8 bytes of
/// head (length of the body, kind, version) and a body. Numbers are little-endian.
///
/// | kind | from | body |
/// |---|---|---|
/// | start | leaf | function, rank and ranks, settings, learners |
/// | ready | worker | what it is, as a text |
/// | refused | worker | why the function cannot be used, as a text |
/// | points | leaf | learner, count, seeds, coordinates |
/// | results | worker | processes started again, count, of each point a value or a failure |
/// | stop | leaf | nothing: tear down and end |
///
/// A worker answers `start` once, and `points` with `results` of the same count.
package enum WorkerMessage {
  package enum Kind: UInt8, Sendable {
    case start = 1
    case ready = 2
    case refused = 3
    case points = 4
    case results = 5
    case stop = 6
  }

  /// It changes when what is written above changes its meaning.
  package static let version: UInt8 = 2

  package static let headBytes = 8

  /// The head of a body of `byteCount` bytes.
  package static func head(_ kind: Kind, byteCount: Int) -> UInt64 {
    UInt64(UInt32(byteCount)) | UInt64(kind.rawValue) << 32 | UInt64(version) << 40
  }

  package static func readHead(
    _ head: UInt64
  ) throws(DecodingError) -> (kind: Kind, byteCount: Int) {
    let found = UInt8(truncatingIfNeeded: head >> 40)
    guard found == version, head >> 48 == 0 else {
      throw DecodingError("version \(found) of the worker protocol, where \(version) is spoken")
    }
    let byte = UInt8(truncatingIfNeeded: head >> 32)
    guard let kind = Kind(rawValue: byte) else { throw DecodingError("worker message \(byte)") }
    let byteCount = Int(UInt32(truncatingIfNeeded: head))
    guard byteCount <= Limits.workerFrameBytesMax else {
      throw DecodingError("a frame of \(byteCount) bytes")
    }
    return (kind, byteCount)
  }
}

/// What a worker is told before its first point.
package struct WorkerStart: Sendable, Equatable {
  /// What it hosts, such as `library`.
  package var function: String
  package var rank: Int
  package var rankCount: Int

  /// What the function is and how it is to be called: texts by key.
  package var settings: [Setting]

  package var learners: [Learner]

  package struct Setting: Sendable, Equatable {
    package var key: String
    package var values: [String]

    package init(_ key: String, _ values: [String]) {
      self.key = key
      self.values = values
    }
  }

  /// A learner as far as a function is concerned.
  package struct Learner: Sendable, Equatable {
    package var name: String
    package var dimension: Int
    package var valueCount: Int
    package var parameters: [LearnerDefinition.Parameter]
    /// The parts of a value in their order; none where they have no names.
    package var outputs: [OutputLayout.Output] = []

    package init(_ definition: LearnerDefinition) {
      name = definition.name
      dimension = definition.kind.dimension
      valueCount = definition.valueCount
      parameters = definition.parameters
      outputs = definition.outputs?.outputs ?? []
    }
  }

  package init(
    function: String, rank: Int, rankCount: Int, settings: [Setting], learners: [Learner] = []
  ) {
    self.function = function
    self.rank = rank
    self.rankCount = rankCount
    self.settings = settings
    self.learners = learners
  }

  /// The texts of a setting; none where it is not given.
  package subscript(key: String) -> [String] { settings.first { $0.key == key }?.values ?? [] }
}
