import AdaptiveCore
import Learners
import NodeRuntime

/// A campaign's points as rows: learner after learner, each in the order in which it was told, then
/// what was given up and what is pending, where that is asked for.
///
/// Columns are `learner`, `parameter.NAME` for each parameter that any learner has, `x0` …, `y0` …
/// or, of outputs with names, `y.NAME` or `y.NAME.0` …, `seconds`, `leaf`; with points that have no
/// value also `state`, `attempts`, `failure` and `reason`. What a point has not is empty.
struct PointTableText {
  /// Points that have no value.
  enum Extra: String, CaseIterable { case failed, pending }

  private let learners: [SavedLearner]
  private let extras: [Extra]
  private let parameterNames: [String]
  private let dimension: Int

  /// Columns of values: those that any learner has.
  private let valueColumns: [String]

  /// Rows without the header.
  let rowCount: Int

  init(_ learners: [SavedLearner], with extras: [Extra]) {
    self.learners = learners
    self.extras = extras
    var names: [String] = []
    var seen: Set<String> = []
    for learner in learners {
      for parameter in learner.definition.parameters where seen.insert(parameter.name).inserted {
        names.append(parameter.name)
      }
    }
    parameterNames = names
    dimension = learners.map(\.definition.kind.dimension).max() ?? 1
    var columns: [String] = []
    var known: Set<String> = []
    for learner in learners {
      for column in learner.definition.valueColumns where known.insert(column).inserted {
        columns.append(column)
      }
    }
    valueColumns = columns
    rowCount = learners.reduce(0) { sum, learner in
      sum + learner.results.count + (extras.contains(.failed) ? learner.failed.count : 0)
        + (extras.contains(.pending) ? learner.pending.count : 0)
    }
  }

  var columns: [String] {
    ["learner"] + parameterNames.map { "parameter.\($0)" } + (0..<dimension).map { "x\($0)" }
      + valueColumns + ["seconds", "leaf"]
      + (extras.isEmpty ? [] : ["state", "attempts", "failure", "reason"])
  }

  /// Gives the text in pieces; `write` is told how many rows it has got in all.
  func write<E: Error>(_ write: ([UInt8], Int) throws(E) -> Void) throws(E) {
    var text = CSVText()
    var rows = 0
    for column in columns { text.append(column) }
    text.endRow()
    func rowEnded() throws(E) {
      text.endRow()
      rows += 1
      guard text.bytes.count >= Limits.exportPieceBytes else { return }
      try write(text.bytes, rows)
      text.removeAll()
    }
    for learner in learners {
      let heading = Heading(learner.definition, parameterNames)
      let places = places(of: learner.definition)
      try learner.results.forEachSegment { (segment: ResultLog.Segment) throws(E) in
        for index in segment.seconds.indices {
          heading.append(to: &text)
          append(segment, index, of: learner.results, at: places, to: &text)
          try rowEnded()
        }
      }
      for point in extras.contains(.failed) ? learner.failed : [] {
        heading.append(to: &text)
        append(point, to: &text)
        try rowEnded()
      }
      for index in 0..<(extras.contains(.pending) ? learner.pending.count : 0) {
        heading.append(to: &text)
        append(learner.pending[index], dimension, to: &text)
        text.appendEmpty(valueColumns.count + 2)
        text.append("pending")
        text.appendEmpty(3)
        try rowEnded()
      }
    }
    try write(text.bytes, rows)
  }
}

// MARK: - Rows

extension PointTableText {
  /// What all rows of a learner begin with.
  private struct Heading {
    let name: String
    let parameters: [Double?]

    init(_ definition: LearnerDefinition, _ names: [String]) {
      name = definition.name
      parameters = names.map { name in
        definition.parameters.first { $0.name == name }?.value
      }
    }

    func append(to text: inout CSVText) {
      text.append(name)
      for value in parameters {
        if let value { text.append(value) } else { text.appendEmpty() }
      }
    }
  }

  private func append(
    _ segment: ResultLog.Segment, _ index: Int, of log: ResultLog, at places: [Int?],
    to text: inout CSVText
  ) {
    let (d, k) = (log.dimension, log.valueCount)
    append(segment.points[index * d..<(index + 1) * d], dimension, to: &text)
    for place in places {
      if let place { text.append(segment.values[index * k + place]) } else { text.appendEmpty() }
    }
    text.append(segment.seconds[index])
    text.append(Int(segment.leaves[index]))
    guard !extras.isEmpty else { return }
    text.append("told")
    text.appendEmpty(3)
  }

  /// For each column of values, which of a learner's numbers stands there.
  private func places(of definition: LearnerDefinition) -> [Int?] {
    let own = definition.valueColumns
    return valueColumns.map { own.firstIndex(of: $0) }
  }

  private func append(_ failed: FailedPoint, to text: inout CSVText) {
    append(failed.point[...], dimension, to: &text)
    text.appendEmpty(valueColumns.count + 2)
    text.append("failed")
    text.append(Int(failed.attempts))
    text.append(failed.failure.kind.text)
    text.append(failed.failure.text)
  }

  /// Numbers, and nothing up to `width` of them.
  private func append(_ numbers: ArraySlice<Double>, _ width: Int, to text: inout CSVText) {
    for number in numbers { text.append(number) }
    text.appendEmpty(width - numbers.count)
  }
}

extension LearnerDefinition {
  /// Columns of the numbers in a value.
  fileprivate var valueColumns: [String] {
    outputs?.columnNames.map { "y.\($0)" } ?? (0..<valueCount).map { "y\($0)" }
  }
}
