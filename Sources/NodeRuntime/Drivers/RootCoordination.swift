package import AdaptiveCore
import Delegation

/// What a root's driver has beside its machine in a world of several roots: on rank 0 the
/// coordinator and what the other roots told of themselves, elsewhere the account for rank 0.
package struct RootCoordination {
  /// The root at which the coordinator is.
  package static let place = Rank(0)

  let rank: Rank
  /// The root's place among the roots.
  let number: Int
  /// Only on rank 0.
  var machine: CoordinatorMachine?
  /// The first effect that was not performed yet, and those after it.
  var effects: [CoordinatorEffect] = []
  var nextEffect = 0

  /// What every other root told last, and of which learners; only on rank 0.
  private var others: [(rank: Rank, progress: RootProgress)] = []
  private var learners: [RootProgress.LearnerProgress] = []

  /// Only where the coordinator is not.
  var account: RootAccount?
  /// The account that goes before a report was sent; the report waits for a frame.
  var hasAccounted = false

  /// - Parameters:
  ///   - roots: every root with how many children it begins with, in ascending order.
  ///   - grace: how long roots may drain.
  ///   - movesChildren: whether children of a root that has finished can serve any other.
  package init(
    _ roots: [(rank: Rank, childCount: Int)], rank: Rank, grace: TimeSpan,
    movesChildren: Bool = true
  ) {
    self.rank = rank
    number = roots.firstIndex { $0.rank == rank } ?? 0
    guard rank == Self.place else { return }
    machine = CoordinatorMachine(roots, grace: grace, movesChildren: movesChildren)
    others = roots.filter { $0.rank != rank }.map { ($0.rank, .nothing) }
  }

  /// - Parameter learners: all of the campaign's, as this root knows them.
  mutating func start(_ learners: [RootProgress.LearnerProgress], at now: Instant) {
    if rank == Self.place {
      self.learners = learners
    } else {
      account = RootAccount(learnerCount: learners.count, at: now)
    }
  }

  /// True if a frame from that rank is another root's.
  func isRoot(_ rank: Rank) -> Bool { others.contains { $0.rank == rank } }

  mutating func takeAccount(
    _ reader: inout ByteReader, from rank: Rank
  ) throws(DecodingError) {
    guard let index = others.firstIndex(where: { $0.rank == rank }) else {
      throw DecodingError("an account of rank \(rank.number), which is no root")
    }
    try RootAccount.read(&reader, into: &others[index].progress, learners: &learners)
  }

  /// Makes of what this root can say of itself what all of them did.
  ///
  /// - Parameter isElsewhere: whether a learner, by its place, is another root's.
  func complete(_ progress: inout RootProgress, isElsewhere: (Int) -> Bool) {
    guard let machine else { return }
    for position in learners.indices where isElsewhere(position) {
      progress.learners[position] = learners[position]
    }
    for (rank, other) in others { progress.add(other, of: rank) }
    progress.isFeeding = machine.isWorking
  }
}

extension RootProgress {
  /// Of a root that has not told anything yet.
  fileprivate static let nothing = RootProgress(
    learners: [], counts: RootMachine.Counts(), leaves: NodeStatistics(), inFlightCount: 0,
    elapsed: .zero, commitAge: .zero, storeTrouble: nil, snapshotTrouble: nil)

  /// Adds what another root told of itself, but for its learners.
  fileprivate mutating func add(_ other: RootProgress, of rank: Rank) {
    counts += other.counts
    leaves += other.leaves
    inFlightCount += other.inFlightCount
    commitAge = max(commitAge, other.commitAge)
    storeTrouble = storeTrouble ?? other.storeTrouble.map { "root \(rank.number): \($0)" }
    snapshotTrouble =
      snapshotTrouble ?? other.snapshotTrouble.map { "root \(rank.number): \($0)" }
    failures += other.failures
    attemptFailures += other.attemptFailures
    quarantinedCount += other.quarantinedCount
  }
}
