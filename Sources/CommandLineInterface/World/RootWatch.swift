import AdaptiveCore
import Delegation
import Foundation
import NodeRuntime

/// What rank 0 looks at beside its tree: signals, the file `stop`, walltime, and the people to whom
/// it shows how things go.
struct RootWatch {
  private var signals: StopSignal
  private var line: ProgressLine
  private let directory: String
  private let deadline: Instant?
  private var lookAt: Instant
  private var reason: StopReason?

  init(_ campaign: Campaign, signals: StopSignal, at now: Instant) {
    self.signals = signals
    line = ProgressLine(at: now)
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
    if signals.take() != nil { return first(.signal) }
    if let deadline, now >= deadline { return first(.walltime) }
    guard now >= lookAt else { return nil }
    lookAt = now + Limits.stopFileInterval
    return FileTree.takeStopFile(in: directory) ? first(.stopFile) : nil
  }

  /// Shows a line if it is time for one.
  mutating func show(at now: Instant, _ progress: () -> RootProgress) {
    guard line.isDue(at: now) else { return }
    Console.show(line.line(progress(), at: now))
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
  var text: String {
    switch self {
    case .goalReached: "goal reached"
    case .exhausted: "no learner has another point to offer, and the goal is not reached"
    case .stopped(let reason): "stopped, with more to do (\(reason.text)); run again to go on"
    case .functionFailsEverywhere:
      "the function fails everywhere: see the reasons in the checkpoint's failed points"
    case .notSaved: "NOT SAVED: results since the last commit are lost; see the messages above"
    }
  }
}
