import AdaptiveCore
import Delegation
import Evaluators
import Learners

extension CampaignReader {
  /// All learners of the file in its order, a sweep's combinations in place of its entry: the last
  /// key of a sweep changes fastest.
  func learners(
    _ node: CampaignNode, outputs: OutputReader.Outputs, seed: UInt64,
    _ conduct: inout FunctionConduct
  ) throws(EarlyEnd) -> [LearnerDefinition] {
    var learners: [LearnerDefinition] = []
    var teams: [(size: Int?, node: CampaignNode)] = []
    var places: [String: CampaignNode.Place] = [:]
    for element in try node.elements(of: "learners") {
      let entry = try LearnerEntry(element, reader: self, outputs: outputs)
      guard entry.combinationCount <= Limits.learnersMax - learners.count else {
        throw element.refused(
          "more than \(Limits.learnersMax) learners", allowed: "\(Limits.learnersMax) in all")
      }
      for combination in 0..<entry.combinationCount {
        let learner = entry.learner(combination, seed: seed &+ UInt64(learners.count))
        if let earlier = places.updateValue(element.place, forKey: learner.name) {
          throw element.refused(
            "the name '\(learner.name)' a second time, after line \(earlier.line)",
            allowed: "a name of its own for each learner")
        }
        learners.append(learner)
        teams.append((entry.team, element))
      }
    }
    try readTeams(teams, into: &conduct)
    return learners
  }
}

/// One element of `learners`: a learner, or a pattern for the learners of a sweep.
private struct LearnerEntry {
  private let name: String
  private let kind: LearnerKind
  private let outputs: OutputReader.Outputs
  private let parameters: [LearnerDefinition.Parameter]
  private let sweep: [Axis]

  /// Ranks that evaluate its points together, where it is not the function's number.
  let team: Int?

  /// One swept parameter; texts as the file has them, for the learner's name.
  private struct Axis {
    var name: String
    var values: [Double]
    var texts: [String]
  }

  let combinationCount: Int

  /// The keys of a learner whose kind has `ofKind`.
  private static func keys(_ ofKind: [String]) -> [String] {
    ["name", "kind"] + ofKind + ["outputs", "learn", "parameters", "sweep", "team"]
  }

  init(
    _ node: CampaignNode, reader: CampaignReader, outputs inherited: OutputReader.Outputs
  ) throws(EarlyEnd) {
    let kindReader = try Self.kindReader(node)
    let mapping = try CampaignMapping(node, keys: Self.keys(kindReader.keys))
    let nameNode = try mapping.required("name", "a name")
    name = try nameNode.text()
    outputs = try OutputReader(inherited: inherited).read(
      outputs: mapping["outputs"], learn: mapping["learn"])
    kind = try kindReader.read(reader, mapping)
    let learnedCount =
      switch outputs {
      case .count(let count): count
      case .named(let layout): layout.learned.count
      }
    let settings = kind.settings
    _ = try reader.settings(at: node) { () throws(LearnerError) in
      try settings.makeLearner(valueCount: learnedCount, seed: 0)
    }
    parameters = try mapping["parameters"].map(Self.parameters) ?? []
    sweep = try mapping["sweep"].map(Self.sweep) ?? []
    team = try mapping["team"]?.integer(in: 1...Limits.ranksMax - 1)
    var count = 1
    var unfilled = name
    for axis in sweep {
      if parameters.contains(where: { $0.name == axis.name }) {
        throw node.refused(
          "'\(axis.name)' in parameters and in sweep", allowed: "each parameter in one of them")
      }
      guard name.contains("{\(axis.name)}") else {
        throw nameNode.refused(
          allowed: "a name with {\(axis.name)} in it, because sweep varies \(axis.name)")
      }
      unfilled = unfilled.replacing("{\(axis.name)}", with: "")
      let (product, overflows) = count.multipliedReportingOverflow(by: axis.values.count)
      count = overflows ? .max : product
    }
    guard !unfilled.contains("{"), !unfilled.contains("}") else {
      throw nameNode.refused(
        allowed: "braces only around a parameter of sweep"
          + (sweep.isEmpty ? "" : ": " + sweep.map(\.name).joined(separator: ", ")))
    }
    combinationCount = count
  }

  private static func kindReader(_ node: CampaignNode) throws(EarlyEnd) -> KindReader {
    let kind: CampaignNode
    if case .mapping(let entries) = node.content,
      let entry = entries.first(where: { $0.key == "kind" })
    {
      kind = entry.value
    } else {
      let names = LearnerKind.Name.allCases.map(\.rawValue).joined(separator: ", ")
      kind = try CampaignMapping(node, keys: keys(KindReader.allKeys)).required("kind", names)
    }
    return .of(try kind.word(of: LearnerKind.Name.self))
  }

  func learner(_ combination: Int, seed: UInt64) -> LearnerDefinition {
    var name = name
    var parameters = parameters
    var stride = combinationCount
    for axis in sweep {
      stride /= axis.values.count
      let index = combination / stride % axis.values.count
      name = name.replacing("{\(axis.name)}", with: axis.texts[index])
      parameters.append(.init(name: axis.name, value: axis.values[index]))
    }
    return switch outputs {
    case .count(let count):
      LearnerDefinition(
        name: name, kind: kind, parameters: parameters, valueCount: count, seed: seed)
    case .named(let layout):
      LearnerDefinition(
        name: name, kind: kind, parameters: parameters, outputs: layout, seed: seed)
    }
  }

  private static func entries(
    _ node: CampaignNode, _ allowed: String
  ) throws(EarlyEnd) -> [CampaignNode.Entry] {
    guard case .mapping(let entries) = node.content, !entries.isEmpty else {
      throw node.refused(allowed: allowed)
    }
    for entry in entries {
      let isPlain = entry.key.unicodeScalars.allSatisfy {
        $0.value > 32 && $0.value != 127 && $0 != "{" && $0 != "}"
      }
      guard isPlain, (1...200).contains(entry.key.utf8.count) else {
        throw entry.value.refused(
          "the key '\(entry.key.shortened)'", allowed: "a name without spaces and braces")
      }
    }
    return entries
  }

  private static func parameters(
    _ node: CampaignNode
  ) throws(EarlyEnd) -> [LearnerDefinition.Parameter] {
    let entries = try entries(node, "a mapping from names to numbers, such as {delta: 0.5}")
    return try entries.map { entry throws(EarlyEnd) in
      .init(name: entry.key, value: try entry.value.number())
    }
  }

  private static func sweep(_ node: CampaignNode) throws(EarlyEnd) -> [Axis] {
    let entries = try entries(node, "a mapping from names to lists, such as {mu: [0, 1]}")
    return try entries.map { entry throws(EarlyEnd) in
      let elements = try entry.value.elements(of: "numbers")
      let values = try elements.map { element throws(EarlyEnd) in try element.number() }
      let texts = elements.map { element in
        if case .scalar(let text, _) = element.content { text } else { "" }
      }
      return Axis(name: entry.key, values: values, texts: texts)
    }
  }
}
