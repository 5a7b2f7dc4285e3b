import Delegation
import Foundation

/// Writes lines for people, at once and whole, so that mpirun can pass them on in order.
enum Console {
  static func show(_ line: String) { write(line, to: .standardOutput) }

  static func warn(_ line: String) { write(line, to: .standardError) }

  /// The last line of a world that ends early.
  static func conclude(_ end: EarlyEnd) {
    let line = "adaptive-mpi: \(end.detail)"
    if end.exitCode == .goalReached { show(line) } else { warn(line) }
  }

  /// A terminal that is gone is no reason to end a world: what cannot be shown is dropped.
  private static func write(_ line: String, to handle: FileHandle) {
    do { try handle.write(contentsOf: Data((line + "\n").utf8)) } catch {}
  }
}
