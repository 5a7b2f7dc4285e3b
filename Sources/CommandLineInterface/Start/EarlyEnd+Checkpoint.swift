import CheckpointHDF5
import Delegation

extension EarlyEnd {
  /// Why a run directory cannot be used.
  init(_ error: CheckpointError) {
    let code: ExitCode =
      switch error.code {
      case .held: .directoryHeld
      case .allDamaged, .damaged, .newerFormat: .checkpointDamaged
      case .missing: .fileMissing
      case .untrusted: .campaignWrong
      case .system, .library: .notSaved
      }
    self.init(code, error.description)
  }

  /// Why a run directory cannot be looked at: nothing was to be saved.
  init(reading error: CheckpointError) {
    self.init(error)
    if exitCode == .notSaved { exitCode = .fileMissing }
  }
}
