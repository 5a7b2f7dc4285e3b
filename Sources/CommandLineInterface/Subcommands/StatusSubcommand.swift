import ArgumentParser

/// How a campaign goes, for people and programs.
struct StatusSubcommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "status",
    abstract: "Show how a campaign goes, or went.",
    discussion: """
      Works on any host that sees the run directory, while a world runs and after, and writes \
      nothing. The figures are those of the run directory's status.json, which the running root \
      rewrites every few seconds; where that is missing, damaged or of another world, the \
      checkpoint is read. The share of the goal of a learner is points by points wanted, wanted \
      loss by loss, or time by time wanted.

      EXAMPLES
        adaptive-mpi status runs/nanowire       a run directory
        adaptive-mpi status campaign.yaml       that of a campaign file
        adaptive-mpi status runs/nanowire --json | jq .points.total
        watch -n 2 adaptive-mpi status runs/nanowire

      EXIT CODES
        0 shown, whatever it shows; 66 no such directory; 65 neither status.json nor checkpoint \
      can be read.
      """)

  @Argument(
    help: ArgumentHelp(
      "The run directory, or the campaign file that names it.", valueName: "directory"))
  var directory: String

  @Flag(help: "Print JSON, as in status.json, and what can be seen from here behind it.")
  var json = false

  func run() throws {
    guard Launcher().isSpeaker else { return }
    let run = try RunObservation(directory: RunArgument.directory(directory))
    if json {
      Console.show(String(decoding: run.json.bytes.dropLast(), as: UTF8.self))
    } else {
      for line in StatusTable.lines(run) { Console.show(line) }
    }
  }
}
