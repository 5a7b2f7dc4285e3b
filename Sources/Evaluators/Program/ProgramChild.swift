import AdaptiveCore
import Glibc

/// A program that runs for this worker, with a pipe to its standard input and one from its standard
/// output; what it complains of goes to our own standard error.
///
/// It stays in the worker's process group, so that a leaf that ends the worker ends it, too.
@safe
final class ProgramChild {
  let child: ChildProcess
  private var input: Int32
  private var output: Int32
  private var complaints: Int32
  private let socket: Int32
  private let log = OutputLog(path: nil)
  private var arrived: [UInt8] = []
  private var buffer = [UInt8](repeating: 0, count: 64 * 1024)

  /// - Parameter socket: the leaf's; when it closes, the program is ended and so are we.
  init(_ command: ChildProgram, takesInput: Bool, socket: Int32) throws(ChildError) {
    let fed = takesInput ? Pipe() : nil
    let printed = Pipe()
    let complained = Pipe()
    defer {
      for end in [fed?.reading ?? -1, printed.writing, complained.writing] where end >= 0 {
        close(end)
      }
    }
    input = fed?.writing ?? -1
    output = printed.reading
    complaints = complained.reading
    self.socket = socket
    let ours = [input, output, complaints]
    do throws(ChildError) {
      guard fed?.isOpen ?? true, printed.isOpen, complained.isOpen else {
        throw ChildError(command.program, code: errno)
      }
      child = try ChildProcess(
        command, descriptors: [fed?.reading, printed.writing, complained.writing],
        leadsGroup: false)
    } catch {
      for end in ours where end >= 0 { close(end) }
      throw error
    }
    for end in ours where end >= 0 { _ = fcntl(end, F_SETFL, O_NONBLOCK) }
  }

  deinit { for end in [input, output, complaints] where end >= 0 { close(end) } }

  /// How it ended, with the last line that it complained in.
  var endingText: String {
    take(&complaints, isError: true)
    log.endLine()
    let ending = child.wait().description
    return log.lastLine.isEmpty ? ending : "\(ending): \(log.lastLine)"
  }

  /// Writes a line and reads the next one; nil if the program has ended or answers without end.
  func answer(_ line: [UInt8]) -> String? {
    var rest = line[...]
    while true {
      if let end = arrived.firstIndex(of: UInt8(ascii: "\n")), rest.isEmpty {
        let text = String(decoding: arrived[..<end], as: UTF8.self)
        arrived.removeSubrange(...end)
        return text
      }
      guard arrived.count <= Limits.programAnswerBytesMax, step(&rest) else { return nil }
    }
  }

  /// Everything that it writes until it ends; nil if that is too much.
  func wholeAnswer() -> String? {
    var nothing: ArraySlice<UInt8> = []
    while step(&nothing) {
      if arrived.count > Limits.programAnswerBytesMax {
        end()
        return nil
      }
    }
    return String(decoding: arrived, as: UTF8.self)
  }

  /// Closes its standard input, by which a program that reads to the end knows that it may go.
  func finish() {
    if input >= 0 {
      close(input)
      input = -1
    }
    var waited = 0
    while child.reap() == nil, waited < 1000 {
      usleep(1000)
      waited += 1
    }
    end()
  }

  func end() { if child.reap() == nil { child.end(patience: 1) } }

  /// Moves what can be moved; false once the program has closed its standard output.
  private func step(_ rest: inout ArraySlice<UInt8>) -> Bool {
    if !rest.isEmpty {
      let count = unsafe rest.withUnsafeBytes { unsafe write(input, $0.baseAddress, $0.count) }
      if count > 0 { rest = rest.dropFirst(count) }
      if count < 0, errno != EAGAIN, errno != EINTR { return false }
    }
    var polled = [
      pollfd(fd: output, events: Int16(POLLIN), revents: 0),
      pollfd(fd: complaints, events: Int16(POLLIN), revents: 0),
      pollfd(fd: socket, events: Int16(0x2000), revents: 0),
      pollfd(fd: rest.isEmpty ? -1 : input, events: Int16(POLLOUT), revents: 0),
    ]
    _ = unsafe poll(&polled, 4, -1)
    if polled[2].revents != 0 { ParentDeath.endGroup(after: child) }
    if polled[1].revents != 0 { take(&complaints, isError: true) }
    if polled[0].revents != 0 { return take(&output, isError: false) }
    return true
  }

  /// False at its end.
  @discardableResult
  private func take(_ pipe: inout Int32, isError: Bool) -> Bool {
    guard pipe >= 0 else { return false }
    let count = unsafe buffer.withUnsafeMutableBytes { unsafe read(pipe, $0.baseAddress, $0.count) }
    if count < 0, errno == EAGAIN || errno == EINTR { return true }
    guard count > 0 else {
      close(pipe)
      pipe = -1
      return false
    }
    if isError {
      unsafe buffer.withUnsafeBytes {
        unsafe log.append(UnsafeRawBufferPointer(rebasing: $0[..<count]), isError: true)
      }
    } else {
      arrived.append(contentsOf: buffer[..<count])
    }
    return true
  }
}
