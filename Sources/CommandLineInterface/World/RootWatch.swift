import AdaptiveCore
import CheckpointHDF5
import Delegation
import Foundation
import NodeRuntime

/// What rank 0 looks at beside its tree: signals, the file `stop`, walltime, and the people to whom
/// it shows how things go.
struct RootWatch {
  private var signals: RankSignals
  private var line: ProgressLine
  private var status: RootStatus
  private let clock: MonotonicClock
  private let directory: String
  private let deadline: Instant?
  private var lookAt: Instant
  private var reason: StopReason?

  /// The launcher is about to kill this process: there is time to save, and for nothing else.
  private(set) var isEnding = false

  init(
    _ campaign: Campaign, signals: RankSignals, status: StatusWriter<WorldStatus>?,
    clock: MonotonicClock
  ) {
    let now = clock.now()
    self.signals = signals
    self.clock = clock
    line = ProgressLine(at: now)
    self.status = RootStatus(status, at: now)
    directory = campaign.directory
    let remaining = Walltime.remaining(
      asked: campaign.walltime, grace: campaign.checkpoint.grace,
      epochSeconds: Date().timeIntervalSince1970,
      environment: { ProcessInfo.processInfo.environment[$0] })
    deadline = remaining.map { now + $0 }
    lookAt = now
  }

  /// Why the world is to stop, the first time that there is a reason.
  mutating func stopReason(at now: Instant) -> StopReason? {
    if let request = signals.take() {
      if case .leave = request { isEnding = true }
      return first(.signal)
    }
    if let deadline, now >= deadline { return first(.walltime) }
    guard now >= lookAt else { return nil }
    lookAt = now + Limits.stopFileInterval
    return FileTree.takeStopFile(in: directory) ? first(.stopFile) : nil
  }

  /// Shows a line and writes the status if it is time for them.
  mutating func show(at now: Instant, _ progress: () -> RootProgress) {
    let isStatusDue = status.isDue(at: now)
    guard line.isDue(at: now) || isStatusDue else { return }
    let gathered = progress()
    if isStatusDue { status.write(gathered, cost: clock.now() - now, at: now) }
    if line.isDue(at: now) { Console.show(line.line(gathered, at: now)) }
  }

  /// Writes how the world ended; after another has taken the directory over, the status is that
  /// one's.
  func conclude(_ progress: RootProgress, _ verdict: Verdict) {
    guard verdict != .stopped(.fenced) else { return }
    let end = StatusDocument.End(
      exitCode: verdict.exitCode.rawValue, reason: verdict.text(progress))
    status.conclude(progress, end, at: clock.now())
  }

  private mutating func first(_ reason: StopReason) -> StopReason? {
    guard self.reason == nil else { return nil }
    self.reason = reason
    Console.show("stopping: \(reason.text); points that run may take until the grace is over")
    return reason
  }
}

extension StopReason {
  /// Why, for people.
  var text: String {
    switch self {
    case .signal: "a signal asks for it"
    case .stopFile: "the file 'stop' asks for it"
    case .walltime: "the walltime is nearly over"
    case .leavesLost: "no leaf is left"
    case .fenced: "another world has taken the directory over"
    }
  }
}

extension Verdict {
  /// The last line of a world.
  func text(_ progress: RootProgress) -> String {
    switch self {
    case .goalReached: "goal reached"
    case .exhausted: "no learner has another point to offer, and the goal is not reached"
    case .stopped(let reason): "stopped, with more to do (\(reason.text)); run again to go on"
    case .functionFailsEverywhere:
      "the function fails everywhere: "
        + Summary.reasons(progress.attemptFailures).joined(separator: "; ")
    case .notSaved: "NOT SAVED: results since the last commit are lost; see the messages above"
    }
  }
}
