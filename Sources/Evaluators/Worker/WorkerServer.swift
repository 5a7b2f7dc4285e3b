package import AdaptiveCore
import Glibc
package import NodeRuntime

/// A worker's own side: reads what its leaf says from descriptor 3, and answers there, until the
/// leaf tells it to stop or is gone.
package struct WorkerServer<Function: Evaluator> {
  private let socket: Int32
  private let start: WorkerStart
  private var function: Function

  /// - Parameter function: already set up.
  package init(socket: Int32, start: WorkerStart, function: Function) {
    self.socket = socket
    self.start = start
    self.function = function
  }

  /// Says that it is ready, and evaluates; returns when no more points will come.
  ///
  /// - Throws: what the leaf said that no leaf says.
  package mutating func serve(greeting: String) throws(DecodingError) {
    WorkerSocket.send(.ready, greeting, over: socket)
    var frame = WorkerFrame()
    while let (kind, body) = try WorkerSocket.receive(over: socket) {
      switch kind {
      case .points:
        var batch = try WorkerSocket.read(body) { (reader) throws(DecodingError) in
          try reader.readWorkerPoints(start.learners)
        }
        function.evaluate(&batch)
        frame.removeAll()
        frame.write(
          results: batch, valueCount: start.learners[batch.learner.position].valueCount)
        frame.close(.results)
        guard WorkerSocket.send(frame, over: socket) else { return }
      case .stop:
        function.tearDown()
        return
      case .start, .ready, .refused, .results:
        throw DecodingError("a leaf said \(kind)")
      }
    }
  }
}

/// Whole frames over a socket that blocks.
package enum WorkerSocket {
  /// Where a worker finds its end.
  package static let descriptor: Int32 = 3

  package static func send(_ kind: WorkerMessage.Kind, _ text: String, over socket: Int32) {
    var frame = WorkerFrame()
    frame.write(text)
    frame.close(kind)
    _ = send(frame, over: socket)
  }

  /// False if the other end is gone.
  static func send(_ frame: WorkerFrame, over socket: Int32) -> Bool {
    var sent = 0
    while sent < frame.bytes.count {
      let count = unsafe frame.bytes.withUnsafeBytes {
        unsafe Glibc.send(
          socket, $0.baseAddress! + sent, $0.count - sent, Int32(MSG_NOSIGNAL))
      }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return false }
      sent += count
    }
    return true
  }

  /// The next frame; nil if the other end is gone.
  package static func receive(
    over socket: Int32
  ) throws(DecodingError) -> (kind: WorkerMessage.Kind, body: [UInt8])? {
    guard let head = bytes(WorkerMessage.headBytes, over: socket) else { return nil }
    var number: UInt64 = 0
    for (index, byte) in head.enumerated() { number |= UInt64(byte) << (8 * index) }
    let (kind, byteCount) = try WorkerMessage.readHead(number)
    return bytes(byteCount, over: socket).map { (kind, $0) }
  }

  package static func read<Value>(
    _ body: [UInt8], _ read: (inout ByteReader) throws(DecodingError) -> Value
  ) throws(DecodingError) -> Value {
    // A closure of `withUnsafeBytes` cannot throw a type that it names, so the result is carried.
    let result = unsafe body.withUnsafeBytes { bytes -> Result<Value, DecodingError> in
      do throws(DecodingError) {
        var reader = unsafe ByteReader(bytes)
        return .success(try read(&reader))
      } catch { return .failure(error) }
    }
    return try result.get()
  }

  private static func bytes(_ count: Int, over socket: Int32) -> [UInt8]? {
    var received = [UInt8](repeating: 0, count: count)
    var filled = 0
    while filled < count {
      let got = unsafe received.withUnsafeMutableBytes {
        unsafe recv(socket, $0.baseAddress! + filled, count - filled, 0)
      }
      if got < 0, errno == EINTR { continue }
      guard got > 0 else { return nil }
      filled += got
    }
    return received
  }
}
