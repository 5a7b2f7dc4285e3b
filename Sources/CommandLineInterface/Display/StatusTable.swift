import AdaptiveCore
import CheckpointHDF5
import Foundation

/// How a campaign goes, for people at a terminal.
///
/// ```
/// campaign   nanowire: loss ≤ 0.01
/// world      3, running in slurm 4711 on node17 with 64 ranks, since 2026-11-24T23:40:12Z
/// goal       ████████████░░░░░░░░  62 %
/// points     12 345, of them 2 345 in this world; 241/s; 128 in flight
/// leaves     60, 97 % busy; 58 evaluate now
/// function   in processes of its own; 3 of its processes started again
/// attempts   2 349 in this world; 2 answers dropped
///            4 × timed out: no answer within 5.0 s
/// failures   3 tried again, 1 given up
/// time       12m 05s, all worlds together
/// saved      0.4 s ago
/// ```
package enum StatusTable {
  /// Learners that are shown one by one; of more, those that are furthest from their goals.
  private static let learnersMax = 40

  package static func lines(_ run: RunObservation) -> [String] {
    let document = run.document
    var facts: [(String, [String])] = [
      ("campaign", [campaign(document, run.directory)]),
      ("world", world(run)),
    ]
    if let share = document.shareOfGoal {
      facts.append(("goal", ["\(bar(share, width: 20))  \(percent(share))"]))
    }
    facts.append(("points", [points(run)]))
    if let leaves = document.leaves { facts.append(("leaves", [self.leaves(leaves, run)])) }
    if let leaves = document.leaves.flatMap(FunctionPlace.init) {
      facts.append(("function", [leaves.text]))
    }
    if let attempts = attempts(document) { facts.append(("attempts", attempts)) }
    facts.append(("failures", failures(document.failures)))
    facts.append(
      ("time", ["\(TimeSpan(seconds: document.elapsedSeconds).text), all worlds together"]))
    facts.append(("saved", [saved(run)]))
    facts.append(("directory", [run.directory]))
    if !run.remarks.isEmpty { facts.append(("remarks", run.remarks)) }
    return facts.flatMap { name, lines in
      lines.enumerated().map { index, line in
        Numbers.padded(index == 0 ? name : "", to: 11, isRight: false) + line
      }
    } + [""] + learners(document)
  }
}

// MARK: - Facts

extension StatusTable {
  private static func campaign(_ document: StatusDocument, _ directory: String) -> String {
    let name = document.campaign.name ?? "campaign \(document.campaign.id)"
    return document.campaign.goal.map { "\(name): \($0)" } ?? name
  }

  private static func world(_ run: RunObservation) -> [String] {
    let world = run.document.world
    let number = run.worldNumber.rawValue
    var lines: [String]
    // The newest world's record may be damaged: then the place is another's.
    let place =
      world.number == number
      ? "\(world.job.map { "in \($0) " } ?? "")on \(world.host) with \(world.ranks) "
        + "\(world.ranks == 1 ? "rank" : "ranks"), since \(utc(Int64(world.started)))"
      : "whose record cannot be read"
    let age = "last update \(span(run.age)) ago"
    switch run.fate {
    case .living:
      let activity = activity(run)
      lines = ["\(number), \(activity) \(place)"]
      if run.isLate { lines.append("STALE: its process runs, but the \(age)") }
    case .updating:
      lines = ["\(number), \(activity(run)) \(place)"]
    case .silent:
      lines = ["\(number), \(place)"]
      lines.append(
        run.source == .status
          ? "STALE: \(age); whether it lives cannot be seen from this host"
          : "whether it lives cannot be seen from this host")
    case .died(let reason):
      lines = ["\(number), died: \(reason); run again to go on", "was \(place)"]
      if run.source == .status { lines.append("STALE: \(age)") }
    case .ended(let end):
      lines = ["\(number), ended \(end.utc) with exit code \(end.exitCode)"]
      lines += end.reason.split(separator: "\n").map { String($0) }
      lines.append("was \(place)")
    }
    if let before = run.endBefore {
      let reason = before.end.reason.split(separator: "\n").first.map(String.init) ?? ""
      lines.append("before: \(before.world.rawValue), ended \(before.end.utc): \(reason)")
    }
    return lines
  }

  private static func activity(_ run: RunObservation) -> String {
    guard run.source == .status else { return "starting" }
    return run.document.state == .stopping ? "stopping" : "running"
  }

  private static func hasEnded(_ run: RunObservation) -> Bool {
    if case .ended = run.fate { true } else { false }
  }

  private static func points(_ run: RunObservation) -> String {
    let points = run.document.points
    var text = Numbers.grouped(points.total)
    if let told = points.told { text += ", of them \(Numbers.grouped(told)) in this world" }
    if hasEnded(run) { return text }
    if let rate = points.perSecond { text += "; \(Numbers.rate(rate))/s" }
    if let inFlight = points.inFlight { text += "; \(Numbers.grouped(inFlight)) in flight" }
    return text
  }

  private static func leaves(_ leaves: StatusDocument.Leaves, _ run: RunObservation) -> String {
    let busy = leaves.busyShare.map { ", \(Numbers.percent($0)) busy" } ?? ""
    let evaluating = "; \(Numbers.grouped(leaves.evaluating)) evaluate now"
    return "\(Numbers.grouped(leaves.count))\(busy)\(hasEnded(run) ? " at last" : evaluating)"
  }

  private static func failures(_ failures: StatusDocument.Failures) -> [String] {
    let retried = failures.retried.map { "\(Numbers.grouped($0)) tried again, " } ?? ""
    var lines = ["\(retried)\(Numbers.grouped(failures.givenUp)) given up"]
    if let quarantined = failures.quarantined, quarantined > 0 {
      lines[0] += ", \(Numbers.grouped(quarantined)) of them quarantined"
    }
    lines += reasons(failures.reasons, others: failures.otherReasons)
    return lines
  }

  private static func attempts(_ document: StatusDocument) -> [String]? {
    guard let count = document.points.attempts else { return nil }
    let dropped = document.points.dropped ?? 0
    let answers = "\(Numbers.grouped(dropped)) \(dropped == 1 ? "answer" : "answers") dropped"
    return ["\(Numbers.grouped(count)) in this world; \(answers)"]
      + reasons(
        document.failures.attemptReasons ?? [], others: document.failures.otherAttempts ?? 0)
  }

  /// A line for each reason, and one for the rest.
  static func reasons(_ reasons: [StatusDocument.Failures.Reason], others: Int) -> [String] {
    let lines = reasons.map { reason in
      "\(Numbers.grouped(reason.count)) × \(reason.kind): \(onOneLine(reason.text))"
    }
    return others > 0 ? lines + ["\(Numbers.grouped(others)) for other reasons"] : lines
  }

  private static func saved(_ run: RunObservation) -> String {
    let saving = run.document.saving
    if let trouble = saving.trouble { return "NOT SAVED: \(onOneLine(trouble))" }
    guard let age = saving.commitAgeSeconds else { return "as shown: read from the checkpoint" }
    let when = hasEnded(run) ? "at the end" : "\(span(age + run.age)) ago"
    return saving.snapshotTrouble.map { "\(when); NO SNAPSHOT: \(onOneLine($0))" } ?? when
  }
}

// MARK: - Learners

extension StatusTable {
  /// ```
  /// learner    points       rate  failed      loss  goal
  /// mu=0.0      1 112       12/s       0   0.00931  █████████░   98 %
  /// ```
  ///
  /// Behind that, for a learner that looks for a number, what it has found.
  private static func learners(_ document: StatusDocument) -> [String] {
    var shown = document.learners
    if shown.count > learnersMax {
      shown = Array(
        shown.sorted { ($0.shareOfGoal ?? 0, $0.index) < ($1.shareOfGoal ?? 0, $1.index) }
          .prefix(learnersMax))
    }
    let width = min(40, max(7, shown.map(\.name.count).max() ?? 0))
    let header = row(["learner", "points", "rate", "failed", "loss", "goal"], width)
    let rows = shown.map { learner in
      let name =
        learner.name.count > width ? String(learner.name.prefix(width - 1)) + "…" : learner.name
      return row(
        [
          onOneLine(name), Numbers.grouped(learner.points),
          learner.perSecond.map { "\(Numbers.rate($0))/s" } ?? "—",
          Numbers.grouped(learner.failed), learner.loss.map(Numbers.loss) ?? "—",
          learner.shareOfGoal.map {
            "\(bar($0, width: 10)) \(Numbers.padded(percent($0), to: 5))"
          } ?? "—",
        ], width)
        + (learner.estimate.map {
          "  \(Numbers.estimate($0.value, imaginary: $0.imaginary, error: $0.error))"
        } ?? "")
    }
    let rest = document.learnerCount - shown.count
    return [header] + rows
      + (rest > 0 ? ["… and \(Numbers.grouped(rest)) more that are nearer to their goals"] : [])
  }

  private static func row(_ cells: [String], _ nameWidth: Int) -> String {
    [
      Numbers.padded(cells[0], to: nameWidth, isRight: false), Numbers.padded(cells[1], to: 11),
      Numbers.padded(cells[2], to: 10), Numbers.padded(cells[3], to: 7),
      Numbers.padded(cells[4], to: 9), cells[5],
    ].joined(separator: "  ")
  }

  /// `████░░░░░░`: full only where the goal is reached.
  static func bar(_ share: Double, width: Int) -> String {
    let full = min(max(Int(share * Double(width)), 0), width)
    return String(repeating: "█", count: full) + String(repeating: "░", count: width - full)
  }

  /// Rounded down, so that 100 % is said of a goal that is reached and of no other.
  static func percent(_ share: Double) -> String {
    "\(Int((min(max(share, 0), 1) * 100).rounded(.down))) %"
  }

  private static func span(_ seconds: Double) -> String {
    seconds < 10
      ? "\(Numbers.fixed(seconds, decimals: 1)) s" : TimeSpan(seconds: seconds).text
  }

  /// What users' functions and files say must not move a terminal's cursor.
  private static func onOneLine(_ text: String) -> String {
    String(
      String.UnicodeScalarView(
        text.unicodeScalars.map { $0.properties.generalCategory == .control ? " " : $0 }))
  }
}
