import AdaptiveCore
import CheckpointHDF5
import Delegation
import Foundation
import Learners
import NodeRuntime

/// A campaign as a relaunch would find it, for those who only look.
struct RecoveredCampaign {
  /// The newest record that can be read.
  let record: WorldRecord

  /// The campaign file at the newest snapshot, where it can be read still.
  let campaign: Campaign?

  let state: CampaignState

  /// What the reader has to say, one line each; empty when all is well.
  let remarks: [String]

  /// - Parameter isHeld: a world may live there.
  init(_ reader: RunReader, isHeld: Bool) throws(EarlyEnd) {
    let loaded: LoadedCheckpoint
    do {
      record = try reader.record()
      loaded = try reader.load(isHeld: isHeld)
    } catch {
      throw EarlyEnd(reading: error)
    }
    campaign = Self.campaign(loaded.campaignText)
    remarks = loaded.report
    state = try Self.state(loaded, campaign, directory: reader.lineage.directory)
  }

  /// nil where the text is lost, or of a form that this program does not read.
  static func campaign(_ text: String?) -> Campaign? {
    guard let text else { return nil }
    do throws(EarlyEnd) {
      return try CampaignReader.read(Array(text.utf8), source: "campaign", folder: "/")
    } catch {
      return nil
    }
  }

  /// - Throws: where a learner left no snapshot and the campaign file does not define it either, or
  ///   the parts do not fit together.
  static func state(
    _ loaded: LoadedCheckpoint, _ campaign: Campaign?, directory: String
  ) throws(EarlyEnd) -> CampaignState {
    var definitions: [LearnerDefinition] = []
    for (position, saved) in loaded.learners.enumerated() {
      let written = campaign.flatMap {
        $0.learners.count == loaded.learners.count ? $0.learners[position] : nil
      }
      guard let definition = saved?.definition ?? written else {
        throw EarlyEnd(
          .checkpointDamaged,
          "\(directory): no snapshot says what learner \(position) is; a relaunch with the "
            + "campaign file can still go on from its journals")
      }
      definitions.append(definition)
    }
    do throws(LearnerError) {
      var state = try CampaignState(loaded.campaign(definitions))
      try state.replaying { (state) throws(LearnerError) in
        try loaded.forEachEntry { (entry) throws(LearnerError) in try state.replay(entry) }
      }
      return state
    } catch {
      throw EarlyEnd(.checkpointDamaged, "\(directory): \(error.detail)")
    }
  }
}

/// The run directory that an argument means: itself, or that of a campaign file.
enum RunArgument {
  static func directory(_ argument: String) throws(EarlyEnd) -> String {
    var isDirectory: ObjCBool = false
    let exists = unsafe FileManager.default.fileExists(
      atPath: argument, isDirectory: &isDirectory)
    guard exists else {
      throw EarlyEnd(
        .fileMissing,
        "\(argument): there is no such directory; allowed: a run directory, or a campaign file")
    }
    if isDirectory.boolValue { return argument }
    return try CampaignFile(argument).read().directory
  }
}
