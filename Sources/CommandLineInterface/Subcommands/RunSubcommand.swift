import ArgumentParser
import NodeRuntime

/// Sampling: the main job.
struct RunSubcommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Sample a campaign's function until its goal, or go on with it.",
    discussion: """
      Started by mpirun on any number of ranks, or alone. State is saved in the run directory all \
      the time; the same command goes on from there, on any number of ranks. A signal USR1 or \
      USR2, a file 'stop' in the run directory, or the end of the walltime stops it in order.

      EXAMPLES
        mpirun -n 4 adaptive-mpi run campaign.yaml
        mpirun -n 4 adaptive-mpi run campaign.yaml --goal-npoints 5000   go further
        mpirun -n 4 adaptive-mpi run campaign.yaml --fresh               start afresh
        adaptive-mpi run campaign.yaml --walltime 30m                    without mpirun

      EXIT CODES
        0 goal reached; 75 stopped on purpose, run again to go on; 74 not saved; 73 another world \
      holds the directory; 78 the campaign is wrong; 76 the function fails everywhere.
      """)

  @OptionGroup var options: CampaignOptions

  @Flag(help: "Start afresh; what is in the run directory is moved aside, not removed.")
  var fresh = false

  @Flag(
    name: .customLong("accept-function"),
    help: "Go on although the function's library is not the one that the checkpoint was made with.")
  var acceptsFunction = false

  /// Plays this process's part; returns the exit code, the same on every rank.
  func run(_ signals: StopSignal) -> Int32 {
    World.run(
      options, CampaignStart.Choices(startsAfresh: fresh, acceptsFunction: acceptsFunction),
      signals)
  }
}
