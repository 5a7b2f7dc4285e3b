import AdaptiveCore
import Delegation
import Yams

extension CampaignNode {
  /// Reads YAML: one document, keys that are plain texts and occur once, no anchors and no aliases
  /// (a few lines of them can stand for more nodes than memory holds).
  ///
  /// - Parameters:
  ///   - bytes: UTF-8, at most ``Limits/campaignFileBytesMax``.
  ///   - source: what errors call the text: a path, or an option.
  package static func read(
    yaml bytes: [UInt8], source: String, path: String = ""
  ) throws(EarlyEnd) -> CampaignNode {
    guard bytes.count <= Limits.campaignFileBytesMax else {
      throw EarlyEnd(
        .campaignWrong,
        "\(source): found more than \(Limits.campaignFileBytesMax) bytes; allowed: a campaign file "
          + "of 1 MiB"
      )
    }
    let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]
    let bytes = bytes.starts(with: byteOrderMark) ? Array(bytes.dropFirst(3)) : bytes
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw EarlyEnd(.campaignWrong, "\(source): found bytes that are not UTF-8 text")
    }
    try refuseAliases(in: bytes, source: source)
    do {
      // Tags are not resolved: what is a number is decided by the key that asks for one.
      guard let root = try compose(yaml: text, .basic, .default, .utf8) else {
        throw EarlyEnd(.campaignWrong, "\(source): found an empty file; allowed: a campaign")
      }
      return try CampaignNode(root, source: source, path: path, depth: 0)
    } catch let error as EarlyEnd {
      throw error
    } catch let error as YamlError {
      throw EarlyEnd(.campaignWrong, describe(error, source: source))
    } catch {
      throw EarlyEnd(.campaignWrong, "\(source): \(error)")
    }
  }

  private init(
    _ node: Node, source: String, path: String, depth: Int
  ) throws(EarlyEnd) {
    place = Place(source: source, line: node.mark?.line ?? 1, column: node.mark?.column ?? 1)
    self.path = path
    guard depth <= Limits.campaignDepthMax else {
      throw EarlyEnd(
        .campaignWrong,
        "\(place): found more than \(Limits.campaignDepthMax) lists and mappings inside one another"
      )
    }
    switch node {
    case .scalar(let scalar):
      content = .scalar(scalar.string, isQuoted: scalar.style != .plain)
    case .sequence(let sequence):
      var elements: [CampaignNode] = []
      for (index, element) in sequence.enumerated() {
        elements.append(
          try CampaignNode(
            element, source: source, path: "\(path)[\(index)]", depth: depth + 1))
      }
      content = .list(elements)
    case .mapping(let mapping):
      var entries: [Entry] = []
      for (key, value) in mapping {
        let keyNode = try CampaignNode(key, source: source, path: path, depth: depth + 1)
        guard case .scalar(let name, _) = keyNode.content else {
          throw keyNode.refused("\(keyNode.found) as a key", allowed: "a text")
        }
        let valuePath = path.isEmpty ? name.shortened : "\(path).\(name.shortened)"
        entries.append(
          Entry(
            key: name, keyPlace: keyNode.place,
            value: try CampaignNode(value, source: source, path: valuePath, depth: depth + 1)))
      }
      content = .mapping(entries)
    case .alias:
      throw Self.aliasRefused(at: place)
    }
  }

  /// Refuses an anchor or alias where a YAML token can begin, before the YAML reader follows it.
  private static func refuseAliases(in bytes: [UInt8], source: String) throws(EarlyEnd) {
    var line = 1
    var lineStart = 0
    var quote: UInt8?
    var index = 0
    while index < bytes.count {
      let byte = bytes[index]
      let previous = index > lineStart ? bytes[index - 1] : UInt8(ascii: " ")
      let beginsToken = " \t[{,".utf8.contains(previous)
      if byte == UInt8(ascii: "\n") {
        line += 1
        lineStart = index + 1
      } else if let open = quote {
        if open == UInt8(ascii: "\""), byte == UInt8(ascii: "\\") { index += 1 }
        if byte == open { quote = nil }
      } else if beginsToken {
        if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") { quote = byte }
        if byte == UInt8(ascii: "#") {
          while index + 1 < bytes.count, bytes[index + 1] != UInt8(ascii: "\n") { index += 1 }
        }
        if byte == UInt8(ascii: "&") || byte == UInt8(ascii: "*"), index + 1 < bytes.count,
          !" \t\r\n".utf8.contains(bytes[index + 1])
        {
          throw aliasRefused(
            at: Place(source: source, line: line, column: index - lineStart + 1))
        }
      }
      index += 1
    }
  }

  private static func aliasRefused(at place: Place) -> EarlyEnd {
    EarlyEnd(
      .campaignWrong,
      "\(place): found an anchor or alias (& or *); allowed: values written out, "
        + "with quotes around a text that begins so")
  }

  private static func describe(_ error: YamlError, source: String) -> String {
    switch error {
    case .scanner(let context, let problem, let mark, _),
      .parser(let context, let problem, let mark, _),
      .composer(let context, let problem, let mark, _):
      let during = context.map { " (\($0.text), line \($0.mark.line))" } ?? ""
      return "\(source):\(mark.line):\(mark.column): this is not YAML: \(problem)\(during)"
    case .duplicatedKeysInMapping(let duplicates, let context):
      let keys = duplicates.map(\.shortened).joined(separator: "', '")
      return "\(source):\(context.mark.line):\(context.mark.column): "
        + "found '\(keys)' more than once; allowed: each key once"
    case .reader(let problem, let offset, _, _):
      let place = offset.map { " at character \($0 + 1)" } ?? ""
      return "\(source): this is not YAML: \(problem)\(place)"
    default:
      return "\(source): this is not YAML: \(error)"
    }
  }
}
