import AdaptiveCore
import Delegation
import MPI

/// What the ranks of a world tell each other before there is a tree.
extension Communicator {
  /// Rank 0's plan, or why it has none, on every rank. *Collective*.
  func broadcastPlan(
    _ plan: Result<WorldPlan, EarlyEnd>?
  ) throws(MPIError) -> Result<WorldPlan, EarlyEnd> {
    let bytes = try broadcast(plan.map(WorldPlan.encode) ?? [], from: 0)
    do {
      return try WorldPlan.decode(bytes)
    } catch {
      // Bytes of another build; which one it is rank 0's `firstFailure` tells.
      return .failure(
        EarlyEnd(.crashed, "rank 0 speaks another language (\(error.detail)): two builds are mixed")
      )
    }
  }

  /// The failure of the lowest rank that has one, on every rank, with the name of its host; nil if
  /// all are ready. *Collective*.
  func firstFailure(_ mine: EarlyEnd?, host: String) throws(MPIError) -> EarlyEnd? {
    let lowest = try allReduceMinimum(mine == nil ? Int32.max : Int32(rank)).value
    guard lowest != Int32.max else { return nil }
    var bytes: [UInt8] = []
    if let mine, rank == Int(lowest) {
      bytes = WorldPlan.encode(
        .failure(EarlyEnd(mine.exitCode, "rank \(rank) on \(host): \(mine.detail)")))
    }
    bytes = try broadcast(bytes, from: Int(lowest))
    guard case .success(.failure(let failure)) = Result(catching: { try WorldPlan.decode(bytes) })
    else { return EarlyEnd(.crashed, "rank \(lowest) cannot start, and cannot be understood") }
    return failure
  }
}
