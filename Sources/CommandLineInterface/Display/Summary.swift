import AdaptiveCore
import Delegation
import Learners
package import NodeRuntime

/// What a campaign has come to: a line for each learner.
package enum Summary {
  /// Learners that are shown one by one; of more, those with the largest loss.
  private static let learnersMax = 40

  /// The learners, what this world added, and where it is kept.
  ///
  /// - Parameter teams: ranks in a team, each size once; nil where there are none.
  package static func lines(
    _ progress: RootProgress, directory: String, teams: [Int]? = nil
  ) -> [String] {
    let points = progress.learners.reduce(0) { $0 + $1.pointCount }
    let counts = progress.counts
    return [""] + lines(progress.learners) + [
      "",
      "points      \(Numbers.grouped(points)), "
        + "\(Numbers.grouped(counts.told)) of them in this world",
      "attempts    \(Numbers.grouped(counts.attempts)); "
        + "\(Numbers.grouped(counts.dropped)) answers dropped",
      "failures    \(Numbers.grouped(counts.retried)) tried again, "
        + "\(Numbers.grouped(counts.givenUp)) given up, "
        + "\(Numbers.grouped(progress.quarantinedCount)) of them quarantined",
    ]
      + reasons(progress.attemptFailures).map { "            \($0)" } + [
        "function    \(FunctionPlace(progress.leaves, teams: teams).text)",
        "time        \(progress.elapsed.text), all worlds together",
        "checkpoint  \(directory)",
      ]
  }

  /// Why attempts failed in this world: a line for each reason, in the order in which they came.
  static func reasons(_ failures: FailureTally) -> [String] {
    StatusTable.reasons(StatusDocument.Failures.reasons(failures), others: failures.otherCount)
  }

  /// ```
  /// learner     points  failed  loss
  /// mu=0.0         112       0  0.00931
  /// ```
  package static func lines(_ learners: [RootProgress.LearnerProgress]) -> [String] {
    var shown = learners
    if learners.count > learnersMax {
      shown = Array(learners.sorted { $0.loss > $1.loss }.prefix(learnersMax))
    }
    let nameWidth = min(40, max(7, shown.map(\.name.count).max() ?? 0))
    let header = row("learner", "points", "failed", "loss", nameWidth)
    let rows = shown.map {
      row(
        $0.name, Numbers.grouped($0.pointCount), Numbers.grouped($0.failedCount),
        Numbers.loss($0.loss), nameWidth)
        + ($0.estimate.map {
          "  \(Numbers.estimate($0.value, imaginary: $0.imaginary, error: $0.error))"
        } ?? "")
    }
    let rest = learners.count - shown.count
    return [header] + rows + (rest > 0 ? ["… and \(rest) more with less loss"] : [])
  }

  private static func row(
    _ name: String, _ points: String, _ failed: String, _ loss: String, _ nameWidth: Int
  ) -> String {
    let shortName = name.count > nameWidth ? String(name.prefix(nameWidth - 1)) + "…" : name
    return [
      Numbers.padded(shortName, to: nameWidth, isRight: false), Numbers.padded(points, to: 11),
      Numbers.padded(failed, to: 7), loss,
    ].joined(separator: "  ")
  }
}
