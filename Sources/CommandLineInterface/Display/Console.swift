import Delegation
import Foundation
import Synchronization

/// Writes lines for people, at once and whole, so that mpirun can pass them on in order.
enum Console {
  static func show(_ line: String) { write(line, isError: false) }

  static func warn(_ line: String) { write(line, isError: true) }

  /// Copies of this process's standard output and error, where those two come to lead elsewhere.
  private static let kept = Mutex<(output: FileHandle, error: FileHandle)?>(nil)

  /// Goes on writing where standard output and error lead now, wherever they will lead.
  static func keepDescriptors() {
    let copies = [STDOUT_FILENO, STDERR_FILENO].map { fcntl($0, F_DUPFD_CLOEXEC, 3) }
    guard copies.allSatisfy({ $0 >= 0 }) else { return }
    let handles = copies.map { FileHandle(fileDescriptor: $0) }
    kept.withLock { $0 = (output: handles[0], error: handles[1]) }
  }

  /// The last line of a world that ends early.
  static func conclude(_ end: EarlyEnd) {
    let line = "adaptive-mpi: \(end.detail)"
    if end.exitCode == .goalReached { show(line) } else { warn(line) }
  }

  /// A terminal that is gone is no reason to end a world: what cannot be shown is dropped.
  private static func write(_ line: String, isError: Bool) {
    let kept = kept.withLock { $0 }
    let handle =
      isError ? kept?.error ?? .standardError : kept?.output ?? .standardOutput
    do { try handle.write(contentsOf: Data((line + "\n").utf8)) } catch {}
  }
}
