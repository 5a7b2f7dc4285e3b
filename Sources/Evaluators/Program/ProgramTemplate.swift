import Learners

/// A text with placeholders: `{x}`, `{mu}`; `{{` and `}}` are braces.
package struct ProgramTemplate: Sendable, Equatable {
  private enum Part: Sendable, Equatable {
    case text(String)
    case placeholder(String)
  }

  private var parts: [Part] = []

  /// Nil if a brace is open or closes nothing.
  package init?(_ template: String) {
    var text = ""
    var name: String?
    var rest = Substring(template)
    while let character = rest.popFirst() {
      if let open = name {
        guard character != "{" else { return nil }
        if character == "}" {
          parts += [.text(text), .placeholder(open)]
          text = ""
          name = nil
        } else {
          name = open + String(character)
        }
      } else if character == "{" || character == "}" {
        if rest.first == character {
          text.append(character)
          rest.removeFirst()
        } else if character == "{" {
          name = ""
        } else {
          return nil
        }
      } else {
        text.append(character)
      }
    }
    guard name == nil else { return nil }
    parts.append(.text(text))
  }

  /// The names in braces, in order.
  package var placeholders: [String] {
    parts.compactMap { if case .placeholder(let name) = $0 { name } else { nil } }
  }

  /// Texts between the placeholders: one more than there are of those.
  package var literals: [String] {
    parts.compactMap { if case .text(let text) = $0 { text } else { nil } }
  }

  /// Fills the placeholders in; one without a value stays empty.
  package func filled(_ value: (String) -> String?) -> String {
    parts.map { part in
      switch part {
      case .text(let text): text
      case .placeholder(let name): value(name) ?? ""
      }
    }.joined()
  }
}

/// What placeholders stand for at one point.
package struct ProgramPlaceholders {
  package var point: ArraySlice<Double>
  package var learner: WorkerStart.Learner
  package var seed: UInt64
  package var folder: String

  /// The first three coordinates have letters, too.
  private static let letters = ["x", "y", "z"]

  /// Every name that means something for a learner.
  package static func names(_ learner: WorkerStart.Learner) -> [String] {
    (0..<learner.dimension).map { "x\($0)" } + letters.prefix(learner.dimension)
      + learner.parameters.map(\.name) + ["learner", "seed", "folder"]
  }

  package subscript(name: String) -> String? {
    if let letter = Self.letters.firstIndex(of: name), letter < point.count {
      return "\(point[point.startIndex + letter])"
    }
    if name.hasPrefix("x"), let index = Int(name.dropFirst()), index >= 0, index < point.count {
      return "\(point[point.startIndex + index])"
    }
    switch name {
    case "learner": return learner.name
    case "seed": return "\(seed)"
    case "folder": return folder
    default: return learner.parameters.first { $0.name == name }.map { "\($0.value)" }
    }
  }
}
