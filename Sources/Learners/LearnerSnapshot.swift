/// The part of a learner's state that results, failures and pending points do not determine by
/// themselves: named flat arrays, which a checkpoint stores without knowing the learner.
package struct LearnerSnapshot: Sendable, Equatable {
  package enum Content: Sendable, Equatable {
    case doubles([Double])
    case integers([Int64])
  }

  package struct Field: Sendable, Equatable {
    /// In lower case with underscores, unique within the learner.
    package var name: String
    package var content: Content

    package init(_ name: String, _ content: Content) {
      self.name = name
      self.content = content
    }
  }

  package var fields: [Field]

  package init(fields: [Field]) { self.fields = fields }

  /// The doubles stored under `name`, or an error that says what is there instead.
  package func doubles(_ name: String) throws(LearnerError) -> [Double] {
    guard case .doubles(let array) = try field(name) else {
      throw LearnerError(.badSnapshot, "state field \(name) holds integers, not doubles")
    }
    return array
  }

  /// The integers stored under `name`, or an error that says what is there instead.
  package func integers(_ name: String) throws(LearnerError) -> [Int64] {
    guard case .integers(let array) = try field(name) else {
      throw LearnerError(.badSnapshot, "state field \(name) holds doubles, not integers")
    }
    return array
  }

  private func field(_ name: String) throws(LearnerError) -> Content {
    guard let field = fields.first(where: { $0.name == name }) else {
      let present = fields.map(\.name).joined(separator: ", ")
      throw LearnerError(.badSnapshot, "state field \(name) is missing; there are: \(present)")
    }
    return field.content
  }
}
