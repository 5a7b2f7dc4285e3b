package import AdaptiveCore

/// A learner's settings as named fields in a fixed order: what a checkpoint stores, a broadcast
/// carries, and a refused change of the campaign file shows, none of which knows the kind.
package struct SettingFields: Sendable, Equatable {
  package enum Content: Sendable, Equatable {
    case text(String)
    case doubles([Double])
    case integers([Int64])
    case texts([String])
    /// Points or other rows of one width, possibly very many.
    case rows(PointBuffer)
  }

  package struct Field: Sendable, Equatable {
    /// In lower case with underscores, unique within the settings.
    package var name: String
    package var content: Content

    package init(_ name: String, _ content: Content) {
      self.name = name
      self.content = content
    }
  }

  package private(set) var fields: [Field]

  package init(_ fields: [Field] = []) { self.fields = fields }

  package mutating func append(_ name: String, _ content: Content) {
    fields.append(Field(name, content))
  }

  /// Appends another learner's settings, every name behind `prefix`.
  package mutating func append(_ others: SettingFields, prefix: String) {
    for field in others.fields { append(prefix + field.name, field.content) }
  }

  /// The fields whose names begin with `prefix`, without it.
  package func fields(prefix: String) -> SettingFields {
    SettingFields(
      fields.filter { $0.name.hasPrefix(prefix) }
        .map { Field(String($0.name.dropFirst(prefix.count)), $0.content) })
  }
}

// MARK: - Reading

extension SettingFields {
  package func text(_ name: String) throws(LearnerError) -> String {
    guard case .text(let text) = try content(name) else { throw wrongForm(name) }
    return text
  }

  /// - Parameter count: how many there must be; nil for any number.
  package func doubles(_ name: String, count: Int? = nil) throws(LearnerError) -> [Double] {
    guard case .doubles(let doubles) = try content(name) else { throw wrongForm(name) }
    guard count == nil || doubles.count == count else {
      throw LearnerError(
        .badSettings, "setting \(name) has \(doubles.count) numbers instead of \(count!)")
    }
    return doubles
  }

  package func double(_ name: String) throws(LearnerError) -> Double {
    try doubles(name, count: 1)[0]
  }

  package func integers(_ name: String) throws(LearnerError) -> [Int64] {
    guard case .integers(let integers) = try content(name) else { throw wrongForm(name) }
    return integers
  }

  package func integer(_ name: String) throws(LearnerError) -> Int {
    let integers = try integers(name)
    guard integers.count == 1, let integer = Int(exactly: integers[0]) else {
      throw LearnerError(.badSettings, "setting \(name) has \(integers.count) numbers, not one")
    }
    return integer
  }

  package func texts(_ name: String) throws(LearnerError) -> [String] {
    guard case .texts(let texts) = try content(name) else { throw wrongForm(name) }
    return texts
  }

  package func rows(_ name: String) throws(LearnerError) -> PointBuffer {
    guard case .rows(let rows) = try content(name) else { throw wrongForm(name) }
    return rows
  }

  /// One of the cases of `type`, by its raw value.
  package func word<Choice: RawRepresentable>(
    _ name: String, of type: Choice.Type
  ) throws(LearnerError) -> Choice where Choice.RawValue == String {
    let text = try text(name)
    guard let choice = Choice(rawValue: text) else {
      throw LearnerError(.badSettings, "setting \(name) is the unknown word \(text)")
    }
    return choice
  }

  private func content(_ name: String) throws(LearnerError) -> Content {
    guard let field = fields.first(where: { $0.name == name }) else {
      let present = fields.map(\.name).joined(separator: ", ")
      throw LearnerError(.badSettings, "setting \(name) is missing; there are: \(present)")
    }
    return field.content
  }

  private func wrongForm(_ name: String) -> LearnerError {
    LearnerError(.badSettings, "setting \(name) is not in the form that this learner needs")
  }
}

// MARK: - Text

extension SettingFields.Content: CustomStringConvertible {
  /// For people; long lists are cut.
  package var description: String {
    switch self {
    case .text(let text): text
    case .doubles(let doubles): Self.list(doubles, of: doubles.count)
    case .integers(let integers): Self.list(integers, of: integers.count)
    case .texts(let texts): "[" + texts.joined(separator: ", ") + "]"
    case .rows(let rows):
      "\(rows.count) rows of \(rows.dimension): " + Self.list(rows.doubles, of: rows.doubles.count)
    }
  }

  private static func list<Number>(_ numbers: [Number], of count: Int) -> String {
    count <= 8 ? "\(numbers)" : "\(Array(numbers.prefix(8))) and \(count - 8) more"
  }
}
