import ArgumentParser

/// The program's arguments; each subcommand has a file of its own.
struct AdaptiveMPI: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "adaptive-mpi",
    abstract: "Adaptive sampling of expensive functions, over MPI.",
    discussion: """
      Learners choose where a function is worth evaluating from the results so far; mpirun's ranks \
      form a tree that keeps every core supplied. State is saved all the time: the same command, \
      run again on any number of ranks, goes on where the last one ended.

      EXAMPLES
        adaptive-mpi check campaign.yaml             is all as it should be?
        mpirun -n 4 adaptive-mpi run campaign.yaml   sample, or go on sampling
        adaptive-mpi status campaign.yaml            how it goes
        adaptive-mpi help run                        what else can be asked for
      """,
    version: Version.program,
    subcommands: [
      RunSubcommand.self, StatusSubcommand.self, VerifySubcommand.self, ExportSubcommand.self,
      CheckSubcommand.self, SimulateSubcommand.self, VersionSubcommand.self, WorkerSubcommand.self,
    ])
}
