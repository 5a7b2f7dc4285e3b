import AdaptiveCore
import Delegation
import Evaluators
import Learners

/// Reads campaign files. Whatever the file holds, the result is a campaign that can be run or an
/// error that says where the file is wrong and what is allowed there.
package struct CampaignReader {
  /// The folder of the campaign file, to which its paths are relative; absolute, without a last
  /// `/`.
  package let folder: String

  /// - Parameters:
  ///   - bytes: the file's content.
  ///   - source: the file's path as the user gave it, for errors.
  ///   - folder: the file's folder as an absolute path.
  ///   - overrides: `key.path=value` texts of the command line, applied in order.
  package static func read(
    _ bytes: [UInt8], source: String, folder: String, overrides: [CampaignOverride] = []
  ) throws(EarlyEnd) -> Campaign {
    var root = try CampaignNode.read(yaml: bytes, source: source)
    for override in overrides { try override.apply(to: &root) }
    return try CampaignReader(folder: folder).campaign(root)
  }

  private static let keys = [
    "name", "directory", "function", "learners", "outputs", "learn", "goal", "tree", "checkpoint",
    "retries", "failures", "duplicate_stragglers", "balancing", "seed", "walltime",
  ]

  private func campaign(_ root: CampaignNode) throws(EarlyEnd) -> Campaign {
    let file = try CampaignMapping(root, keys: Self.keys)
    let name = try campaignName(file.required("name", "a short name for the campaign"))
    let seed = UInt64(try file["seed"]?.integer(in: 0...Int.max) ?? 0)
    let outputs = try OutputReader().read(outputs: file["outputs"], learn: file["learn"])
    let function = try function(
      file.required("function", "a mapping with library, python, command or builtin"))
    var conduct = try conduct(file.required("function", "a mapping"))
    var campaign = Campaign(
      name: name,
      directory: try file["directory"].map { node throws(EarlyEnd) in
        absolutePath(try node.text("a path"))
      } ?? absolutePath("runs/\(name)"),
      learners: try learners(
        file.required("learners", "a list of learners"), outputs: outputs, seed: seed, &conduct),
      function: function,
      goal: try goal(file.required("goal", Self.goalForms)))
    campaign.seed = seed
    campaign.conduct = conduct
    try checkPlaceholders(campaign, at: file.required("function", "a mapping"))
    if let node = file["tree"] {
      campaign.tree = try tree(node)
      if campaign.tree.roots > 1, conduct.team.map({ $0.sizes.count > 1 }) == true {
        throw node.refused(
          "roots: \(campaign.tree.roots)",
          allowed: "no roots where learners have teams of several sizes: each size has one")
      }
    }
    if let node = file["checkpoint"] { campaign.checkpoint = try checkpoint(node) }
    if let node = file["retries"] { campaign.retries = try node.integer(in: 0...1000) }
    if let node = file["failures"] { campaign.failureLimit = try failureLimit(node) }
    if let node = file["duplicate_stragglers"] {
      campaign.duplicatesStragglers = try node.word(of: ["true": true, "false": false])
    }
    if let node = file["balancing"] {
      campaign.balancing = try node.word(of: [
        "cycle": .cycle, "loss_improvements": .lossImprovements, "loss": .loss,
        "npoints": .npoints,
      ])
    }
    if let node = file["walltime"] { campaign.walltime = try node.timeSpan() }
    return campaign
  }

  /// The name is part of paths and of what a terminal shows.
  private func campaignName(_ node: CampaignNode) throws(EarlyEnd) -> String {
    let allowed = "a name of 1 to 200 bytes without '/', not beginning with '.'"
    let name = try node.text(allowed)
    guard !name.contains("/"), !name.hasPrefix(".") else { throw node.refused(allowed: allowed) }
    return name
  }

  /// A path of the file, relative to the file's own folder.
  func absolutePath(_ path: String) -> String {
    path.hasPrefix("/") ? path : "\(folder)/\(path)"
  }

  private func failureLimit(_ node: CampaignNode) throws(EarlyEnd) -> FailureLimit {
    let mapping = try CampaignMapping(node, keys: ["limit"])
    let node = try mapping.required("limit", "a count of points, or a share such as 10%")
    let allowed = "a whole number of points, 1 or more, or a share above 0% up to 100%"
    guard case .scalar(let text, _) = node.content else { throw node.refused(allowed: allowed) }
    guard text.hasSuffix("%") else {
      guard let count = Int(text), count >= 1 else { throw node.refused(allowed: allowed) }
      return .count(count)
    }
    guard let percent = Double(text.dropLast()), percent > 0, percent <= 100 else {
      throw node.refused(allowed: allowed)
    }
    return .share(percent / 100)
  }

  private func tree(_ node: CampaignNode) throws(EarlyEnd) -> Campaign.Tree {
    let mapping = try CampaignMapping(node, keys: ["leaves_per_submaster", "levels", "roots"])
    return Campaign.Tree(
      leavesPerSubmaster: try mapping["leaves_per_submaster"]?.integer(in: 1...Limits.ranksMax - 1),
      levels: try mapping["levels"]?.integer(in: 0...16),
      roots: try mapping["roots"]?.integer(in: 1...Limits.shardsMax) ?? 1)
  }

  private func checkpoint(_ node: CampaignNode) throws(EarlyEnd) -> Campaign.Checkpoint {
    let mapping = try CampaignMapping(node, keys: ["interval", "mtbf", "commit", "grace"])
    var checkpoint = Campaign.Checkpoint()
    if let interval = mapping["interval"] {
      if case .scalar("auto", _) = interval.content {
        checkpoint.interval = nil
      } else if case .scalar(let text, _) = interval.content, TimeSpan(text: text) == nil {
        throw interval.refused(allowed: "auto, or \(TimeSpan.textForms)")
      } else {
        checkpoint.interval = try interval.timeSpan()
      }
    }
    if let mtbf = mapping["mtbf"] { checkpoint.meanTimeBetweenFailures = try mtbf.timeSpan() }
    if let commit = mapping["commit"] { checkpoint.commit = try commit.timeSpan() }
    if let grace = mapping["grace"] { checkpoint.grace = try grace.timeSpan() }
    return checkpoint
  }
}
