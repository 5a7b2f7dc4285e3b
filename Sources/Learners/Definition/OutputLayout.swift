/// The named parts of a function's value, of which a learner learns one; the others are kept beside
/// it (Python adaptive: `DataSaver`).
package struct OutputLayout: Sendable, Equatable {
  package struct Output: Sendable, Equatable {
    /// Unique among those of a value.
    package var name: String
    /// Its doubles.
    package var size: Int

    package init(name: String, size: Int = 1) {
      self.name = name
      self.size = size
    }
  }

  /// In the order in which a value holds them, at least one.
  package let outputs: [Output]

  /// The place of the one that is learned.
  package let learnedPlace: Int

  /// Nil unless names differ, sizes are positive, and there is an output at `learnedPlace`.
  package init?(_ outputs: [Output], learnedPlace: Int = 0) {
    guard outputs.indices.contains(learnedPlace), outputs.allSatisfy({ $0.size > 0 }) else {
      return nil
    }
    for (place, output) in outputs.enumerated() {
      guard !outputs[..<place].contains(where: { $0.name == output.name }) else { return nil }
    }
    self.outputs = outputs
    self.learnedPlace = learnedPlace
  }

  /// Doubles of a whole value.
  package var valueCount: Int { outputs.reduce(0) { $0 + $1.size } }

  /// Where in a value the numbers stand that are learned.
  package var learned: Range<Int> {
    let start = outputs[..<learnedPlace].reduce(0) { $0 + $1.size }
    return start..<start + outputs[learnedPlace].size
  }

  /// `energy`, and `spectrum.0` … of one that has several numbers.
  package var columnNames: [String] {
    outputs.flatMap { output in
      output.size == 1
        ? [output.name] : (0..<output.size).map { "\(output.name).\($0)" }
    }
  }
}
