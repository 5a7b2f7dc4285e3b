import AdaptiveCore
import Learners
import NodeRuntime

@testable import CheckpointHDF5

/// What a campaign's learners have seen, kept the simplest way, to compare with what was loaded.
struct ModelCampaign: Equatable {
  struct Learner: Equatable {
    var points: [Double] = []
    var values: [Double] = []
    var seconds: [Double] = []
    var leaves: [Int32] = []
    var pending: [Double] = []
    var failed: [FailedPoint] = []
  }

  let definitions: [LearnerDefinition]
  var learners: [Learner]
  var elapsed = TimeSpan.zero

  init(_ definitions: [LearnerDefinition]) {
    self.definitions = definitions
    learners = definitions.map { _ in Learner() }
  }

  init(_ loaded: LoadedCheckpoint, _ definitions: [LearnerDefinition]) {
    self.init(definitions)
    elapsed = loaded.elapsed
    for (index, saved) in loaded.learners.enumerated() {
      guard let saved else { continue }
      for segment in saved.results.fullSegments + [saved.results.lastSegment] {
        learners[index].points += segment.points
        learners[index].values += segment.values
        learners[index].seconds += segment.seconds
        learners[index].leaves += segment.leaves
      }
      learners[index].pending = saved.pending.doubles
      learners[index].failed = saved.failed
    }
    loaded.forEachEntry { apply($0) }
  }

  /// Learners of one dimension only: a point is its coordinate.
  mutating func apply(_ entry: JournalEntry) {
    switch entry {
    case .asked(let learner, let point):
      learners[learner.position].pending += point
    case .told(let learner, let point, let value, let seconds, let leaf):
      learners[learner.position].pending.removeAll { $0 == point[0] }
      learners[learner.position].points += point
      learners[learner.position].values += value
      learners[learner.position].seconds.append(seconds)
      learners[learner.position].leaves.append(leaf.rawValue)
    case .failed(let learner, let failed):
      learners[learner.position].pending.removeAll { $0 == failed.point[0] }
      learners[learner.position].failed.append(failed)
    case .elapsed(let elapsed):
      self.elapsed = elapsed
    }
  }

  func saved() -> SavedCampaign {
    let saved = zip(definitions, learners).map { definition, learner in
      var results = ResultLog(dimension: 1, valueCount: definition.valueCount)
      let count = definition.valueCount
      for index in learner.seconds.indices {
        results.append(
          point: [learner.points[index]].span,
          value: Array(learner.values[index * count..<(index + 1) * count]).span,
          seconds: learner.seconds[index], leaf: Rank(learner.leaves[index]))
      }
      return SavedLearner(
        definition: definition, results: results, failed: learner.failed,
        pending: PointBuffer(dimension: 1, doubles: learner.pending),
        state: LearnerSnapshot(fields: [
          .init("scale", .doubles([0.5, Double(results.count)])),
          .init("random", .integers([1, -2, .max, .min])),
        ]))
    }
    return SavedCampaign(learners: saved, elapsed: elapsed)
  }
}

extension HDF5CheckpointStore {
  mutating func record(_ entry: JournalEntry) {
    switch entry {
    case .asked(let learner, let point):
      recordAsked(learner, points: PointBuffer(dimension: point.count, doubles: point))
    case .told(let learner, let point, let value, let seconds, let leaf):
      recordTold(
        learner, points: point.span, values: value.span, seconds: [seconds].span,
        leaves: [leaf].span)
    case .failed(let learner, let failed): recordFailed(learner, failed)
    case .elapsed(let elapsed): commit(elapsed: elapsed)
    }
  }
}
