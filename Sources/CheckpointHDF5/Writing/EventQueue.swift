import NodeRuntime
import Synchronization

/// What the writers' threads have to tell, until the root asks.
final class EventQueue: Sendable {
  private let events = Mutex<[CheckpointEvent]>([])

  func post(_ event: CheckpointEvent) { events.withLock { $0.append(event) } }

  func next() -> CheckpointEvent? {
    events.withLock { $0.isEmpty ? nil : $0.removeFirst() }
  }
}

/// Says each trouble once, and again only after something else.
struct Complaints {
  private let event: @Sendable (String) -> CheckpointEvent
  private var last: String?

  init(_ event: @escaping @Sendable (String) -> CheckpointEvent) { self.event = event }

  mutating func tell(_ error: CheckpointError, to events: EventQueue) {
    let text = error.description
    if text != last { events.post(event(text)) }
    last = text
  }

  mutating func forget() { last = nil }
}
