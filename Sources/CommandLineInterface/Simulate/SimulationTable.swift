import AdaptiveCore
import Delegation
import Simulation

/// What simulated worlds came to, for people and programs.
enum SimulationTable {
  struct Row {
    var request: SimulationRequest
    var result: SimulationResult
    var latencyFactor: Double
  }

  /// One world in full.
  static func lines(_ row: Row) -> [String] {
    let result = row.result
    let costs = row.request.costs
    var lines = ["simulated by the model \(costs.name) (\(costs.source))"]
    if row.latencyFactor != 1 { lines.append("latencies × \(row.latencyFactor)") }
    if let standIn = row.request.standIn { lines.append("no function was called: \(standIn)") }
    for kind in row.request.kindsWithoutCost {
      lines.append("learners of kind \(kind) are charged as 1d: the model does not know them")
    }
    lines += [
      "", "tree          \(tree(result))",
      "a point       \(row.request.pointCost.text) s",
      "ended         \(ending(result))",
      "points        \(Numbers.grouped(result.pointCount)) in \(text(result.seconds)), "
        + "loss \(Numbers.loss(result.loss))",
      "core-hours    \(Numbers.fixed(row.coreHours, decimals: 2))",
    ]
    if let steady = result.steady {
      lines += [
        "leaves busy   \(share(steady.busyShare)) in the steady state "
          + "(\(text(steady.seconds)); a leaf waits \(text(steady.gapSeconds)) a point)",
        "root          \(share(steady.rootLoad)) of its core; "
          + "\(Numbers.rate(steady.pointsPerSecond)) points/s; at most "
          + "\(Numbers.grouped(result.rootQueueMax)) messages waited",
        "sub-masters   \(share(steady.submasterLoad)) of their cores on average, the busiest "
          + "\(share(steady.submasterLoadMax)); at most "
          + "\(Numbers.grouped(result.submasterQueueMax)) messages waited at one",
        "in flight     \(Numbers.fixed(steady.pendingMean, decimals: 1)) points on average, "
          + "\(Numbers.grouped(result.pendingMax)) at most",
      ]
    }
    lines += [
      "start, tail   \(result.startSeconds.map(text) ?? "–") until every leaf had a point, "
        + "\(text(result.tailSeconds)) after the last was asked; "
        + "\(share(result.busyShareOverall)) busy with both",
      "limited by    \(limit(result))",
    ]
    return lines
  }

  /// Several worlds, one a line.
  static func lines(_ rows: [Row]) -> [String] {
    guard let first = rows.first else { return [] }
    let costs = first.request.costs
    let names = [
      "ranks", "leaves", "busy", "root", "sub-m.", "points/s", "points", "seconds", "core-hours",
      "limited by",
    ]
    let widths = [9, 9, 9, 9, 9, 11, 12, 10, 12, 1]
    func line(_ cells: [String]) -> String {
      zip(cells, widths).map { Numbers.padded($0, to: $1, isRight: $1 > 1) }
        .joined(separator: " ")
    }
    let cells = rows.map { row -> [String] in
      let result = row.result
      let steady = result.steady
      return [
        Numbers.grouped(result.rankCount), Numbers.grouped(result.leafCount),
        steady.map { share($0.busyShare) } ?? "–", steady.map { share($0.rootLoad) } ?? "–",
        steady.map { share($0.submasterLoadMax) } ?? "–",
        steady.map { Numbers.rate($0.pointsPerSecond) } ?? "–",
        Numbers.grouped(result.pointCount), Numbers.fixed(result.seconds, decimals: 2),
        Numbers.fixed(row.coreHours, decimals: 2), " " + word(result.limit),
      ]
    }
    return [
      "simulated by the model \(costs.name) (\(costs.source)), points of "
        + "\(first.request.pointCost.text) s", line(names),
    ] + cells.map(line)
  }
}

// MARK: - Words

extension SimulationTable {
  private static func tree(_ result: SimulationResult) -> String {
    "\(Numbers.grouped(result.rankCount)) ranks: \(Numbers.grouped(result.leafCount)) leaves under "
      + "\(Numbers.grouped(result.submasterCount)) sub-masters of \(result.levels) "
      + "level\(result.levels == 1 ? "" : "s"), \(Numbers.grouped(result.rootChildCount)) children "
      + (result.rootCount == 1 ? "of the root" : "of each of \(result.rootCount) roots")
  }

  private static func ending(_ result: SimulationResult) -> String {
    switch result.verdict {
    case .goalReached: "goal reached"
    case .exhausted: "no learner has another point to offer"
    case .stopped, .functionFailsEverywhere, .notSaved: "before the goal"
    case nil: "cut off"
    }
  }

  static func word(_ limit: SimulationResult.Limit) -> String {
    switch limit {
    case .tooFewPoints: "too few points"
    case .root: "root"
    case .submasters: "sub-masters"
    case .waiting: "waiting"
    case .function: "function"
    case .tail: "tail"
    }
  }

  private static func limit(_ result: SimulationResult) -> String {
    switch result.limit {
    case .tooFewPoints: "too few points: some leaves got none, or none but their first"
    case .root: "the root, whose core has no time left"
    case .submasters: "the sub-masters, whose cores have no time left"
    case .waiting: "messages: leaves wait for their next points"
    case .function: "the function: leaves do next to nothing else"
    case .tail: "the tail: few points are left for many leaves, and the longest decide"
    }
  }

  private static func share(_ share: Double) -> String {
    "\(Numbers.fixed(share * 100, decimals: 2)) %"
  }

  /// Seconds with a unit that fits.
  private static func text(_ seconds: Double) -> String {
    if seconds >= 60 { return TimeSpan(seconds: seconds).text }
    if seconds >= 1 { return "\(Numbers.fixed(seconds, decimals: 2)) s" }
    if seconds >= 1e-3 { return "\(Numbers.fixed(seconds * 1e3, decimals: 2)) ms" }
    return "\(Numbers.fixed(seconds * 1e6, decimals: 1)) µs"
  }
}

extension SimulationTable.Row {
  var coreHours: Double { Double(result.rankCount) * result.seconds / 3600 }

  /// One flat object, so that it is one line; the names are the columns of measured series too.
  var json: JSONValue {
    let steady = result.steady
    return .members([
      "simulated": .bool(true), "model": .text(request.costs.name),
      "latency_factor": .number(latencyFactor), "ranks": .integer(result.rankCount),
      "ranks_per_node": .integer(request.ranksPerNode), "leaves": .integer(result.leafCount),
      "roots": .integer(result.rootCount), "submasters": .integer(result.submasterCount),
      "levels": .integer(result.levels),
      "seconds_per_point": .number(request.pointCost.mean),
      "distribution": .text(request.pointCost.distributionName),
      "seed": .integer(Int(truncatingIfNeeded: request.seed)),
      "points": .integer(result.pointCount), "seconds": .number(result.seconds),
      "loss": .number(result.loss), "goal_reached": .bool(result.verdict == .goalReached),
      "core_hours": .number(coreHours), "busy_share": .number(orNull: steady?.busyShare),
      "busy_share_overall": .number(result.busyShareOverall),
      "root_load": .number(orNull: steady?.rootLoad),
      "submaster_load": .number(orNull: steady?.submasterLoad),
      "submaster_load_max": .number(orNull: steady?.submasterLoadMax),
      "points_per_second": .number(orNull: steady?.pointsPerSecond),
      "gap_us_mean": .number(orNull: steady.map { $0.gapSeconds * 1e6 }),
      "gap_us_p50": .number(orNull: steady?.gapMedian.map { $0 * 1e6 }),
      "gap_us_p99": .number(orNull: steady?.gap99.map { $0 * 1e6 }),
      "in_flight_mean": .number(orNull: steady?.pendingMean),
      "in_flight_max": .integer(result.pendingMax),
      "root_queue_max": .integer(result.rootQueueMax),
      "submaster_queue_max": .integer(result.submasterQueueMax),
      "steady_seconds": .number(orNull: steady?.seconds),
      "first_full_seconds": .number(orNull: result.startSeconds),
      "tail_seconds": .number(result.tailSeconds),
      "limited_by": .text(SimulationTable.word(result.limit)),
      "events": .integer(result.eventCount),
    ])
  }
}
