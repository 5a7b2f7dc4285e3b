import AdaptiveCore
import Learners

/// Reads `outputs` and `learn`: of the campaign, and of a learner that says otherwise.
struct OutputReader {
  /// What a value of the function consists of.
  enum Outputs {
    /// So many numbers, without names, all of them learned.
    case count(Int)
    case named(OutputLayout)
  }

  /// What holds where the key is not given.
  var inherited = Outputs.count(1)

  private static let forms =
    "a whole number of numbers, or a list such as [energy, {name: spectrum, size: 64}]"

  func read(outputs: CampaignNode?, learn: CampaignNode?) throws(EarlyEnd) -> Outputs {
    var read = inherited
    if let outputs { read = try self.outputs(outputs) }
    guard let learn else { return read }
    guard case .named(let layout) = read else {
      throw learn.refused(allowed: "the name of an output, where outputs have names")
    }
    let names = layout.outputs.map(\.name)
    let allowed = names.joined(separator: ", ")
    let name = try learn.text(allowed)
    guard let place = names.firstIndex(of: name),
      let chosen = OutputLayout(layout.outputs, learnedPlace: place)
    else { throw learn.refused(allowed: allowed + Spelling.hint(for: name, among: names)) }
    return .named(chosen)
  }

  private func outputs(_ node: CampaignNode) throws(EarlyEnd) -> Outputs {
    guard case .list(let elements) = node.content else {
      guard case .scalar = node.content else { throw node.refused(allowed: Self.forms) }
      return .count(try node.integer(in: 1...Limits.valueCountMax))
    }
    var outputs: [OutputLayout.Output] = []
    var total = 0
    for element in elements {
      let output = try self.output(element)
      guard !outputs.contains(where: { $0.name == output.name }) else {
        throw element.refused(
          "the output '\(output.name)' a second time", allowed: "a name of its own for each")
      }
      total += output.size
      guard total <= Limits.valueCountMax else {
        throw element.refused(
          "outputs of \(total) numbers", allowed: "at most \(Limits.valueCountMax) in all")
      }
      outputs.append(output)
    }
    guard let layout = OutputLayout(outputs) else { throw node.refused(allowed: Self.forms) }
    return .named(layout)
  }

  private func output(_ node: CampaignNode) throws(EarlyEnd) -> OutputLayout.Output {
    guard case .mapping = node.content else {
      return OutputLayout.Output(name: try name(node))
    }
    let mapping = try CampaignMapping(node, keys: ["name", "size"])
    return OutputLayout.Output(
      name: try name(mapping.required("name", "a name")),
      size: try mapping["size"]?.integer(in: 1...Limits.valueCountMax) ?? 1)
  }

  private func name(_ node: CampaignNode) throws(EarlyEnd) -> String {
    let allowed = "a name of letters, digits and _, or {name: …, size: …}"
    let name = try node.text(allowed)
    guard CampaignReader.isIdentifier(name) else { throw node.refused(allowed: allowed) }
    return name
  }
}
