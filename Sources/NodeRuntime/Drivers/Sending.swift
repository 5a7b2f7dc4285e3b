import AdaptiveCore
import Delegation

/// Sends one frame; false if the transport has none to lend now.
private func sendFrame<T: Transport & ~Copyable>(
  to rank: Rank, over transport: inout T, _ write: (inout ByteWriter) -> Void
) throws(TransportError) -> Bool {
  guard let frame = try transport.lendFrame() else { return false }
  var writer = unsafe ByteWriter(frame.bytes)
  write(&writer)
  try transport.send(frame, byteCount: writer.count, to: rank)
  return true
}

/// Sends an order to a child; false if the transport has no frame to lend now.
func send<T: Transport & ~Copyable>(
  _ order: Order, to rank: Rank, over transport: inout T
) throws(TransportError) -> Bool {
  try sendFrame(to: rank, over: &transport) { MessageCodec.write(order, to: &$0) }
}

/// Sends a report to the parent; false if the transport has no frame to lend now.
func send<T: Transport & ~Copyable>(
  _ report: Report, to rank: Rank, over transport: inout T
) throws(TransportError) -> Bool {
  try sendFrame(to: rank, over: &transport) { MessageCodec.write(report, to: &$0) }
}

/// Sends the coordinator's order to a root; false if the transport has no frame to lend now.
func send<T: Transport & ~Copyable>(
  _ order: RootOrder, to rank: Rank, over transport: inout T
) throws(TransportError) -> Bool {
  try sendFrame(to: rank, over: &transport) { MessageCodec.write(order, to: &$0) }
}

/// Sends a root's report to the coordinator; false if the transport has no frame to lend now.
func send<T: Transport & ~Copyable>(
  _ report: RootReport, over transport: inout T
) throws(TransportError) -> Bool {
  try sendFrame(to: RootCoordination.place, over: &transport) {
    MessageCodec.write(report, to: &$0)
  }
}
