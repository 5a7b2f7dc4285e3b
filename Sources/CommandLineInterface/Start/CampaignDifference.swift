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
    if saved.kind.name == asked.kind.name {
      // Fields of one kind are the same in number and order, or show that they are not.
      let (before, after) = (saved.kind.settings.fields.fields, asked.kind.settings.fields.fields)
      for (a, b) in zip(before, after) {
        compare(a.name, a.content, b.content) { $0.description }
      }
    } else {
      compare("kind", saved.kind.name, asked.kind.name) { $0.rawValue }
    }
    compare("parameters", saved.parameters, asked.parameters) { parameters in
      parameters.isEmpty
        ? "none" : parameters.map { "\($0.name) = \($0.value)" }.joined(separator: ", ")
    }
    compare("outputs", Outputs(saved), Outputs(asked)) { $0.text }
    compare("seed", saved.seed, asked.seed) { "\($0)" }
    return lines
  }

  private struct Outputs: Equatable {
    let valueCount: Int
    let layout: OutputLayout?

    init(_ definition: LearnerDefinition) {
      valueCount = definition.valueCount
      layout = definition.outputs
    }

    var text: String {
      guard let layout else { return "\(valueCount)" }
      let outputs = layout.outputs.map { $0.size == 1 ? $0.name : "\($0.name) of \($0.size)" }
      return outputs.joined(separator: ", ") + "; learned "
        + layout.outputs[layout.learnedPlace].name
    }
  }

  private static func line(_ subject: String, _ checkpoint: String, _ campaign: String) -> String {
    "\(subject): checkpoint has \(checkpoint), campaign asks \(campaign)"
  }
}
