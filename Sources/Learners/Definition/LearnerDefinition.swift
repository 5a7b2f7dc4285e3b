/// One learner of a campaign as its file asks for it. Two definitions are equal exactly when a
/// checkpoint of one may be continued by the other.
package struct LearnerDefinition: Sendable, Equatable {
  /// A parameter that the function gets with every point of this learner.
  package struct Parameter: Sendable, Equatable {
    package var name: String
    package var value: Double

    package init(name: String, value: Double) {
      self.name = name
      self.value = value
    }
  }

  /// Unique within the campaign.
  package var name: String
  package var kind: LearnerKind
  package var parameters: [Parameter]

  /// Doubles in a value of the function.
  package let valueCount: Int

  /// The parts of a value; nil where they have no names, and all of it is learned.
  package let outputs: OutputLayout?

  /// Seeds whatever the learner draws at random.
  package var seed: UInt64

  package init(
    name: String, kind: LearnerKind, parameters: [Parameter] = [], valueCount: Int = 1,
    seed: UInt64 = 0
  ) {
    self.name = name
    self.kind = kind
    self.parameters = parameters
    self.valueCount = valueCount
    outputs = nil
    self.seed = seed
  }

  package init(
    name: String, kind: LearnerKind, parameters: [Parameter] = [], outputs: OutputLayout,
    seed: UInt64 = 0
  ) {
    self.name = name
    self.kind = kind
    self.parameters = parameters
    valueCount = outputs.valueCount
    self.outputs = outputs
    self.seed = seed
  }

  /// Where in a value the numbers stand that the learner is told.
  package var learned: Range<Int> { outputs?.learned ?? 0..<valueCount }
}
