package import Learners

/// What a campaign file asks for that its checkpoint cannot be continued with: one line for each
/// difference, empty where the world may go on.
///
/// Learners with everything that shapes their points, and the function, are fixed when a campaign
/// begins. Goal, tree, checkpoint, walltime and retries are each world's own and never compared.
package enum CampaignDifference {
  /// Lines for learners; positions matter, because points in the journal name learners by them.
  package static func lines(
    checkpoint: [LearnerDefinition], campaign: [LearnerDefinition]
  ) -> [String] {
    var lines: [String] = []
    let campaignNames = Set(campaign.map(\.name))
    let checkpointNames = Set(checkpoint.map(\.name))
    for learner in checkpoint where !campaignNames.contains(learner.name) {
      lines.append("learner \(learner.name): in the checkpoint, but not in the campaign")
    }
    for learner in campaign where !checkpointNames.contains(learner.name) {
      lines.append("learner \(learner.name): in the campaign, but not in the checkpoint")
    }
    if lines.isEmpty, checkpoint.map(\.name) != campaign.map(\.name) {
      for (position, pair) in zip(checkpoint, campaign).enumerated()
      where pair.0.name != pair.1.name {
        lines.append(
          line("place \(position + 1) in the list of learners", pair.0.name, pair.1.name))
      }
    }
    guard lines.isEmpty else { return lines }
    for (saved, asked) in zip(checkpoint, campaign) { lines += self.lines(saved, asked) }
    return lines
  }

  /// A line for the function; nil if it is the same.
  package static func line(
    checkpoint: FunctionIdentity, campaign: FunctionIdentity
  ) -> String? {
    checkpoint == campaign ? nil : line("function", checkpoint.text, campaign.text)
  }

  private static func lines(_ saved: LearnerDefinition, _ asked: LearnerDefinition) -> [String] {
    var lines: [String] = []
    func compare<Value: Equatable>(
      _ subject: String, _ saved: Value, _ asked: Value, _ text: (Value) -> String
    ) {
      if saved != asked {
        lines.append(line("\(subject) of learner \(name)", text(saved), text(asked)))
      }
    }
    let name = saved.name
    switch (saved.kind, asked.kind) {
    case (.oneDimensional(let a), .oneDimensional(let b)):
      compare("bounds", [a.lower, a.upper], [b.lower, b.upper]) { "\($0)" }
      compare("loss", a.loss, b.loss) { $0.text }
    default:
      compare("kind", saved.kind, asked.kind) { $0.text }
    }
    compare("parameters", saved.parameters, asked.parameters) { parameters in
      parameters.isEmpty
        ? "none" : parameters.map { "\($0.name) = \($0.value)" }.joined(separator: ", ")
    }
    compare("outputs", saved.valueCount, asked.valueCount) { "\($0)" }
    compare("seed", saved.seed, asked.seed) { "\($0)" }
    return lines
  }

  private static func line(_ subject: String, _ checkpoint: String, _ campaign: String) -> String {
    "\(subject): checkpoint has \(checkpoint), campaign asks \(campaign)"
  }
}

extension LearnerKind {
  /// As a campaign file writes it.
  package var text: String {
    switch self {
    case .oneDimensional: "1d"
    case .counting: "counting"
    }
  }
}

extension Loss1D {
  /// As a campaign file writes it.
  package var text: String {
    switch self {
    case .distance: "default"
    case .uniform: "uniform"
    case .absMinLog: "abs_min_log"
    case .triangle: "triangle"
    case .resolution(let min, let max): "{resolution: {min: \(min), max: \(max)}}"
    case .curvature(let area, let euclid, let horizontal):
      "{curvature: {area: \(area), euclid: \(euclid), horizontal: \(horizontal)}}"
    }
  }
}
