package import AdaptiveCore
import Delegation
package import NodeRuntime

/// Watches a simulated campaign from outside and notes what must never happen: a point told twice
/// or never, a wrong value, more points under way to a child than it has room for, frames left
/// over.
///
/// One checker follows a campaign through all its worlds.
package final class ClusterChecker {
  private struct Point: Hashable {
    let learner: LearnerIndex
    let bits: UInt64

    init(_ learner: LearnerIndex, _ x: Double) {
      self.learner = learner
      bits = x.bitPattern
    }
  }

  private struct Key: Hashable {
    let id: PointID
    let attempt: Attempt
  }

  /// What a parent and a child owe each other.
  private struct Edge {
    var windowMax = 0
    var outstanding: Set<Key> = []
    var assembly = ResultBatch()
  }

  /// What was found, in the order of time.
  package private(set) var violations: [String] = []

  private var pending: Set<Point> = []
  private var known: Set<Point> = []
  private var givenUp: Set<Point> = []

  /// What was durable when this world began: it need not be evaluated again.
  private var durable: Set<Point> = []

  /// Pending points of the world before that the root has not sent yet.
  private var unsentPending: Set<Point> = []
  /// Values that were found, with the leaves that found them.
  private var succeeded: [Point: Rank] = [:]
  private var dead: Set<Rank> = []

  /// What the store of some world has called durable.
  private var acknowledgedValues: Set<Point> = []
  private var acknowledgedPoints: Set<Point> = []
  private var edges: [UInt64: Edge] = [:]

  /// Points told in this world.
  package private(set) var toldCount = 0

  /// A root knows nothing of the points that are pending at another.
  package var hasSeveralRoots = false

  /// Leaves of this world may answer twice.
  package var allowsRepetition = false

  package init() {}

  private func note(_ violation: String) {
    // One cause has many consequences; the first few tell.
    if violations.count < 20 { violations.append(violation) }
  }
}

// MARK: - Worlds

extension ClusterChecker {
  /// A world begins from what the checkpoint of the one before it holds.
  package func worldBegins(_ state: CampaignState) {
    pending = []
    known = []
    givenUp = []
    succeeded = [:]
    dead = []
    edges = [:]
    toldCount = 0
    for (position, learner) in state.saved(elapsed: state.elapsed).learners.enumerated() {
      let index = LearnerIndex(position)
      learner.results.forEachSegment { segment in
        for x in segment.points where !known.insert(Point(index, x)).inserted {
          note("learner \(position) has the value at \(x) twice")
        }
      }
      for x in learner.pending.doubles { pending.insert(Point(index, x)) }
      for failed in learner.failed { givenUp.insert(Point(index, failed.point[0])) }
    }
    durable = known
    if let lost = acknowledgedValues.first(where: { !known.contains($0) }) {
      note("learner \(lost.learner.position): a value that was durable is lost")
    }
    let all = known.union(pending).union(givenUp)
    if let lost = acknowledgedPoints.first(where: { !all.contains($0) }) {
      note("learner \(lost.learner.position): a point that was durable is lost")
    }
    unsentPending = pending
  }

  /// A world has ended in order.
  ///
  /// - Parameters:
  ///   - state: what its checkpoint holds.
  ///   - isComplete: every evaluation ended within the grace, and everything could be saved.
  package func worldEnds(_ state: CampaignState, isComplete: Bool) {
    guard isComplete else { return }
    for (lost, leaf) in succeeded where !known.contains(lost) && !dead.contains(leaf) {
      note("learner \(lost.learner.position): a value was found and never told")
    }
    var saved: (known: Set<Point>, pending: Set<Point>, givenUp: Set<Point>) = ([], [], [])
    for (position, learner) in state.saved(elapsed: state.elapsed).learners.enumerated() {
      let index = LearnerIndex(position)
      learner.results.forEachSegment { segment in
        for x in segment.points { saved.known.insert(Point(index, x)) }
      }
      for x in learner.pending.doubles { saved.pending.insert(Point(index, x)) }
      for failed in learner.failed { saved.givenUp.insert(Point(index, failed.point[0])) }
    }
    if saved.known != known { note("saved \(saved.known.count) of \(known.count) values") }
    if saved.pending != pending {
      note("saved \(saved.pending.count) of \(pending.count) pending points")
    }
    if saved.givenUp != givenUp {
      note("saved \(saved.givenUp.count) of \(givenUp.count) failures")
    }
  }

  /// A rank has ended before its world. What it knew may be lost, and be found again.
  package func died(_ rank: Rank) { dead.insert(rank) }

  /// The store has called these steps durable.
  package func acknowledged(_ entries: ArraySlice<JournalEntry>) {
    for entry in entries {
      switch entry {
      case .asked(let learner, let point): acknowledgedPoints.insert(Point(learner, point[0]))
      case .told(let learner, let point, _, _, _):
        acknowledgedValues.insert(Point(learner, point[0]))
      case .failed, .elapsed: break
      }
    }
  }

  /// Something outside this checker's sight went wrong.
  package func found(_ violation: String) { note(violation) }
}

// MARK: - Learners

extension ClusterChecker {
  package func asked(_ learner: LearnerIndex, at x: Double) {
    let point = Point(learner, x)
    if known.contains(point) || givenUp.contains(point) || !pending.insert(point).inserted {
      note("learner \(learner.position) asked for \(x) again")
    }
  }

  package func told(_ learner: LearnerIndex, at x: Double, value: [Double]) {
    let point = Point(learner, x)
    toldCount += 1
    if pending.remove(point) == nil { note("learner \(learner.position) was told \(x) unasked") }
    if !known.insert(point).inserted { note("learner \(learner.position) was told \(x) twice") }
    for (index, component) in value.enumerated()
    where component != SimulatedFunction.value(learner, at: x, component: index) {
      note("learner \(learner.position) was told another value at \(x)")
      return
    }
  }

  package func failed(_ learner: LearnerIndex, at x: Double) {
    let point = Point(learner, x)
    if pending.remove(point) == nil { note("learner \(learner.position) gave up \(x) unasked") }
    givenUp.insert(point)
  }

  package func evaluationStarted(_ learner: LearnerIndex, at x: Double) {
    if durable.contains(Point(learner, x)) {
      note("learner \(learner.position): \(x) is evaluated again though its value was durable")
    }
  }

  package func evaluationSucceeded(_ learner: LearnerIndex, at x: Double, by leaf: Rank) {
    if let before = succeeded.updateValue(leaf, forKey: Point(learner, x)), !dead.contains(before) {
      note("learner \(learner.position): \(x) was evaluated again after a success")
    }
  }
}

// MARK: - Frames

extension ClusterChecker {
  func sent(_ bytes: UnsafeRawBufferPointer, from source: Rank, to destination: Rank) {
    var reader = unsafe ByteReader(bytes)
    guard (try? MessageCodec.kind(&reader)) == .points else { return }
    var batch = PointBatch()
    do throws(DecodingError) {
      _ = try MessageCodec.readPoints(&reader, into: &batch)
    } catch {
      note("a frame from \(source.number) to \(destination.number): \(error.detail)")
    }
    change(from: destination, to: source) { edge in
      for entry in batch.entries {
        edge.outstanding.insert(Key(id: entry.id, attempt: entry.attempt))
      }
      if edge.outstanding.count > edge.windowMax {
        note(
          "rank \(destination.number) was sent \(edge.outstanding.count) points "
            + "and has room for \(edge.windowMax)")
      }
    }
    guard source == Rank(0), !hasSeveralRoots else { return }
    for (index, entry) in batch.entries.enumerated() {
      let point = Point(entry.learner, batch.coordinates[index])
      if unsentPending.remove(point) == nil, !unsentPending.isEmpty {
        note("a new point was sent before \(unsentPending.count) pending ones")
      }
    }
  }

  func received(_ bytes: UnsafeRawBufferPointer, from source: Rank, at destination: Rank) {
    var reader = unsafe ByteReader(bytes)
    do throws(DecodingError) {
      let kind = try MessageCodec.kind(&reader)
      if kind == .report, case .drained = try MessageCodec.readReport(&reader) {
        // What it had not begun it has dropped.
        edges[Self.key(source, destination)]?.outstanding = []
      }
      guard kind == .results || kind == .piece else { return }
      var edge = edges[Self.key(source, destination)] ?? Edge()
      defer { edges[Self.key(source, destination)] = edge }
      let upward: Upward?
      if kind == .piece {
        upward = try MessageCodec.readPiece(&reader, into: &edge.assembly)
      } else {
        upward = try MessageCodec.readResults(&reader, into: &edge.assembly)
      }
      guard let upward else { return }
      for entry in edge.assembly.entries {
        let wasSent = edge.outstanding.remove(Key(id: entry.id, attempt: entry.attempt)) != nil
        if !wasSent, !allowsRepetition { note("rank \(source.number) answered twice") }
      }
      edge.windowMax = max(edge.windowMax, Int(upward.window))
      edge.assembly.removeAll()
    } catch {
      note("a frame from \(source.number) to \(destination.number): \(error.detail)")
    }
  }

  private func change(from child: Rank, to parent: Rank, _ body: (inout Edge) -> Void) {
    body(&edges[Self.key(child, parent), default: Edge()])
  }

  private static func key(_ child: Rank, _ parent: Rank) -> UInt64 {
    UInt64(UInt32(child.rawValue)) << 32 | UInt64(UInt32(parent.rawValue))
  }
}
