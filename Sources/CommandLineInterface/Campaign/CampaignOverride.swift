import Delegation

/// A change to the campaign file made on the command line.
package struct CampaignOverride: Sendable, Equatable {
  /// From the outermost to the innermost.
  package var keys: [String]

  /// What stands there instead; YAML, or a text as it is.
  package var value: Value

  /// The option, for errors.
  package var source: String

  package enum Value: Sendable, Equatable {
    case yaml(String)
    case text(String)
  }

  /// - Parameters:
  ///   - key: keys from the outermost to the innermost, with dots between them.
  ///   - value: YAML.
  package init(key: String, value: String, source: String) {
    self.init(key: key, .yaml(value), source: source)
  }

  /// An option of its own, whose value is no YAML: a path may hold any character.
  package init(key: String, text: String, source: String) {
    self.init(key: key, .text(text), source: source)
  }

  private init(key: String, _ value: Value, source: String) {
    keys = key.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    self.value = value
    self.source = source
  }

  /// Puts the value in its place; mappings on the way that the file leaves out are made.
  package func apply(to root: inout CampaignNode) throws(EarlyEnd) {
    let path = keys.joined(separator: ".")
    guard keys.allSatisfy({ !$0.isEmpty }), keys.count <= 8 else {
      throw EarlyEnd(
        .usage, "\(source): found '\(path.shortened)'; allowed: keys with dots between them")
    }
    let node =
      switch value {
      case .yaml(let text):
        try CampaignNode.read(yaml: Array(text.utf8), source: source, path: path)
      case .text(let text):
        CampaignNode(
          content: .scalar(text, isQuoted: false),
          place: .init(source: source, line: 1, column: 1), path: path)
      }
    try Self.put(node, at: keys[...], into: &root)
  }

  private static func put(
    _ node: CampaignNode, at keys: ArraySlice<String>, into parent: inout CampaignNode
  ) throws(EarlyEnd) {
    guard let key = keys.first else {
      parent = node
      return
    }
    guard case .mapping(var entries) = parent.content else {
      throw node.refused(
        "\(parent.found) in the file where '\(key)' would be", allowed: "a mapping")
    }
    if let index = entries.firstIndex(where: { $0.key == key }) {
      try put(node, at: keys.dropFirst(), into: &entries[index].value)
    } else {
      var child = node
      child.content = .mapping([])
      try put(node, at: keys.dropFirst(), into: &child)
      entries.append(.init(key: key, keyPlace: node.place, value: child))
    }
    parent.content = .mapping(entries)
  }
}
