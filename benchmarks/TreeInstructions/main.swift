// One process plays root, sub-master and leaf in turns, over frames in memory and with a clock that
// only turns advance: every run takes the same steps, so that instructions can be counted by role.
//
//     TreeInstructions 1d|counting POINTS
//
// callgrind collects within one of the functions `turnOfRoot`, `turnOfSubmaster` and `turnOfLeaf`
// (`--toggle-collect`).

import AdaptiveCore
import Delegation
import Learners
import NodeRuntime

/// Advances by a microsecond a turn.
final class TurnClock: TimeSource {
  private var instant = Instant.origin
  func advance() { instant = instant + .microseconds(1) }
  func now() -> Instant { instant }
}

struct NoStore: CheckpointStore {
  mutating func recordAsked(_ learner: LearnerIndex, point: Span<Double>) {}
  mutating func recordTold(
    _ learner: LearnerIndex, point: Span<Double>, value: Span<Double>, seconds: Double, leaf: Rank
  ) {}
  mutating func recordFailed(_ learner: LearnerIndex, _ failed: FailedPoint) {}
  mutating func commit(elapsed: TimeSpan) {}
  mutating func beginSnapshot(_ campaign: SavedCampaign) {}
  mutating func poll() -> CheckpointEvent? { nil }
  var isWritingSnapshot: Bool { false }
  var isBusy: Bool { false }
  mutating func close() {}
}

/// The square of the first coordinate, in a tenth of a microsecond a point.
struct SquareService: EvaluationService {
  private var batch: EvaluationBatch?

  mutating func start(_ batch: consuming EvaluationBatch) {
    batch.values = batch.points.map { $0 * $0 }
    batch.secondsPerPoint = 1e-7
    self.batch = consume batch
  }

  mutating func poll() -> EvaluationBatch? { batch.take() }
}

typealias Root = RootDriver<MemoryTransport, NoStore, TurnClock>
typealias Submaster = SubmasterDriver<MemoryTransport, TurnClock>
typealias Leaf = LeafDriver<MemoryTransport, SquareService, TurnClock>

@inline(never) func turnOfRoot(_ driver: inout Root) throws { _ = try driver.step() }
@inline(never) func turnOfSubmaster(_ driver: inout Submaster) throws { _ = try driver.step() }
@inline(never) func turnOfLeaf(_ driver: inout Leaf) throws { _ = try driver.step() }

func play(_ kind: LearnerKind, points: Int) throws {
  let network = MemoryNetwork(rankCount: 3)
  let transports = (0..<3).map { MemoryTransport(rank: Rank($0), over: network) }
  let clock = TurnClock()
  let plan = RootMachine.Plan(
    learners: [RootMachine.LearnerPlan(dimension: kind.dimension, goal: .npoints(points))],
    retries: 1, grace: TimeSpan(seconds: 5), failureLimit: .inRow(20), elapsedBefore: .zero)
  var root = Root(
    plan: plan, checkpoints: CheckpointPolicy.Plan(),
    campaign: try CampaignState([LearnerDefinition(name: "count", kind: kind)]),
    children: [Rank(1)], transport: transports[0], store: NoStore(), clock: clock)
  var submaster = Submaster(
    parent: Rank(0), children: [Rank(2)], leafCount: 1, transport: transports[1], clock: clock)
  var leaf = Leaf(
    parent: Rank(1), valueCounts: [1], keepsWaiting: true, transport: transports[2],
    evaluation: SquareService(), clock: clock)
  root.start()
  leaf.start()
  while root.outcome == nil {
    if leaf.outcome == nil { try turnOfLeaf(&leaf) }
    if submaster.outcome == nil { try turnOfSubmaster(&submaster) }
    try turnOfRoot(&root)
    clock.advance()
  }
  print("\(root.progress().counts.told) points")
}

let arguments = CommandLine.arguments
if arguments.count == 3, let points = Int(arguments[2]), ["1d", "counting"].contains(arguments[1]) {
  let range = try Learner1DSettings(lower: -1, upper: 1)
  try play(arguments[1] == "1d" ? .oneDimensional(range) : .counting, points: points)
} else {
  print("TreeInstructions 1d|counting POINTS")
}
