// One process plays root, sub-master and leaf in turns, over frames in memory and with a clock that
// only turns advance: every run takes the same steps, so that instructions can be counted by role.
//
//     TreeInstructions 1d|counting POINTS [batched|single]
//
// With `batched` or `single`, points that travel many or one a message, it prints a line of JSON:
// the nanoseconds that each role takes a point. Without, callgrind collects within one of the
// functions `turnOfRoot`, `turnOfSubmaster` and `turnOfLeaf` (`--toggle-collect`).

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
  mutating func recordAsked(_ learner: LearnerIndex, points: PointBuffer) {}
  mutating func recordTold(
    _ learner: LearnerIndex, points: Span<Double>, values: Span<Double>, seconds: Span<Double>,
    leaves: Span<Rank>
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

/// Nanoseconds of the clock that each role's turns took.
struct RoleTimes {
  var root: Int64 = 0
  var submaster: Int64 = 0
  var leaf: Int64 = 0

  private static let clock = MonotonicClock()

  static func spent(_ total: inout Int64, _ isTimed: Bool, _ turn: () throws -> Void) rethrows {
    guard isTimed else { return try turn() }
    let before = clock.now()
    try turn()
    total += (clock.now() - before).nanoseconds
  }

  func line(_ points: Int) -> String {
    let fields = [("root", root), ("submaster", submaster), ("leaf", leaf)].map { name, total in
      "\"\(name)_ns\":\(Double(total) / Double(points))"
    }
    return "{\"points\":\(points)," + fields.joined(separator: ",") + "}"
  }
}

func play(_ kind: LearnerKind, points: Int, isSingle: Bool, isTimed: Bool) throws {
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
    parent: Rank(1), valueCounts: [1], keepsWaiting: !isSingle, transport: transports[2],
    evaluation: SquareService(), clock: clock)
  root.start()
  leaf.start()
  var times = RoleTimes()
  while root.outcome == nil {
    if leaf.outcome == nil {
      try RoleTimes.spent(&times.leaf, isTimed) { try turnOfLeaf(&leaf) }
    }
    if submaster.outcome == nil {
      try RoleTimes.spent(&times.submaster, isTimed) { try turnOfSubmaster(&submaster) }
    }
    try RoleTimes.spent(&times.root, isTimed) { try turnOfRoot(&root) }
    clock.advance()
  }
  let told = root.progress().counts.told
  print(isTimed ? times.line(told) : "\(told) points")
}

let arguments = CommandLine.arguments
let way = arguments.count == 4 ? arguments[3] : nil
if arguments.count >= 3, let points = Int(arguments[2]), ["1d", "counting"].contains(arguments[1]),
  [nil, "batched", "single"].contains(way)
{
  let range = try Learner1DSettings(lower: -1, upper: 1)
  try play(
    arguments[1] == "1d" ? .oneDimensional(range) : .counting, points: points,
    isSingle: way == "single", isTimed: way != nil)
} else {
  print("TreeInstructions 1d|counting POINTS [batched|single]")
}
