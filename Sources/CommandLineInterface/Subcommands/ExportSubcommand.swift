import AdaptiveCore
import ArgumentParser
import CheckpointHDF5
import Delegation
import NodeRuntime

/// A campaign's points as a table for other programs.
struct ExportSubcommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Write a campaign's points as a table of comma-separated values.",
    discussion: """
      One row a point, learner after learner, in the order told, from snapshots and journals: \
      learner, parameter.NAME, x0 …, y0 …, seconds, leaf. Numbers read back exactly. With \
      --include come points without values, and the columns state (told, failed, pending), \
      attempts, failure and reason. Changes nothing, and may run beside a living world: then it \
      holds what was durable.

      EXAMPLES
        adaptive-mpi export runs/nanowire > points.csv
        adaptive-mpi export campaign.yaml --output points.csv
        adaptive-mpi export runs/nanowire --include failed,pending --output all.csv --overwrite

      EXIT CODES
        0 written; 64 the output file is there already; 65 the checkpoint cannot be read; 66 no \
      such directory; 74 the output could not be written.
      """)

  enum Format: String, ExpressibleByArgument, CaseIterable { case csv }

  @Argument(
    help: ArgumentHelp(
      "The run directory, or the campaign file that names it.", valueName: "directory"))
  var directory: String

  @Option(help: "The table's format.")
  var format = Format.csv

  @Option(
    help: ArgumentHelp("Write to this file instead of standard output.", valueName: "file"))
  var output: String?

  @Flag(help: "Replace the output file if there is one.")
  var overwrite = false

  @Option(
    help: ArgumentHelp(
      "Points without values, too: failed, pending, or both with a comma between.",
      valueName: "kinds"))
  var include: String?

  func validate() throws { _ = try extras() }

  private func extras() throws -> [PointTableText.Extra] {
    guard let include else { return [] }
    let words = include.split(separator: ",", omittingEmptySubsequences: false)
    return try words.map { word in
      guard let extra = PointTableText.Extra(rawValue: String(word)) else {
        throw ValidationError("--include: found '\(word)'; allowed: failed, pending")
      }
      return extra
    }
  }

  func run() throws {
    guard Launcher().isSpeaker else { return }
    let extras = try extras()
    let directory = try RunArgument.directory(directory)
    let destination = try ExportDestination(output, overwrites: overwrite)
    do throws(EarlyEnd) {
      let table = try LongStep.run("reading the checkpoint") { (_) throws(EarlyEnd) in
        try read(directory, extras)
      }
      try LongStep.run("writing") { (step) throws(EarlyEnd) in
        try table.write { (bytes, rows) throws(EarlyEnd) in
          try destination.write(bytes)
          step.reached("\(Numbers.grouped(rows)) of \(Numbers.grouped(table.rowCount)) rows")
        }
        try destination.finish()
      }
      if let output { Console.warn("\(Numbers.grouped(table.rowCount)) rows in \(output)") }
    } catch {
      destination.abandon()
      throw error
    }
  }

  private func read(
    _ directory: String, _ extras: [PointTableText.Extra]
  ) throws(EarlyEnd) -> PointTableText {
    let reader: RunReader
    do { reader = try RunReader(directory) } catch { throw EarlyEnd(reading: error) }
    var isHeld = true
    if case .dead = reader.holder(seenBy: BatchJob().claimant) { isHeld = false }
    let recovered = try RecoveredCampaign(reader, isHeld: isHeld)
    for remark in recovered.remarks { Console.warn("checkpoint: \(remark)") }
    return PointTableText(
      recovered.state.saved(elapsed: recovered.state.elapsed).learners, with: extras)
  }
}
