import CheckpointHDF5
import Foundation

extension StatusDocument {
  /// The document as it is written, with `observed` behind it.
  package func json(observed: JSONValue? = nil) -> JSONValue {
    var members: KeyValuePairs<String, JSONValue> {
      [
        "format": .text(Self.format), "format_version": .integer(Self.formatVersion),
        "campaign": campaign.json, "world": world.json, "state": .text(state.rawValue),
        "updated": .number(updated), "updated_utc": .text(utc(Int64(updated))),
        "update_interval_seconds": .number(updateIntervalSeconds),
        "elapsed_seconds": .number(elapsedSeconds),
        "share_of_goal": .number(orNull: shareOfGoal), "loss": .number(orNull: loss),
        "points": points.json, "leaves": leaves?.json ?? .null, "failures": failures.json,
        "saving": saving.json, "end": end?.json ?? .null, "learner_count": .integer(learnerCount),
        "learners": .list(learners.map(\.json)),
      ]
    }
    guard let observed, case .object(let all) = JSONValue.members(members) else {
      return .members(members)
    }
    return .object(all + [.init(key: "observed", value: observed)])
  }

  /// Reads what ``json(observed:)`` wrote; throws a text that says what is wrong.
  package init(json bytes: [UInt8]) throws(UnreadableStatus) {
    struct Heading: Decodable {
      var format: String
      var formatVersion: Int
    }
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    let data = Data(bytes)
    do {
      let heading = try decoder.decode(Heading.self, from: data)
      guard heading.format == Self.format else {
        throw UnreadableStatus(detail: "it is a \(heading.format.prefix(60))")
      }
      guard heading.formatVersion == Self.formatVersion else {
        throw UnreadableStatus(
          detail: "format \(heading.formatVersion), this program knows \(Self.formatVersion)")
      }
      self = try decoder.decode(StatusDocument.self, from: data)
      guard [updated, world.started].allSatisfy({ $0 >= 0 && $0 < 1e12 }) else {
        throw UnreadableStatus(detail: "its times are none")
      }
    } catch let unreadable as UnreadableStatus {
      throw unreadable
    } catch {
      throw UnreadableStatus(detail: "it is damaged")
    }
  }
}

/// Why a status file says nothing.
package struct UnreadableStatus: Error, Equatable {
  package var detail: String
}

extension StatusDocument.Campaign {
  fileprivate var json: JSONValue {
    .members(["name": .text(orNull: name), "id": .text(id), "goal": .text(orNull: goal)])
  }
}

extension StatusDocument.World {
  fileprivate var json: JSONValue {
    .members([
      "number": .integer(Int(number)), "host": .text(host), "pid": .integer(Int(pid)),
      "job": .text(orNull: job), "ranks": .integer(ranks), "started": .number(started),
      "started_utc": .text(utc(Int64(started))),
    ])
  }
}

extension StatusDocument.Points {
  fileprivate var json: JSONValue {
    .members([
      "total": .integer(total), "told": .integer(orNull: told),
      "per_second": .number(orNull: perSecond), "in_flight": .integer(orNull: inFlight),
      "dropped": .integer(orNull: dropped), "attempts": .integer(orNull: attempts),
      "duplicated": .integer(orNull: duplicated),
    ])
  }
}

extension StatusDocument.Leaves {
  fileprivate var json: JSONValue {
    .members([
      "count": .integer(count), "evaluating": .integer(evaluating),
      "busy_share": .number(orNull: busyShare), "isolated": .integer(orNull: isolated),
      "restarts": .integer(orNull: restarts),
      "teams": teams.map { .list($0.map { .integer($0) }) } ?? .null,
    ])
  }
}

extension StatusDocument.Failures {
  fileprivate var json: JSONValue {
    .members([
      "retried": .integer(orNull: retried), "given_up": .integer(givenUp),
      "reasons": .list(reasons.map(\.json)), "other_reasons": .integer(otherReasons),
      "attempt_reasons": attemptReasons.map { .list($0.map(\.json)) } ?? .null,
      "other_attempts": .integer(orNull: otherAttempts),
      "quarantined": .integer(orNull: quarantined),
    ])
  }
}

extension StatusDocument.Failures.Reason {
  fileprivate var json: JSONValue {
    .members(["kind": .text(kind), "text": .text(text), "count": .integer(count)])
  }
}

extension StatusDocument.Saving {
  fileprivate var json: JSONValue {
    .members([
      "commit_age_seconds": .number(orNull: commitAgeSeconds), "trouble": .text(orNull: trouble),
      "snapshot_trouble": .text(orNull: snapshotTrouble),
    ])
  }
}

extension StatusDocument.Learner {
  fileprivate var json: JSONValue {
    .members([
      "index": .integer(index), "name": .text(name), "points": .integer(points),
      "per_second": .number(orNull: perSecond), "failed": .integer(failed),
      "loss": .number(orNull: loss), "share_of_goal": .number(orNull: shareOfGoal),
      "estimate": estimate?.json ?? .null,
    ])
  }
}

extension StatusDocument.Estimate {
  fileprivate var json: JSONValue {
    guard let imaginary else {
      return .members(["value": .number(value), "error": .number(error)])
    }
    return .members([
      "value": .number(value), "imaginary": .number(imaginary), "error": .number(error),
    ])
  }
}

extension StatusDocument.End {
  fileprivate var json: JSONValue {
    .members(["exit_code": .integer(Int(exitCode)), "reason": .text(reason)])
  }
}
