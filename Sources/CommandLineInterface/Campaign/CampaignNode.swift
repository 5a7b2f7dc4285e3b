import Delegation

/// One part of a campaign file: a text, a list or a mapping, with its place in the file.
package struct CampaignNode: Sendable {
  package enum Content: Sendable {
    /// Quoted text is never read as a number.
    case scalar(String, isQuoted: Bool)
    case list([CampaignNode])
    case mapping([Entry])
  }

  /// A key of a mapping and what stands behind it.
  package struct Entry: Sendable {
    package var key: String
    package var keyPlace: Place
    package var value: CampaignNode
  }

  /// A place in a source of campaign text, lines and columns counted from 1.
  package struct Place: Sendable, Equatable, CustomStringConvertible {
    /// The file's path, or the option that the text was given with.
    package var source: String
    package var line: Int
    package var column: Int

    package var description: String { "\(source):\(line):\(column)" }
  }

  package var content: Content
  package var place: Place

  /// Which key or element it is, such as `learners[0].bounds`; empty for the whole file.
  package var path: String

  /// What stands there, in a few words, for an error that names it.
  package var found: String {
    switch content {
    case .scalar("", isQuoted: false): "nothing"
    case .scalar(let text, isQuoted: true): "the text \"\(text.shortened)\""
    case .scalar(let text, isQuoted: false): "'\(text.shortened)'"
    case .list(let elements): elements.isEmpty ? "an empty list" : "a list"
    case .mapping(let entries): entries.isEmpty ? "an empty mapping" : "a mapping"
    }
  }

  /// The error for this node: place, path, what was found, and what is allowed.
  package func refused(_ found: String? = nil, allowed: String) -> EarlyEnd {
    let subject = path.isEmpty ? "" : "\(path): "
    return EarlyEnd(
      .campaignWrong, "\(place): \(subject)found \(found ?? self.found); allowed: \(allowed)")
  }
}

extension String {
  /// At most 60 characters, control characters escaped, fit for one line of an error.
  package var shortened: String {
    var result = ""
    for character in self.prefix(60) {
      for scalar in character.unicodeScalars {
        result +=
          scalar.value < 32 || scalar.value == 127 ? scalar.escaped(asASCII: true) : String(scalar)
      }
    }
    return self.count > 60 ? result + "…" : result
  }
}
