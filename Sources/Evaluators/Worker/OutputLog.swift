import AdaptiveCore
import Glibc

/// Where a leaf's function may print: a file that is bounded, because it is moved aside (over the
/// one moved aside before) when it is full.
@safe
final class OutputLog {
  private let path: String?
  private var file: Int32 = -1
  private var byteCount = 0

  /// What stands in the last line that is not blank, cut to a failure's text.
  private(set) var lastLine = ""
  private var line: [UInt8] = []

  /// - Parameter path: nil where nothing may be written: what is printed goes to our own standard
  ///   error.
  init(path: String?) {
    self.path = path
    if path == nil { file = STDERR_FILENO }
  }

  deinit { if path != nil, file >= 0 { close(file) } }

  /// Where the file cannot be written, what is printed is dropped: a full disk is no reason to end
  /// a function.
  private func open() {
    guard let path else { return }
    let flags = O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW
    unsafe file = Glibc.open(path, flags, 0o600)
    byteCount = file < 0 ? 0 : Int(max(0, lseek(file, 0, SEEK_END)))
  }

  func append(_ bytes: UnsafeRawBufferPointer, isError: Bool) {
    if isError { unsafe note(bytes) }
    if file < 0 { open() }
    if path != nil, byteCount + bytes.count > Limits.outputLogBytesMax { moveAside() }
    var written = 0
    while file >= 0, written < bytes.count {
      let count = unsafe write(file, bytes.baseAddress! + written, bytes.count - written)
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { break }
      written += count
    }
    byteCount += written
  }

  /// What a failure of the next point may not quote.
  func forgetLastLine() {
    lastLine = ""
    line.removeAll(keepingCapacity: true)
  }

  private func moveAside() {
    guard let path else { return }
    if file >= 0 { close(file) }
    unsafe rename(path, path + ".1")
    open()
  }

  private func note(_ bytes: UnsafeRawBufferPointer) {
    for index in bytes.indices {
      let byte = unsafe bytes[index]
      if byte == UInt8(ascii: "\n") {
        endLine()
      } else if line.count < Limits.failureTextBytesMax {
        line.append(byte < 32 || byte == 127 ? UInt8(ascii: " ") : byte)
      }
    }
  }

  /// Takes what stands without a line feed for a line, too.
  func endLine() {
    let text = String(decoding: line, as: UTF8.self)
    line.removeAll(keepingCapacity: true)
    if !text.allSatisfy(\.isWhitespace) { lastLine = text }
  }
}
