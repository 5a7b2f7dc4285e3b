import AdaptiveCore
import Delegation
import Evaluators
import Learners

/// Functions that are programs, and what holds for every function in a process of its own.
extension CampaignReader {
  func program(_ mapping: CampaignMapping) throws(EarlyEnd) -> ProgramSettings {
    let node = try mapping.required("command", "a list of the program and its arguments")
    var command: [String] = []
    for element in try node.elements(of: "texts: the program and its arguments") {
      let text = try element.text(
        "a text of 1 to 200 bytes; {x}, {y}, {z}, {x0} and on, and the "
          + "names of parameters are placeholders")
      guard ProgramTemplate(text) != nil else {
        throw element.refused(allowed: "braces around a name; {{ and }} for braces")
      }
      command.append(text)
    }
    // A program's own path is the campaign's; a bare name is looked up in PATH.
    if command[0].contains("/") { command[0] = absolutePath(command[0]) }
    let mode = try mapping.required("mode", "persistent or per_point").word(
      of: ProgramSettings.Mode.self)
    var settings = ProgramSettings(command: command, mode: mode)
    if let node = mapping["result"] {
      guard mode == .perPoint else {
        throw node.refused("result with mode: persistent", allowed: "result with mode: per_point")
      }
      settings.result = try result(node)
    }
    if let node = mapping["keep"] {
      settings.keepsFailed = try node.word(of: ["failed": true, "none": false])
    }
    if let node = mapping["setup"] { settings.setUp = try words(node) }
    return settings
  }

  /// A program and its arguments, without placeholders.
  private func words(_ node: CampaignNode) throws(EarlyEnd) -> [String] {
    var command: [String] = []
    for element in try node.elements(of: "texts: a program and its arguments") {
      command.append(try element.text())
    }
    if command[0].contains("/") { command[0] = absolutePath(command[0]) }
    return command
  }

  private func result(_ node: CampaignNode) throws(EarlyEnd) -> ProgramSettings.Result {
    let mapping = try CampaignMapping(node, keys: ["file", "pattern"])
    var result = ProgramSettings.Result()
    if let node = mapping["file"] {
      let allowed = "the name of a file in the point's folder, without '/'"
      let name = try node.text(allowed)
      guard !name.contains("/"), name != ".", name != ".." else {
        throw node.refused(allowed: allowed)
      }
      result.file = name
    }
    if let node = mapping["pattern"] {
      let allowed = "a text with {} in place of each number, such as 'energy = {}'"
      let text = try node.text(allowed)
      guard let template = ProgramTemplate(text), !template.placeholders.isEmpty,
        template.placeholders.allSatisfy(\.isEmpty)
      else { throw node.refused(allowed: allowed) }
      result.pattern = text
    }
    return result
  }

  /// What the file says of the function beside where it is.
  func conduct(_ node: CampaignNode) throws(EarlyEnd) -> FunctionConduct {
    var conduct = FunctionConduct()
    guard case .mapping(let entries) = node.content else { return conduct }
    for entry in entries {
      switch entry.key {
      case "isolation":
        conduct.isolation = try entry.value.word(of: FunctionConduct.Isolation.self)
      case "timeout": conduct.timeout = try entry.value.timeSpan()
      case "max_rss": conduct.residentBytesMax = try entry.value.byteCount()
      case "threads": conduct.threads = try entry.value.integer(in: 1...4096)
      case "setup_node": conduct.nodeSetUp = try words(entry.value)
      case "environment": conduct.environment = try environment(entry.value)
      default: break
      }
    }
    try readTeam(entries, into: &conduct)
    if conduct.isolation == .none, conduct.residentBytesMax != nil {
      throw node.refused(
        "max_rss with isolation: none", allowed: "max_rss for a function in a process of its own")
    }
    return conduct
  }

  private func environment(_ node: CampaignNode) throws(EarlyEnd) -> [EnvironmentVariable] {
    guard case .mapping(let entries) = node.content else {
      throw node.refused(allowed: "a mapping from names of variables to texts")
    }
    var variables: [EnvironmentVariable] = []
    for entry in entries {
      guard Self.isIdentifier(entry.key) else {
        throw entry.value.refused(
          "the variable '\(entry.key.shortened)'", allowed: "a name of letters, digits and _")
      }
      variables.append(.init(name: entry.key, value: try entry.value.text()))
    }
    return variables
  }

  /// Refuses a placeholder of a program that means nothing for some learner.
  func checkPlaceholders(_ campaign: Campaign, at node: CampaignNode) throws(EarlyEnd) {
    guard case .program(let settings) = campaign.function else { return }
    let texts = settings.command.dropFirst() + campaign.conduct.environment.map(\.value)
    for text in texts {
      guard let template = ProgramTemplate(text) else {
        throw node.refused("'\(text.shortened)'", allowed: "braces around a name")
      }
      for name in template.placeholders {
        guard settings.mode == .perPoint else {
          throw node.refused(
            "the placeholder {\(name.shortened)} with mode: persistent",
            allowed: "placeholders with mode: per_point; a persistent program reads lines")
        }
        for learner in campaign.learners {
          let names = ProgramPlaceholders.names(WorkerStart.Learner(learner))
          guard !names.contains(name) else { continue }
          throw node.refused(
            "the placeholder {\(name.shortened)} for learner '\(learner.name.shortened)'",
            allowed: names.joined(separator: ", ") + Spelling.hint(for: name, among: names))
        }
      }
    }
  }
}

extension CampaignNode {
  /// A count of bytes, such as `500M`, `2GiB` or `1000000`.
  func byteCount() throws(EarlyEnd) -> Int {
    let allowed = "a size such as 800M or 2G (in units of 1024)"
    guard case .scalar(let text, _) = content else { throw refused(allowed: allowed) }
    let units: KeyValuePairs = ["K": 1 << 10, "M": 1 << 20, "G": 1 << 30, "T": 1 << 40]
    let digits = text.prefix { ("0"..."9").contains($0) || $0 == "." }
    let unit = text.dropFirst(digits.count)
    let plain =
      unit.hasSuffix("iB") ? unit.dropLast(2) : unit.hasSuffix("B") ? unit.dropLast() : unit
    let factor = plain.isEmpty ? 1 : units.first { $0.key == plain }?.value
    guard let factor, let number = Double(digits), number > 0, number * Double(factor) < 1e18 else {
      throw refused(allowed: allowed)
    }
    return Int(number * Double(factor))
  }
}
