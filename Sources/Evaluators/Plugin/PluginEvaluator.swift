import AdaptiveCore
import CFunctionInterface
package import Learners
package import NodeRuntime

/// Evaluates a function of a user's library through the C interface.
@safe
package final class PluginEvaluator: Evaluator {
  package let library: PluginLibrary
  private let rank: Int
  private let rankCount: Int
  private let team: TeamPlace?
  private var state: UnsafeMutableRawPointer?
  private var learners: [Learner] = []
  private let buffers = BatchBuffers()
  private let contextError = ErrorTexts(count: 1)

  private struct Learner {
    var dimension: Int
    var valueCount: Int
    var parameters: ParameterTable
    var seed: UInt64
  }

  /// `rank` and `rankCount` are told to the function's set-up.
  ///
  /// - Parameter team: the ranks that make every call together with this one; nil for none.
  package init(_ library: PluginLibrary, rank: Int, rankCount: Int, team: TeamPlace? = nil) {
    self.library = library
    self.rank = rank
    self.rankCount = rankCount
    self.team = team
  }

  package func setUp(_ definitions: [LearnerDefinition]) throws(EvaluatorError) {
    try setUp(definitions.map(WorkerStart.Learner.init), seeds: definitions.map(\.seed))
  }

  /// In a worker, whose leaf draws the points' seeds.
  package func setUp(_ learners: [WorkerStart.Learner]) throws(EvaluatorError) {
    try setUp(learners, seeds: learners.map { _ in 0 })
  }

  private func setUp(
    _ described: [WorkerStart.Learner], seeds: [UInt64]
  ) throws(EvaluatorError) {
    learners = zip(described, seeds).map { learner, seed in
      Learner(
        dimension: learner.dimension, valueCount: learner.valueCount,
        parameters: ParameterTable(learner.parameters), seed: seed)
    }
    guard let setUp = unsafe library.setUp else { return }
    var context = unsafe makeContext()
    let status = unsafe setUp(&context)
    unsafe state = context.state
    guard status == 0 else {
      throw EvaluatorError(
        """
        setting up '\(library.symbol)' of \(library.path): found status \(status), allowed is 0; \
        the function says: \(contextError.text(at: 0) ?? "nothing")
        """)
    }
  }

  package func tearDown() {
    guard let tearDown = unsafe library.tearDown else { return }
    var context = unsafe makeContext()
    unsafe tearDown(&context)
    unsafe state = nil
  }

  package func evaluate(_ batch: inout EvaluationBatch) {
    let learner = learners[batch.learner.position]
    invariant(
      batch.points.count == batch.count * learner.dimension,
      "a batch of \(batch.count) points of \(learner.dimension) has \(batch.points.count) doubles")
    buffers.prepare(count: batch.count, valueCount: learner.valueCount)
    if batch.seeds.count != batch.count {
      batch.drawSeeds(learnerSeed: learner.seed, dimension: learner.dimension)
    }
    unsafe batch.withPointsAndSeeds { points, seeds in
      var request = unsafe adaptive_mpi_batch(
        struct_bytes: Int64(MemoryLayout<adaptive_mpi_batch>.size), count: Int64(batch.count),
        dimension: Int64(learner.dimension), value_count: Int64(learner.valueCount),
        points: points.baseAddress, values: buffers.values, statuses: buffers.statuses,
        errors: buffers.errors.texts, error_bytes: Int64(ErrorTexts.bytesEach),
        parameter_count: Int64(learner.parameters.count), parameter_names: learner.parameters.names,
        parameter_values: learner.parameters.values, state: state, seeds: seeds.baseAddress,
        team_rank: Int64(team?.rank ?? 0), team_size: Int64(team?.size ?? 0),
        team_communicator: Int64(team?.communicator ?? 0))
      unsafe library.evaluate(&request)
    }
    buffers.takeResults(into: &batch)
  }

  private func makeContext() -> adaptive_mpi_context {
    contextError.clear(1)
    return unsafe adaptive_mpi_context(
      struct_bytes: Int64(MemoryLayout<adaptive_mpi_context>.size), rank: Int64(rank),
      rank_count: Int64(rankCount), state: state, error: contextError.texts,
      error_bytes: Int64(ErrorTexts.bytesEach), team_rank: Int64(team?.rank ?? 0),
      team_size: Int64(team?.size ?? 0), team_communicator: Int64(team?.communicator ?? 0))
  }
}

extension EvaluationBatch {
  /// Lends both to a function in C.
  fileprivate func withPointsAndSeeds(
    _ body: (UnsafeBufferPointer<Double>, UnsafeBufferPointer<UInt64>) -> Void
  ) {
    unsafe points.withUnsafeBufferPointer { points in
      unsafe seeds.withUnsafeBufferPointer { seeds in unsafe body(points, seeds) }
    }
  }
}
