import AdaptiveCore
import CheckpointHDF5

extension RunObservation {
  /// The document, and what whoever looks at it from here can add.
  package var json: JSONValue {
    document.json(
      observed: .members([
        "at": .number(seenAt), "source": .text(source.rawValue),
        "newest_world": .integer(Int(worldNumber.rawValue)), "fate": .text(fate.word),
        "reason": .text(orNull: fate.reason), "age_seconds": .number(age),
        "stale": .bool(isStale), "world_end": fate.end.map(Self.json) ?? .null,
        "remarks": .list(remarks.map { .text($0) }),
      ]))
  }

  private static func json(_ end: WorldEnd) -> JSONValue {
    .members([
      "utc": .text(end.utc), "exit_code": .integer(Int(end.exitCode)), "reason": .text(end.reason),
    ])
  }
}

extension RunObservation.Fate {
  fileprivate var word: String {
    switch self {
    case .living: "living"
    case .ended: "ended"
    case .died: "died"
    case .updating: "updating"
    case .silent: "silent"
    }
  }

  fileprivate var reason: String? {
    switch self {
    case .living(let reason), .died(let reason): reason
    case .ended, .updating, .silent: nil
    }
  }

  fileprivate var end: WorldEnd? { if case .ended(let end) = self { end } else { nil } }
}
