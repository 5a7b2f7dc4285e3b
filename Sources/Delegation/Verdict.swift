/// How a world ends: the exit code that every rank returns, and why.
///
/// The codes are those of `sysexits.h` where it has one; `docs/exit-codes.md` says what a job
/// script does about each.
package enum ExitCode: Int32, Sendable, CaseIterable {
  case goalReached = 0
  case usage = 64
  case checkpointDamaged = 65
  case fileMissing = 66
  case crashed = 70
  case directoryHeld = 73
  case notSaved = 74
  case stoppedWithMoreToDo = 75
  case functionFailsEverywhere = 76
  case campaignWrong = 78
}

/// Why a running world is asked to stop.
package enum StopReason: UInt8, Sendable, CaseIterable {
  case signal = 1
  case stopFile = 2
  case walltime = 3
  case fenced = 4
  /// No rank is left that can evaluate a point.
  case leavesLost = 5
}

/// Why and with which code a world ends.
package enum Verdict: Sendable, Equatable {
  case goalReached
  /// No learner has another point to offer, and none is being evaluated.
  case exhausted
  case stopped(StopReason)
  case functionFailsEverywhere
  /// The end that would have been, had the last save succeeded.
  case notSaved

  package var exitCode: ExitCode {
    switch self {
    case .goalReached, .exhausted: .goalReached
    case .stopped(.fenced): .directoryHeld
    case .stopped(.leavesLost): .crashed
    case .stopped: .stoppedWithMoreToDo
    case .functionFailsEverywhere: .functionFailsEverywhere
    case .notSaved: .notSaved
    }
  }
}
