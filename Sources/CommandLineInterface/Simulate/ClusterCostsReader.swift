import Delegation
import Foundation
import Learners
package import Simulation

/// The file that says what things cost on some cluster: YAML, and so JSON too.
package enum ClusterCostsReader {
  /// A built-in name, or the path of a file.
  package static func costs(_ nameOrPath: String) throws(EarlyEnd) -> ClusterCosts {
    if let found = ClusterCosts.builtIn.first(where: { $0.name == nameOrPath }) { return found }
    guard nameOrPath.contains("/") || nameOrPath.contains(".") else {
      let names = ClusterCosts.builtIn.map(\.name)
      throw EarlyEnd(
        .usage,
        "--model: found '\(nameOrPath.shortened)'; allowed: \(names.joined(separator: ", ")), or a "
          + "file such as ./cluster.yaml" + Spelling.hint(for: nameOrPath, among: names))
    }
    return try read(try CampaignFile(nameOrPath).bytes(), source: nameOrPath)
  }

  package static func read(_ bytes: [UInt8], source: String) throws(EarlyEnd) -> ClusterCosts {
    let keys = [
      "name", "source", "within_node", "between_nodes", "processing", "learners", "journal",
      "waking", "start_spread", "cores_per_node",
    ]
    let file = try CampaignMapping(
      try CampaignNode.read(yaml: bytes, source: source), keys: keys)
    let within = try link(file.required("within_node", linkForm))
    var costs = ClusterCosts(
      name: try file.required("name", "a name").text(),
      source: try file.required("source", "where it was measured").text(),
      withinNode: within,
      betweenNodes: try file["between_nodes"].map(link) ?? within)
    if let node = file["processing"] { costs.processing = try processing(node) }
    if let node = file["learners"] { costs.learners = try learners(node) }
    if let node = file["journal"] { costs.journal = try journal(node) }
    if let node = file["waking"] { costs.waking = try waking(node) }
    costs.startSpread = try seconds(file["start_spread"])
    costs.coresPerNode = try file["cores_per_node"]?.integer(in: 1...1 << 20)
    return costs
  }

  private static let linkForm = "latency, spread and bandwidth, in seconds and bytes a second"

  private static func link(_ node: CampaignNode) throws(EarlyEnd) -> ClusterCosts.Link {
    let mapping = try CampaignMapping(node, keys: ["latency", "spread", "bandwidth"])
    return ClusterCosts.Link(
      latency: try seconds(mapping.required("latency", "seconds")),
      spread: try seconds(mapping["spread"]),
      bytesPerSecond: try mapping["bandwidth"]?.positiveNumber() ?? .infinity)
  }

  private static func processing(
    _ node: CampaignNode
  ) throws(EarlyEnd) -> ClusterCosts.Processing {
    let mapping = try CampaignMapping(node, keys: ["send", "receive", "byte", "turn"])
    var processing = ClusterCosts.Processing()
    processing.send = try seconds(mapping["send"])
    processing.receive = try seconds(mapping["receive"])
    processing.byte = try seconds(mapping["byte"])
    processing.turn = try seconds(mapping["turn"])
    return processing
  }

  private static func learners(
    _ node: CampaignNode
  ) throws(EarlyEnd) -> [ClusterCosts.LearnerCost] {
    let kinds = LearnerKind.Name.allCases
    let mapping = try CampaignMapping(node, keys: kinds.map(\.rawValue))
    var costs: [ClusterCosts.LearnerCost] = []
    for kind in kinds {
      guard let node = mapping[kind.rawValue] else { continue }
      let learner = try CampaignMapping(node, keys: ["ask", "tell"])
      costs.append(
        ClusterCosts.LearnerCost(
          kind, ask: try seconds(learner.required("ask", "seconds a point")),
          tell: try seconds(learner.required("tell", "seconds a point"))))
    }
    return costs
  }

  private static func journal(_ node: CampaignNode) throws(EarlyEnd) -> ClusterCosts.Journal {
    let mapping = try CampaignMapping(node, keys: ["record", "commit", "snapshot_point"])
    var journal = ClusterCosts.Journal()
    journal.record = try seconds(mapping["record"])
    journal.commit = try seconds(mapping["commit"])
    journal.snapshotPoint = try seconds(mapping["snapshot_point"])
    return journal
  }

  private static func waking(_ node: CampaignNode) throws(EarlyEnd) -> ClusterCosts.Waking {
    let mapping = try CampaignMapping(node, keys: ["ring", "thread", "spin", "polls"])
    var waking = ClusterCosts.Waking()
    waking.ring = try seconds(mapping["ring"])
    waking.thread = try seconds(mapping["thread"])
    waking.spin = try seconds(mapping["spin"])
    waking.polls = try mapping["polls"]?.word(of: ["true": true, "false": false]) ?? false
    return waking
  }

  /// 0 where nothing stands; at most a day.
  private static func seconds(_ node: CampaignNode?) throws(EarlyEnd) -> Double {
    guard let node else { return 0 }
    let allowed = "a number from 0 to 86400"
    let value = try node.number(allowed)
    guard (0...86400).contains(value) else { throw node.refused(allowed: allowed) }
    return value
  }
}
