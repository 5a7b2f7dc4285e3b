import AdaptiveCore
import Delegation

/// Writes the points of an effect into as many frames as they need, and goes on where it stopped
/// when the transport had no frame to lend.
struct PointSender {
  private var nextEntry: Int?
  private var nextCoordinate = 0

  /// Sends entries of `batch`; false if some are left for later.
  mutating func send<T: Transport & ~Copyable>(
    _ batch: borrowing PointBatch, entries: Range<Int>, coordinatesFrom first: Int,
    _ downward: Downward, to rank: Rank, over transport: inout T
  ) throws(TransportError) -> Bool {
    var entry = nextEntry ?? entries.lowerBound
    var coordinate = nextEntry == nil ? first : nextCoordinate
    while entry < entries.upperBound {
      guard let frame = try transport.lendFrame() else {
        nextEntry = entry
        nextCoordinate = coordinate
        return false
      }
      var writer = unsafe ByteWriter(frame.bytes)
      MessageCodec.write(
        batch, from: &entry, coordinate: &coordinate, upTo: entries.upperBound, downward,
        to: &writer)
      try transport.send(frame, byteCount: writer.count, to: rank)
    }
    nextEntry = nil
    return true
  }
}
