import ArgumentParser
import Delegation

/// The campaign file and what the command line changes in it.
struct CampaignOptions: ParsableArguments {
  @Argument(help: ArgumentHelp("The campaign file.", valueName: "campaign.yaml"))
  var campaign: String

  @Option(
    name: .customLong("goal-loss"),
    help: ArgumentHelp("Sample each learner until its loss is this small.", valueName: "loss"))
  var goalLoss: String?

  @Option(
    name: .customLong("goal-npoints"),
    help: ArgumentHelp("Sample each learner until it has this many points.", valueName: "count"))
  var goalCount: String?

  @Option(
    name: .customLong("goal-time"),
    help: ArgumentHelp(
      "Sample until the campaign has run this long. Goals of the command line replace the file's; "
        + "any of several ends the world.", valueName: "time"))
  var goalTime: String?

  @Option(help: ArgumentHelp("The run directory, instead of the file's.", valueName: "path"))
  var directory: String?

  @Option(
    help: ArgumentHelp(
      "How long this world may take: 90, 90s, 30m, 4h, H:MM:SS or D-HH:MM:SS. By default what "
        + "Slurm or PBS say.", valueName: "time"))
  var walltime: String?

  @Option(
    help: ArgumentHelp(
      "Replace any key of the campaign file, such as checkpoint.grace=60. May be repeated.",
      valueName: "key=value"))
  var set: [String] = []

  /// Reads the campaign file with all changes.
  func read() throws(EarlyEnd) -> Campaign {
    var read = try CampaignFile(campaign).read(overrides: try overrides())
    try read.bindLosses()
    return read
  }

  /// Reads a campaign file's content, as another rank found it, with all changes.
  func read(_ text: String) throws(EarlyEnd) -> Campaign {
    var read = try CampaignFile(campaign).read(text, overrides: try overrides())
    try read.bindLosses()
    return read
  }

  private func overrides() throws(EarlyEnd) -> [CampaignOverride] {
    var overrides: [CampaignOverride] = []
    for text in set {
      guard let equals = text.firstIndex(of: "=") else {
        throw EarlyEnd(.usage, "--set \(text.shortened): found no '='; allowed: key=value")
      }
      overrides.append(
        CampaignOverride(
          key: String(text[..<equals]), value: String(text[text.index(after: equals)...]),
          source: "--set"))
    }
    let goals = [("loss", goalLoss), ("npoints", goalCount), ("time", goalTime)]
    if goals.contains(where: { $0.1 != nil }) {
      overrides.append(CampaignOverride(key: "goal", value: "{}", source: "--goal"))
    }
    for (key, value) in goals {
      guard let value else { continue }
      overrides.append(
        CampaignOverride(key: "goal.\(key)", text: value, source: "--goal-\(key)"))
    }
    if let directory {
      let path = directory.hasPrefix("/") ? directory : CampaignFile.absolutePath(directory)
      overrides.append(CampaignOverride(key: "directory", text: path, source: "--directory"))
    }
    if let walltime {
      overrides.append(CampaignOverride(key: "walltime", text: walltime, source: "--walltime"))
    }
    return overrides
  }
}
