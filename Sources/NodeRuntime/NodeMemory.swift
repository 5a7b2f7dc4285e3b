import Glibc

/// Memory that processes of one node share by its name (shm_open(3), mmap(2)).
///
/// Whoever makes it takes the name away once the others have opened it, so that nothing is left
/// when all have ended, however they did.
@safe
package final class NodeMemory: @unchecked Sendable {
  let base: UnsafeMutableRawPointer
  private let byteCount: Int

  /// A name that nobody has yet.
  package static func newName() -> String {
    "/adaptive-mpi-\(getpid())-\(UInt64.random(in: 0...UInt64.max))"
  }

  /// Makes memory of zeros under a name that nobody has, `/` and then anything without one.
  package convenience init(creating name: String, byteCount: Int) throws(NodeMemoryError) {
    let descriptor = unsafe shm_open(name, O_RDWR | O_CREAT | O_EXCL, 0o600)
    guard descriptor >= 0 else { throw NodeMemoryError("shm_open") }
    defer { close(descriptor) }
    // Room is claimed now: touching a page that a full /dev/shm cannot give is a SIGBUS.
    let code = posix_fallocate(descriptor, 0, off_t(byteCount))
    guard code == 0 else {
      unsafe shm_unlink(name)
      throw NodeMemoryError("posix_fallocate", code)
    }
    try self.init(mapping: descriptor, byteCount)
  }

  /// Opens what another process has made.
  package convenience init(opening name: String, byteCount: Int) throws(NodeMemoryError) {
    let descriptor = unsafe shm_open(name, O_RDWR, 0)
    guard descriptor >= 0 else { throw NodeMemoryError("shm_open") }
    defer { close(descriptor) }
    try self.init(mapping: descriptor, byteCount)
  }

  private init(mapping descriptor: Int32, _ byteCount: Int) throws(NodeMemoryError) {
    let mapped = unsafe mmap(
      nil, byteCount, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0)
    guard let mapped = unsafe mapped, unsafe mapped != MAP_FAILED else {
      throw NodeMemoryError("mmap")
    }
    unsafe base = mapped
    self.byteCount = byteCount
  }

  deinit { unsafe munmap(base, byteCount) }

  /// Takes a name away; the memory stays with those who have it.
  package static func unlink(_ name: String) { unsafe shm_unlink(name) }
}

/// Why memory could not be shared.
package struct NodeMemoryError: Error, Sendable, CustomStringConvertible {
  package var operation: String
  /// An `errno` value.
  package var code: Int32

  init(_ operation: String, _ code: Int32 = errno) {
    self.operation = operation
    self.code = code
  }

  package var description: String { "\(operation): \(unsafe String(cString: strerror(code)))" }
}
