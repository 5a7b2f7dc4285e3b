import AdaptiveCore
import Delegation
import MPI
import NodeRuntime
import Simulation

/// What all leaves of a world did, reduced to every rank.
struct LeafTotals {
  let leafCount: Int64
  let busyShare: Double
  let gaps: GapHistogram

  /// *Collective*; a rank without a leaf passes nil.
  init(_ meter: LeafMeter?, over world: borrowing Communicator) throws {
    leafCount = try world.allReduce(meter == nil ? 0 : 1, .sum)
    let seconds = try world.allReduce(
      [meter?.busySeconds ?? 0, meter?.spanSeconds ?? 0], .sum)
    busyShare = seconds[1] > 0 ? seconds[0] / seconds[1] : 0
    gaps = GapHistogram(
      counts: try world.allReduce((meter?.gaps ?? GapHistogram()).counts, .sum))
  }
}

/// One line of JSON. Its names are the columns of the tables under `benchmarks/scaling`.
struct TreeReport {
  let settings: TreeSettings
  let ranks: Int
  let progress: RootProgress
  let seconds: Double
  let processorSeconds: Double
  let root: RootMeter

  func line(_ leaves: LeafTotals) -> String {
    let perSecond = Double(progress.counts.told) / seconds
    let start = settings.startedAt.flatMap { started in root.firstToldAt.map { $0 - started } }
    let fields: [(String, String)] = [
      ("ranks", "\(ranks)"), ("leaves", "\(leaves.leafCount)"),
      ("seconds_per_point", "\(settings.secondsPerPoint)"),
      ("distribution", "\"\(settings.distribution)\""),
      ("points", "\(progress.counts.told)"), ("seconds", "\(seconds)"),
      ("points_per_second", "\(perSecond)"), ("busy_share", "\(leaves.busyShare)"),
      ("root_load", "\(processorSeconds / seconds)"),
      ("gap_us_p50", "\(1e6 * (leaves.gaps.quantile(0.5) ?? 0))"),
      ("gap_us_p99", "\(1e6 * (leaves.gaps.quantile(0.99) ?? 0))"),
      ("gap_us_max", "\(1e6 * (leaves.gaps.quantile(1) ?? 0))"),
      ("start_seconds", start.map { "\($0)" } ?? "null"),
      ("checkpoint_share", "\(root.storeSeconds / seconds)"),
      ("dropped", "\(progress.counts.dropped)"),
      ("wrong_values", settings.checksValues ? "\(root.wrongValueCount)" : "null"),
    ]
    return "{" + fields.map { "\"\($0)\":\($1)" }.joined(separator: ",") + "}"
  }
}
