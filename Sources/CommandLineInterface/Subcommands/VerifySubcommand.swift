import ArgumentParser
import CheckpointHDF5
import Delegation

/// Whether a checkpoint is whole, and what a relaunch would make of it.
struct VerifySubcommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "Check every file of a run directory, or one file, and change none.",
    discussion: """
      Reads worlds' records, snapshots with their digests and checksums, and journals, as a \
      relaunch would; says what it would load, and what would be lost. Writes nothing and moves \
      nothing aside, and may run beside a living world: what that is still writing is no damage.

      EXAMPLES
        adaptive-mpi verify runs/nanowire
        adaptive-mpi verify campaign.yaml       the run directory of a campaign file
        adaptive-mpi verify runs/nanowire/shard-0000/snapshot-0001-000003.h5
        adaptive-mpi verify runs/nanowire > /dev/null && cp -r runs/nanowire /archive

      EXIT CODES
        0 intact; 65 damaged: the lines say what, and what can still serve; 66 no such file.
      """)

  @Argument(
    help: ArgumentHelp(
      "A run directory, the campaign file that names it, or a snapshot or journal.",
      valueName: "place"))
  var place: String

  func run() throws {
    guard Launcher().isSpeaker else { return }
    let name = place.split(separator: "/").last.map { String($0) } ?? place
    if FileInspection.isMeant(by: name) {
      try verifyFile()
    } else {
      try verifyDirectory(RunArgument.directory(place))
    }
  }

  private func verifyFile() throws(EarlyEnd) {
    let found: FileInspection
    do { found = try FileInspection(place) } catch { throw EarlyEnd(reading: error) }
    let state: PartState
    switch found {
    case .snapshot(let snapshot):
      state = snapshot.finding.state
      Console.show("\(place): snapshot of \(snapshot.position), shard \(snapshot.shard)")
      Console.show("  campaign \(snapshot.campaign.hexadecimal)")
      Console.show(
        "  \(VerificationText.counted(snapshot.learnerCount, "learner")); "
          + VerificationText.text(snapshot.finding))
    case .journal(let journal):
      state = journal.finding.state
      Console.show("\(place): journal of \(journal.position), shard \(journal.shard)")
      Console.show("  campaign \(journal.campaign.hexadecimal)")
      Console.show(
        "  \(VerificationText.counted(journal.finding.blockCount, "block")); "
          + VerificationText.text(journal.finding))
    }
    if case .damaged(let detail) = state {
      throw EarlyEnd(.checkpointDamaged, "\(place): damaged: \(detail)")
    }
    Console.show("adaptive-mpi: intact")
  }

  private func verifyDirectory(_ directory: String) throws(EarlyEnd) {
    let reader: RunReader
    let inspection: RunInspection
    do throws(CheckpointError) {
      reader = try RunReader(directory)
      let held = isHeld(reader)
      inspection = try LongStep.run("verifying") { (step) throws(CheckpointError) in
        try reader.inspect(isHeld: held) { shard, count in
          step.reached("shard \(shard + 1) of \(count)")
        }
      }
    } catch {
      throw EarlyEnd(reading: error)
    }
    let holder = reader.holder(seenBy: BatchJob().claimant)
    for line in VerificationText.lines(inspection, reader, holder) { Console.show(line) }
    var campaign: RecoveredCampaign?
    var misfit: EarlyEnd?
    if inspection.isLoadable {
      do throws(EarlyEnd) {
        campaign = try LongStep.run("replaying") { (_) throws(EarlyEnd) in
          try RecoveredCampaign(reader, isHeld: isHeld(reader))
        }
      } catch {
        misfit = error
      }
    }
    for line in VerificationText.verdict(inspection, campaign) { Console.show(line) }
    if let misfit { throw misfit }
    guard inspection.isDamaged else { return Console.show("adaptive-mpi: intact") }
    throw EarlyEnd(
      .checkpointDamaged,
      inspection.isLoadable
        ? "\(directory): damaged; a relaunch can go on from what is above"
        : "\(directory): damaged; a relaunch cannot go on: restore a copy, or start afresh")
  }

  private func isHeld(_ reader: RunReader) -> Bool {
    if case .dead = reader.holder(seenBy: BatchJob().claimant) { false } else { true }
  }
}
