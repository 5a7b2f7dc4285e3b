package import AdaptiveCore

/// Carries opaque frames between ranks: in order from one rank to another, each once, none altered.
///
/// Nothing here blocks. A frame has ``Limits/frameBytesMax`` bytes at most.
package protocol Transport: ~Copyable {
  /// The rank whose end of the transport this is.
  var rank: Rank { get }

  /// Lends memory for one frame; nil while every frame is still being sent, in which case the
  /// caller goes on receiving and tries again. A lent frame must be sent before the next is lent.
  mutating func lendFrame() throws(TransportError) -> LentFrame?

  /// Starts to send the first `byteCount` bytes of the frame lent last. The transport keeps memory
  /// and request until the send is done.
  mutating func send(_ frame: LentFrame, byteCount: Int, to destination: Rank)
    throws(TransportError)

  /// The next frame that has arrived, from any rank; nil if there is none now. Its bytes stay valid
  /// until the next call of this function.
  mutating func receive() throws(TransportError) -> ArrivedFrame?

  /// Moves unfinished sends along and returns how many are left.
  mutating func progressSends() throws(TransportError) -> Int

  /// Completes all sends and returns how many frames came and were never received: none after a
  /// tree has stopped as it should. Every rank calls it, once, as the last call.
  mutating func close() throws(TransportError) -> Int
}

/// Memory for one frame, lent by a transport.
@safe
package struct LentFrame {
  /// The transport's own number for the frame.
  package let slot: Int

  /// ``Limits/frameBytesMax`` bytes.
  package let bytes: UnsafeMutableRawBufferPointer

  package init(slot: Int, bytes: UnsafeMutableRawBufferPointer) {
    self.slot = slot
    unsafe self.bytes = bytes
  }
}

/// A frame that has arrived, borrowed from the transport until its next receive.
@safe
package struct ArrivedFrame {
  package let source: Rank
  package let bytes: UnsafeRawBufferPointer

  package init(source: Rank, bytes: UnsafeRawBufferPointer) {
    self.source = source
    unsafe self.bytes = bytes
  }
}

/// Why a frame could not be sent or received.
package struct TransportError: Error, Sendable, CustomStringConvertible {
  /// The library's own code, 0 where there is none.
  package var code: Int
  /// The call that failed.
  package var operation: String
  package var detail: String

  package init(code: Int = 0, operation: String, detail: String) {
    self.code = code
    self.operation = operation
    self.detail = detail
  }

  package var description: String { "\(operation): \(detail) (code \(code))" }
}
