import AdaptiveCore
import CheckpointHDF5
import Foundation

/// The batch job that this process is part of, as its environment says.
struct BatchJob {
  /// `slurm 4711`; nil outside of a job.
  let name: String?

  /// The world that the job's script saw end before it started this one, by
  /// `ADAPTIVE_MPI_PREVIOUS_WORLD`.
  let previousWorld: WorldNumber?

  init(environment: [String: String] = ProcessInfo.processInfo.environment) {
    let slurm = environment["SLURM_JOB_ID"].map { "slurm \($0)" }
    let pbs = environment["PBS_JOBID"].map { "pbs \($0)" }
    name = slurm ?? pbs
    previousWorld = environment["ADAPTIVE_MPI_PREVIOUS_WORLD"].flatMap { UInt32($0) }
      .map { WorldNumber($0) }
  }

  /// What this process can say when it asks for a run directory.
  var claimant: Claimant {
    Claimant(process: .current(), job: name, previousWorld: previousWorld)
  }
}
