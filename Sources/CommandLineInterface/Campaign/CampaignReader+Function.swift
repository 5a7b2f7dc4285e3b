import Delegation
import Evaluators

extension CampaignReader {
  /// Keys of every function that runs in a process of its own.
  static let conductKeys = ["timeout", "max_rss", "threads", "environment", "setup_node"]

  func function(_ node: CampaignNode) throws(EarlyEnd) -> CampaignFunction {
    let settingKeys = BuiltinFunction.SettingKey.allCases.map(\.rawValue)
    guard case .mapping(let entries) = node.content else {
      throw node.refused(
        allowed: "a mapping with the keys library, symbol and others, or python, command, builtin")
    }
    func has(_ key: String) -> Bool { entries.contains { $0.key == key } }
    if has("builtin") {
      return try builtin(
        try CampaignMapping(node, keys: ["builtin", "setup_node"] + settingKeys))
    }
    if has("swift") {
      let mapping = try CampaignMapping(node, keys: ["swift", "isolation"] + Self.conductKeys)
      return .swift(name: try mapping.required("swift", "a name").text("a function's name"))
    }
    if has("python") {
      let keys = ["python", "interpreter", "batch", "setup"] + Self.conductKeys
      return .python(try python(try CampaignMapping(node, keys: keys)))
    }
    if has("command") {
      let keys = ["command", "mode", "result", "keep", "setup"] + Self.conductKeys
      return .program(try program(try CampaignMapping(node, keys: keys)))
    }
    let keys = ["library", "symbol", "isolation", "team", "span_nodes"] + Self.conductKeys
    let mapping = try CampaignMapping(node, keys: keys + ["python", "command", "swift", "builtin"])
    let library = try mapping.required(
      "library", "a path; or python: a function, command: a program, swift: or builtin: a name")
    return .library(
      path: absolutePath(try library.text("the path of a shared library")),
      symbol: try mapping["symbol"].map(symbol) ?? CampaignFunction.defaultSymbol)
  }

  private func symbol(_ node: CampaignNode) throws(EarlyEnd) -> String {
    let allowed = "a name of letters, digits and _, as C has them"
    let name = try node.text(allowed)
    guard Self.isIdentifier(name) else { throw node.refused(allowed: allowed) }
    return name
  }

  /// Letters, digits and `_`, no digit first.
  static func isIdentifier(_ name: some StringProtocol) -> Bool {
    guard let first = name.utf8.first, !(48...57).contains(first) else { return false }
    return name.utf8.allSatisfy { byte in
      byte == UInt8(ascii: "_") || (48...57).contains(byte) || (65...90).contains(byte)
        || (97...122).contains(byte)
    }
  }

  private func python(_ mapping: CampaignMapping) throws(EarlyEnd) -> PythonFunction {
    let node = try mapping.required("python", "module:function, or file.py:function")
    let allowed = "module:function, or the path of a file and a function, as peak.py:peak"
    let text = try node.text(allowed)
    guard let colon = text.lastIndex(of: ":") else { throw node.refused(allowed: allowed) }
    let place = String(text[..<colon])
    let name = String(text[text.index(after: colon)...])
    let isFile = place.contains("/") || place.hasSuffix(".py")
    let parts =
      (isFile ? [] : place.split(separator: ".", omittingEmptySubsequences: false))
      + name.split(separator: ".", omittingEmptySubsequences: false)
    guard !place.isEmpty, !name.isEmpty, parts.allSatisfy({ Self.isPythonName($0) }) else {
      throw node.refused(allowed: allowed)
    }
    let interpreter = try mapping["interpreter"]?.text("the path or name of a Python")
    var function = PythonFunction(
      isFile ? .file(absolutePath(place)) : .module(place), name: name,
      interpreter: interpreter.map { $0.contains("/") ? absolutePath($0) : $0 } ?? "python3",
      isBatch: try mapping["batch"]?.word(of: ["true": true, "false": false]) ?? false,
      folder: folder.isEmpty ? "/" : folder)
    if let node = mapping["setup"] {
      let allowed = "the name of a function beside '\(name)', which is called without arguments"
      let name = try node.text(allowed)
      guard
        name.split(separator: ".", omittingEmptySubsequences: false)
          .allSatisfy({ Self.isPythonName($0) })
      else { throw node.refused(allowed: allowed) }
      function.setUp = name
    }
    return function
  }

  /// As Python has them: letters of any script.
  private static func isPythonName(_ name: Substring) -> Bool {
    guard let first = name.first, !first.isNumber else { return false }
    return name.allSatisfy { $0.isLetter || $0.isNumber || $0 == "_" }
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
