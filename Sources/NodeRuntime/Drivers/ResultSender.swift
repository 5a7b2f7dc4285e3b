import AdaptiveCore
import Delegation

/// Writes the results of an effect into as many frames as they need, and goes on where it stopped
/// when the transport had no frame to lend.
struct ResultSender {
  private var cursor = ResultCursor()
  private var hasBegun = false

  /// Sends all of `batch`, which may be empty; false if some are left for later.
  mutating func send<T: Transport & ~Copyable>(
    _ batch: borrowing ResultBatch, upTo end: Int, _ upward: Upward, to rank: Rank,
    over transport: inout T
  ) throws(TransportError) -> Bool {
    while !hasBegun || cursor.entry < end {
      guard let frame = try transport.lendFrame() else { return false }
      var writer = unsafe ByteWriter(frame.bytes)
      MessageCodec.write(batch, from: &cursor, upTo: end, upward, to: &writer)
      try transport.send(frame, byteCount: writer.count, to: rank)
      hasBegun = true
    }
    hasBegun = false
    return true
  }

  /// The batch was emptied: the next results stand at its beginning.
  mutating func reset() { cursor = ResultCursor() }
}
