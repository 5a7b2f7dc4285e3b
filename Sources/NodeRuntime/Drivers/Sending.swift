import AdaptiveCore
import Delegation

/// Sends an order to a child; false if the transport has no frame to lend now.
func send<T: Transport & ~Copyable>(
  _ order: Order, to rank: Rank, over transport: inout T
) throws(TransportError) -> Bool {
  guard let frame = try transport.lendFrame() else { return false }
  var writer = unsafe ByteWriter(frame.bytes)
  MessageCodec.write(order, to: &writer)
  try transport.send(frame, byteCount: writer.count, to: rank)
  return true
}

/// Sends a report to the parent; false if the transport has no frame to lend now.
func send<T: Transport & ~Copyable>(
  _ report: Report, to rank: Rank, over transport: inout T
) throws(TransportError) -> Bool {
  guard let frame = try transport.lendFrame() else { return false }
  var writer = unsafe ByteWriter(frame.bytes)
  MessageCodec.write(report, to: &writer)
  try transport.send(frame, byteCount: writer.count, to: rank)
  return true
}
