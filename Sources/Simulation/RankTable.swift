import AdaptiveCore
import Delegation

/// What a simulated world knows of a rank beside its role: place, loop, inbox, links. In one piece,
/// for an event touches most of it.
struct RankState {
  /// Of the root: itself.
  let parent: Rank
  let node: Int32
  let isLeaf: Bool
  let isRoot: Bool

  /// A thread of the rank computes: its loop does not spin.
  var isComputing = false
  /// Waits for a send to complete.
  var isHeldBack = false
  /// The rank has died: nothing reaches it.
  var isDead = false
  /// The rank has left its loop in order.
  var hasEnded = false

  /// The wake-up that counts; others of this rank in the queue are stale.
  var wakeAt = Int64.max
  /// When the loop looks at its deadline, likewise.
  var deadlineAt = Int64.max
  /// Until when the rank is inside the user's function or in a turn, and so cannot act.
  var busyUntil = Int64.min

  /// Nanoseconds of its core that a root or sub-master has spent, and had when all leaves began.
  var spent: Int64 = 0
  var spentBefore: Int64 = 0

  /// Frames that have arrived and wait: the first, the last, how many.
  var first: Int32 = -1
  var last: Int32 = -1
  var waitingCount: Int32 = 0
  /// What was received last, and stays valid until the next receive.
  var received: Int32 = -1
  /// Frames sent from here and not complete yet.
  var underWayCount: Int32 = 0

  /// When the latest frame from the parent arrives, and the latest to it, so that none overtakes.
  var latestFromParent = Int64.min
  var latestToParent = Int64.min
  /// When the last frame sent from here has left.
  var linkFreeAt = Int64.min
}

/// The states of all ranks of a simulated world.
@safe
final class RankTable {
  let count: Int
  let leafCount: Int
  let submasterCount: Int
  let nodeCount: Int
  let rootCount: Int
  private let states: UnsafeMutablePointer<RankState>

  /// Ranks are placed node by node.
  init(_ topology: Topology, ranksPerNode: Int) {
    count = topology.rankCount
    nodeCount = (count + ranksPerNode - 1) / ranksPerNode
    unsafe states = .allocate(capacity: count)
    var leafCount = 0
    for number in 0..<count {
      let rank = Rank(number)
      let isLeaf = topology.isSingle || topology.role(of: rank) == .leaf
      leafCount += isLeaf ? 1 : 0
      unsafe (states + number).initialize(
        to: RankState(
          parent: topology.parent(of: rank) ?? rank, node: Int32(number / ranksPerNode),
          isLeaf: isLeaf, isRoot: topology.role(of: rank) == .root))
    }
    self.leafCount = leafCount
    rootCount = topology.rootCount
    submasterCount = count - leafCount - (topology.isSingle ? 0 : rootCount)
  }

  deinit { unsafe states.deallocate() }

  subscript(rank: Rank) -> RankState {
    _read {
      precondition(rank.number >= 0 && rank.number < count)
      yield unsafe states[rank.number]
    }
    _modify {
      precondition(rank.number >= 0 && rank.number < count)
      yield unsafe &states[rank.number]
    }
  }

  /// The steady state begins: what was spent until now is the start's.
  func markSpent() {
    for number in 0..<count where unsafe !states[number].isLeaf {
      unsafe states[number].spentBefore = states[number].spent
    }
  }

  /// Seconds of its core that the busiest sub-master has spent since then.
  var busiestSubmasterSeconds: Double {
    var most: Int64 = 0
    for number in 0..<count where unsafe !states[number].isLeaf && !states[number].isRoot {
      most = max(most, unsafe states[number].spent - states[number].spentBefore)
    }
    return Double(most) * 1e-9
  }

  var ranks: some Sequence<Rank> { (0..<count).lazy.map { Rank($0) } }
}
