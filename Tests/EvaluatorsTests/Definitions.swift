import Learners

/// A learner on [0, 1] for a function under test.
func learner(
  parameters: [(String, Double)] = [], valueCount: Int = 1
) throws -> LearnerDefinition {
  LearnerDefinition(
    name: "test", kind: .oneDimensional(try Learner1DSettings(lower: 0, upper: 1)),
    parameters: parameters.map { .init(name: $0.0, value: $0.1) }, valueCount: valueCount)
}
