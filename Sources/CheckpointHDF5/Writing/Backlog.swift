import AdaptiveCore
import Synchronization

/// Bytes that were handed over to the journals and are not durable yet. The root adds, the
/// journals' thread takes away.
final class Backlog: Sendable {
  private let bytes = Atomic<Int>(0)

  var byteCount: Int { bytes.load(ordering: .relaxed) }

  func add(_ byteCount: Int) { bytes.add(byteCount, ordering: .relaxed) }

  func subtract(_ byteCount: Int) { bytes.subtract(byteCount, ordering: .relaxed) }
}
