package import AdaptiveCore

/// Values of single keys: each accepts one form and refuses everything else with what is allowed.
extension CampaignNode {
  /// A text, quoted or not, of at least one character and without control characters.
  package func text(_ allowed: String = "a text of 1 to 200 bytes") throws(EarlyEnd) -> String {
    guard case .scalar(let text, _) = content else { throw refused(allowed: allowed) }
    let isPlain = text.unicodeScalars.allSatisfy { $0.value >= 32 && $0.value != 127 }
    guard !text.isEmpty, text.utf8.count <= 200, isPlain else { throw refused(allowed: allowed) }
    return text
  }

  /// A finite number.
  package func number(_ allowed: String = "a finite number") throws(EarlyEnd) -> Double {
    guard case .scalar(let text, isQuoted: false) = content, let value = Self.number(in: text)
    else { throw refused(allowed: allowed) }
    return value
  }

  /// A finite number above 0.
  package func positiveNumber() throws(EarlyEnd) -> Double {
    let allowed = "a finite number above 0"
    let value = try number(allowed)
    guard value > 0 else { throw refused(allowed: allowed) }
    return value
  }

  /// A whole number within `range`.
  package func integer(in range: ClosedRange<Int>) throws(EarlyEnd) -> Int {
    guard case .scalar(let text, isQuoted: false) = content, let value = Int(text),
      range.contains(value)
    else {
      throw refused(
        allowed: range.upperBound == .max
          ? "a whole number, \(range.lowerBound) or more"
          : "a whole number from \(range.lowerBound) to \(range.upperBound)")
    }
    return value
  }

  /// A length of time above 0, such as `90`, `90s`, `30m`, `4h` or `1:30:00`.
  package func timeSpan() throws(EarlyEnd) -> TimeSpan {
    guard case .scalar(let text, _) = content, let span = TimeSpan(text: text), span > .zero else {
      throw refused(allowed: TimeSpan.textForms)
    }
    return span
  }

  /// The elements of a list that has some.
  package func elements(of what: String) throws(EarlyEnd) -> [CampaignNode] {
    guard case .list(let elements) = content, !elements.isEmpty else {
      throw refused(allowed: "a list of \(what)")
    }
    return elements
  }

  /// One of several words, by its spelling in the file.
  package func word<Value>(
    of choices: KeyValuePairs<String, Value>
  ) throws(EarlyEnd) -> Value {
    let names = choices.map(\.key)
    guard case .scalar(let text, _) = content else {
      throw refused(allowed: names.joined(separator: ", "))
    }
    guard let choice = choices.first(where: { $0.key == text }) else {
      throw refused(
        allowed: names.joined(separator: ", ") + Spelling.hint(for: text, among: names))
    }
    return choice.value
  }

  /// One of the cases of `type`, by its raw value.
  package func word<Choice: RawRepresentable & CaseIterable>(
    of type: Choice.Type
  ) throws(EarlyEnd) -> Choice where Choice.RawValue == String {
    let names = Choice.allCases.map(\.rawValue)
    guard case .scalar(let text, _) = content, let choice = Choice(rawValue: text) else {
      let text = if case .scalar(let text, _) = content { text } else { "" }
      throw refused(allowed: names.joined(separator: ", ") + Spelling.hint(for: text, among: names))
    }
    return choice
  }

  /// A decimal number as YAML and JSON write it; nil for anything else, infinities included.
  private static func number(in text: String) -> Double? {
    guard text.utf8.allSatisfy({ "0123456789+-.eE".utf8.contains($0) }),
      let value = Double(text), value.isFinite
    else { return nil }
    return value
  }
}
