/// A mapping whose keys are known: looks them up, and refuses any other with the nearest spelling.
package struct CampaignMapping {
  package let node: CampaignNode
  private let entries: [CampaignNode.Entry]

  /// - Parameters:
  ///   - keys: every key that is allowed here.
  package init(_ node: CampaignNode, keys: [String]) throws(EarlyEnd) {
    let allowed = keys.joined(separator: ", ")
    guard case .mapping(let entries) = node.content else {
      throw node.refused(allowed: "a mapping with the keys \(allowed)")
    }
    for entry in entries where !keys.contains(entry.key) {
      var keyNode = entry.value
      keyNode.place = entry.keyPlace
      keyNode.path = node.path
      throw keyNode.refused(
        "the unknown key '\(entry.key.shortened)'",
        allowed: allowed + Spelling.hint(for: entry.key, among: keys))
    }
    self.node = node
    self.entries = entries
  }

  /// What stands behind `key`; nil where it is left out.
  package subscript(key: String) -> CampaignNode? {
    entries.first { $0.key == key }?.value
  }

  /// What stands behind `key`, or an error that the key is missing.
  package func required(_ key: String, _ what: String) throws(EarlyEnd) -> CampaignNode {
    guard let value = self[key] else {
      throw node.refused("no key '\(key)'", allowed: "\(key): \(what)")
    }
    return value
  }
}
