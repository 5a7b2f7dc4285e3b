import AdaptiveCore
import Glibc
import NodeRuntime

/// A worker that is running, as its leaf sees it: a socket with frames, and pipes for what the
/// function prints, which goes to the log and never into the frames.
@safe
final class WorkerConnection {
  /// Why a worker is of no use any more.
  struct Loss: Error {
    var kind: Failure.Kind
    var text: String

    var failure: Failure { Failure(kind, text) }
  }

  private let child: ChildProcess
  private let log: OutputLog
  private var socket: Int32
  private var printed: Int32
  private var complained: Int32
  private let clock = MonotonicClock()

  /// Bytes that came, from `first` on not read yet.
  private var inbound: [UInt8] = []
  private var first = 0
  private var buffer = [UInt8](repeating: 0, count: 64 * 1024)
  private var lookAt = Instant.origin

  var pid: pid_t { child.pid }

  /// Starts the worker; it finds its end of the socket as descriptor 3.
  init(_ command: ChildProgram, log: OutputLog) throws(Loss) {
    self.log = log
    var sockets: [Int32] = [-1, -1]
    let out = Pipe()
    let err = Pipe()
    let flags = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
    let areOpen =
      unsafe socketpair(AF_UNIX, flags, 0, &sockets) == 0 && out.isOpen && err.isOpen
    defer { for end in [sockets[1], out.writing, err.writing] where end >= 0 { close(end) } }
    var started: ChildProcess?
    var trouble = unsafe String(cString: strerror(errno))
    if areOpen {
      do throws(ChildError) {
        started = try ChildProcess(
          command, descriptors: [nil, out.writing, err.writing, sockets[1]], leadsGroup: true)
      } catch {
        trouble = error.description
      }
    }
    guard let started else {
      for end in [sockets[0], out.reading, err.reading] where end >= 0 { close(end) }
      throw Loss(kind: .ended, text: trouble)
    }
    child = started
    socket = sockets[0]
    printed = out.reading
    complained = err.reading
    for end in [socket, printed, complained] { _ = fcntl(end, F_SETFL, O_NONBLOCK) }
  }

  deinit { for end in [socket, printed, complained] where end >= 0 { close(end) } }

  /// Ends the worker and all that it started.
  func end() {
    // A worker that runs a program ends it in order when its leaf is gone.
    shutdown(socket, Int32(SHUT_RDWR))
    child.end(patience: Limits.workerPatience.seconds)
    drain()
  }

  /// Waits for a worker that was told to stop.
  func endAfterStop() {
    let deadline = clock.now() + Limits.workerTearDownMax
    var byte: UInt8 = 0
    do throws(Loss) {
      try turn(POLLIN, until: deadline, each: Limits.workerLookInterval) {
        () throws(Loss) -> Bool in
        unsafe recv(self.socket, &byte, 1, 0) == 0 || self.child.reap() != nil
      }
    } catch {}
    end()
  }

  /// Bytes of memory that the worker and what it started itself hold now.
  var residentBytes: Int { ProcessMemory.residentBytes(of: child.pid) }
}

// MARK: - Frames

extension WorkerConnection {
  /// Sends a whole frame, while it takes in what the function prints.
  func send(_ frame: WorkerFrame, until deadline: Instant?) throws(Loss) {
    var sent = 0
    try turn(POLLOUT, until: deadline, each: Limits.workerLookInterval) { () throws(Loss) -> Bool in
      while sent < frame.bytes.count {
        let count = unsafe frame.bytes.withUnsafeBytes {
          unsafe Glibc.send(
            self.socket, $0.baseAddress! + sent, $0.count - sent, Int32(MSG_NOSIGNAL))
        }
        if count < 0 {
          if errno == EINTR { continue }
          if errno == EAGAIN { return false }
          throw self.lost()
        }
        sent += count
      }
      return true
    }
  }

  /// The next frame, once it is whole.
  func receive(
    until deadline: Instant?
  ) throws(Loss) -> (kind: WorkerMessage.Kind, body: ArraySlice<UInt8>) {
    if first == inbound.count {
      inbound.removeAll(keepingCapacity: true)
      first = 0
    }
    var frame: (kind: WorkerMessage.Kind, byteCount: Int)?
    try turn(POLLIN, until: deadline, each: Limits.workerLookInterval) { () throws(Loss) -> Bool in
      while true {
        frame = try self.wholeFrame()
        if frame != nil { return true }
        let count = unsafe self.buffer.withUnsafeMutableBytes {
          unsafe recv(self.socket, $0.baseAddress, $0.count, 0)
        }
        if count < 0, errno == EINTR { continue }
        if count < 0, errno == EAGAIN { return false }
        guard count > 0 else { throw self.lost() }
        self.inbound.append(contentsOf: self.buffer[..<count])
      }
    }
    guard let frame else { throw lost() }
    let start = first + WorkerMessage.headBytes
    first = start + frame.byteCount
    return (frame.kind, inbound[start..<first])
  }

  private func wholeFrame() throws(Loss) -> (kind: WorkerMessage.Kind, byteCount: Int)? {
    guard inbound.count - first >= WorkerMessage.headBytes else { return nil }
    var head: UInt64 = 0
    for index in 0..<WorkerMessage.headBytes {
      head |= UInt64(inbound[first + index]) << (8 * index)
    }
    do throws(DecodingError) {
      let frame = try WorkerMessage.readHead(head)
      return inbound.count - first - WorkerMessage.headBytes >= frame.byteCount ? frame : nil
    } catch {
      throw Loss(kind: .ended, text: "the worker does not keep to its protocol: \(error.detail)")
    }
  }

  /// Tries, and waits for the socket, until `attempt` says that it is done.
  private func turn(
    _ events: Int32, until deadline: Instant?, each look: TimeSpan,
    _ attempt: () throws(Loss) -> Bool
  ) throws(Loss) {
    while try !attempt() {
      let now = clock.now()
      if let deadline, now >= deadline { throw Loss(kind: .timedOut, text: "") }
      let wait = deadline.map { min($0 - now, look) } ?? look
      var polled = [
        pollfd(fd: socket, events: Int16(events), revents: 0),
        pollfd(fd: printed, events: Int16(POLLIN), revents: 0),
        pollfd(fd: complained, events: Int16(POLLIN), revents: 0),
      ]
      let milliseconds = Int32(clamping: (wait.nanoseconds + 999_999) / 1_000_000)
      _ = unsafe poll(&polled, 3, milliseconds)
      if polled[1].revents != 0 { take(&printed, isError: false) }
      if polled[2].revents != 0 { take(&complained, isError: true) }
      // Something that it started may hold the socket open.
      if now >= lookAt {
        lookAt = now + look
        if child.reap() != nil, polled[0].revents == 0 { throw lost() }
      }
    }
  }

  /// How the worker ended, with the last line that it complained in.
  private func lost() -> Loss {
    end()
    let ending = child.wait().description
    let line = log.lastLine
    return Loss(kind: .ended, text: line.isEmpty ? ending : "\(ending): \(line)")
  }
}

// MARK: - Output

extension WorkerConnection {
  /// Takes what is in the pipes, of a worker that has ended.
  private func drain() {
    take(&printed, isError: false, untilEmpty: true)
    take(&complained, isError: true, untilEmpty: true)
    log.endLine()
  }

  private func take(_ pipe: inout Int32, isError: Bool, untilEmpty: Bool = false) {
    var budget = Limits.outputLogBytesMax
    while pipe >= 0, budget > 0 {
      let count = unsafe buffer.withUnsafeMutableBytes {
        unsafe read(pipe, $0.baseAddress, $0.count)
      }
      if count < 0, errno == EINTR { continue }
      if count < 0, errno == EAGAIN { return }
      guard count > 0 else {
        close(pipe)
        pipe = -1
        return
      }
      unsafe buffer.withUnsafeBytes {
        unsafe log.append(UnsafeRawBufferPointer(rebasing: $0[..<count]), isError: isError)
      }
      budget -= count
      if !untilEmpty { return }
    }
  }
}
