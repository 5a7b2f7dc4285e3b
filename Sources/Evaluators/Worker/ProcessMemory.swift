import Glibc

/// What processes hold in memory, from `/proc`.
package enum ProcessMemory {
  /// Resident bytes of a process and its own children; 0 where `/proc` does not tell.
  package static func residentBytes(of pid: Int32) -> Int {
    let children = text("/proc/\(pid)/task/\(pid)/children").split(separator: " ")
    return ([pid] + children.compactMap { Int32($0) }).reduce(0) { sum, pid in
      let fields = text("/proc/\(pid)/statm").split(separator: " ")
      return sum + (fields.count > 1 ? (Int(fields[1]) ?? 0) * pageBytes : 0)
    }
  }

  private static let pageBytes = sysconf(Int32(_SC_PAGESIZE))

  private static func text(_ path: String) -> String {
    let file = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { return "" }
    defer { close(file) }
    var buffer = [UInt8](repeating: 0, count: 4096)
    let count = unsafe read(file, &buffer, buffer.count)
    return String(decoding: buffer.prefix(max(0, count)), as: UTF8.self)
  }
}
