import Delegation
import Evaluators

extension CampaignReader {
  func function(_ node: CampaignNode) throws(EarlyEnd) -> CampaignFunction {
    let settingKeys = BuiltinFunction.SettingKey.allCases.map(\.rawValue)
    if case .mapping(let entries) = node.content, entries.contains(where: { $0.key == "builtin" }) {
      return try builtin(try CampaignMapping(node, keys: ["builtin"] + settingKeys))
    }
    let mapping = try CampaignMapping(node, keys: ["library", "symbol", "builtin"])
    let library = try mapping.required("library", "a path, or builtin: with the name of one")
    return .library(
      path: absolutePath(try library.text("the path of a shared library")),
      symbol: try mapping["symbol"].map(symbol) ?? CampaignFunction.defaultSymbol)
  }

  private func symbol(_ node: CampaignNode) throws(EarlyEnd) -> String {
    let allowed = "a name of letters, digits and _, as C has them"
    let name = try node.text(allowed)
    let isIdentifier = name.utf8.allSatisfy { byte in
      byte == UInt8(ascii: "_") || (48...57).contains(byte) || (65...90).contains(byte)
        || (97...122).contains(byte)
    }
    guard isIdentifier, let first = name.utf8.first, !(48...57).contains(first) else {
      throw node.refused(allowed: allowed)
    }
    return name
  }

  private func builtin(_ mapping: CampaignMapping) throws(EarlyEnd) -> CampaignFunction {
    let nameNode = try mapping.required("builtin", "a name")
    let name = try nameNode.word(of: BuiltinFunction.Shape.self)
    var settings: [BuiltinFunction.Setting] = []
    for key in BuiltinFunction.SettingKey.allCases.map(\.rawValue) {
      guard let node = mapping[key] else { continue }
      let setting = BuiltinFunction.Setting(key: key, values: try texts(node))
      // Each setting by itself first, so that an error carries its line.
      if !["sigma", "alpha"].contains(key) { try check(name.rawValue, [setting], at: node) }
      settings.append(setting)
    }
    try check(name.rawValue, settings, at: mapping.node)
    return .builtin(name: name.rawValue, settings: settings)
  }

  private func check(
    _ name: String, _ settings: [BuiltinFunction.Setting], at node: CampaignNode
  ) throws(EarlyEnd) {
    do {
      _ = try BuiltinFunction(name: name, settings: settings)
    } catch {
      throw EarlyEnd(.campaignWrong, "\(node.place): \(error)")
    }
  }

  private func texts(_ node: CampaignNode) throws(EarlyEnd) -> [String] {
    guard case .list(let elements) = node.content else { return [try node.text()] }
    return try elements.map { element throws(EarlyEnd) in try element.text() }
  }
}
