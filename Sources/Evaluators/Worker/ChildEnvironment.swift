import Glibc

/// What a function's process inherits of our environment: everything but what would make it part of
/// our world. A program that is an MPI program itself must start a world of its own.
package enum ChildEnvironment {
  /// Variables that mpirun and Slurm's srun set for the ranks they start, by the beginning of their
  /// names.
  private static let foreign = [
    "OMPI_", "PMIX_", "PMI_", "PRTE_", "PALS_", "HYDRA_", "HYDI_", "MPI_LOCAL", "MPIEXEC_",
    "MPIR_CVAR_", "I_MPI_", "SLURM_STEP", "SLURM_PROCID", "SLURM_LOCALID", "SLURM_NODEID",
    "SLURM_TASK_PID", "SLURM_TASKS_PER_NODE", "SLURM_NTASKS", "SLURM_NPROCS", "SLURM_SRUN_",
    "SLURM_PMI", "SLURM_MPI_TYPE", "SLURM_LAUNCH_NODE_IPADDR", "SLURM_GTIDS", "SLURM_CPU_BIND",
    "SLURM_DISTRIBUTION", "SLURM_UMASK", "ADAPTIVE_MPI_WORKER_",
  ]

  /// What a user says to mpirun and mpirun only passes on.
  private static let kept = ["OMPI_ALLOW_RUN_AS_ROOT", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM"]

  /// `NAME=value` texts, in the environment's order, then `added`, which replaces.
  package static func texts(
    inherited: [String] = current(), added: [EnvironmentVariable] = []
  ) -> [String] {
    let passed = inherited.filter { text in
      let name = String(text.prefix { $0 != "=" })
      if added.contains(where: { $0.name == name }) { return false }
      return kept.contains(name) || !foreign.contains { name.hasPrefix($0) }
    }
    return passed + added.map { "\($0.name)=\($0.value)" }
  }

  /// This process's environment.
  package static func current() -> [String] {
    var texts: [String] = []
    var next = unsafe environ
    while let text = unsafe next.pointee {
      unsafe texts.append(String(cString: text))
      unsafe next = next.advanced(by: 1)
    }
    return texts
  }
}
