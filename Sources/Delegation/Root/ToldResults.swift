package import AdaptiveCore

/// Results on their way from the machine to learners: what a learner is told in one go is a run.
package struct ToldResults: Sendable, Equatable {
  /// Results of one learner, one after another.
  package struct Run: Sendable, Equatable {
    /// Places of the results in ``ToldResults/seconds`` and ``ToldResults/leaves``.
    package var results: Range<Int>
    /// Their coordinates in ``ToldResults/points``.
    package var points: Range<Int>
    /// Their numbers in ``ToldResults/values``.
    package var values: Range<Int>

    package var count: Int { results.count }

    /// The run without the results at some of its places, which ascend: what is left, in runs.
    package func without(_ places: [Int]) -> [Run] {
      guard !places.isEmpty else { return [self] }
      var runs: [Run] = []
      var start = 0
      for place in places + [count] {
        if place > start { runs.append(part(start..<place)) }
        start = place + 1
      }
      return runs
    }

    private func part(_ places: Range<Int>) -> Run {
      let dimension = points.count / count
      let valueCount = values.count / count
      return Run(
        results: part(places, of: results, each: 1),
        points: part(places, of: points, each: dimension),
        values: part(places, of: values, each: valueCount))
    }

    private func part(_ places: Range<Int>, of whole: Range<Int>, each: Int) -> Range<Int> {
      let start = whole.lowerBound + places.lowerBound * each
      return start..<start + places.count * each
    }
  }

  /// Coordinates, point after point.
  package var points: [Double] = []
  /// Values, point after point.
  package var values: [Double] = []
  /// Seconds that each evaluation took.
  package var seconds: [Double] = []
  /// The ranks that evaluated.
  package var leaves: [Rank] = []

  package init() {}

  /// How many results, coordinates and numbers there are before a run.
  struct Place: Sendable, Equatable {
    var result: Int
    var point: Int
    var value: Int
  }

  var end: Place { Place(result: seconds.count, point: points.count, value: values.count) }

  /// What was appended from `start` on.
  func run(since start: Place) -> Run {
    Run(
      results: start.result..<seconds.count, points: start.point..<points.count,
      values: start.value..<values.count)
  }

  mutating func removeAll() {
    guard !seconds.isEmpty else { return }
    points.removeAll(keepingCapacity: true)
    values.removeAll(keepingCapacity: true)
    seconds.removeAll(keepingCapacity: true)
    leaves.removeAll(keepingCapacity: true)
  }
}
