import AdaptiveCore
import HeapModule

/// What will happen in a simulated world, in the order of time; what happens at one instant does so
/// in the order in which it was scheduled, so that a seed repeats a run.
final class EventQueue {
  enum Event {
    case arrival(frame: Int32)
    case wake(Rank)
    /// Something that a rank waits for will have happened: unlike a wake-up, not replaced by an
    /// earlier one.
    case notice(Rank)
    case stopRequest(Rank, index: Int32)
    case death(Rank)
    /// A parent learns that its child has ended.
    case loss(of: Rank)
  }

  private struct Entry: Comparable {
    let at: Int64
    let sequence: UInt64
    let event: Event

    static func == (a: Self, b: Self) -> Bool { a.sequence == b.sequence }

    static func < (a: Self, b: Self) -> Bool { (a.at, a.sequence) < (b.at, b.sequence) }
  }

  private var heap = Heap<Entry>()
  private var sequence: UInt64 = 0

  /// The wake-up of each rank that counts; others of it in the heap are stale.
  private var wakeAt: [Int64]

  /// Until when a rank is inside the user's function or in a step, and so cannot act.
  private var busyUntil: [Int64]

  init(rankCount: Int) {
    wakeAt = Array(repeating: .max, count: rankCount)
    busyUntil = Array(repeating: .min, count: rankCount)
  }

  func schedule(_ event: Event, at instant: Instant) {
    sequence += 1
    heap.insert(Entry(at: instant.nanoseconds, sequence: sequence, event: event))
  }

  /// Sees to it that `rank` acts at `instant`, or as soon after it as it can.
  func wake(_ rank: Rank, at instant: Instant) {
    let at = max(instant.nanoseconds, busyUntil[rank.number])
    guard at < wakeAt[rank.number] else { return }
    wakeAt[rank.number] = at
    schedule(.wake(rank), at: Instant(nanoseconds: at))
  }

  /// Sees to it that `rank` looks at `instant` for what will have happened to it by then.
  func notify(_ rank: Rank, at instant: Instant) { schedule(.notice(rank), at: instant) }

  /// Keeps `rank` from acting before `instant`.
  func occupy(_ rank: Rank, until instant: Instant) {
    busyUntil[rank.number] = max(busyUntil[rank.number], instant.nanoseconds)
  }

  /// The next event that counts; nil if nothing will ever happen.
  func next() -> (at: Instant, event: Event)? {
    while let entry = heap.popMin() {
      let at = Instant(nanoseconds: entry.at)
      switch entry.event {
      case .arrival, .stopRequest, .death, .loss:
        return (at, entry.event)
      case .notice(let rank):
        wake(rank, at: at)
      case .wake(let rank):
        guard wakeAt[rank.number] == entry.at else { continue }
        wakeAt[rank.number] = .max
        guard busyUntil[rank.number] > entry.at else { return (at, entry.event) }
        wake(rank, at: at)
      }
    }
    return nil
  }
}
