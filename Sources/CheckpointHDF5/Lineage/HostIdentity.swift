import Glibc

/// Where and which a process is: enough to tell later, on the same host, whether it still runs.
package struct HostIdentity: Sendable, Equatable {
  package var host: String
  /// Changes with each boot of the host.
  package var bootID: String
  /// Process numbers mean something only within one of these.
  package var pidNamespace: String
  package var pid: Int32
  /// When the process started, in the kernel's ticks since the boot: another process that gets the
  /// same number has another.
  package var startTicks: UInt64

  package init(
    host: String, bootID: String, pidNamespace: String, pid: Int32, startTicks: UInt64
  ) {
    self.host = host
    self.bootID = bootID
    self.pidNamespace = pidNamespace
    self.pid = pid
    self.startTicks = startTicks
  }

  /// This process. What the system does not tell is empty, and then matches nothing.
  package static func current() -> HostIdentity {
    let pid = getpid()
    return HostIdentity(
      host: hostName(), bootID: line(of: "/proc/sys/kernel/random/boot_id"),
      pidNamespace: target(of: "/proc/self/ns/pid"), pid: pid,
      startTicks: processState(pid)?.startTicks ?? 0)
  }

  /// Whether process numbers written down there mean the same here.
  package func sharesProcesses(with other: HostIdentity) -> Bool {
    !bootID.isEmpty && !pidNamespace.isEmpty && host == other.host && bootID == other.bootID
      && pidNamespace == other.pidNamespace
  }

  /// Whether the process runs; to be asked only where ``sharesProcesses(with:)``. A zombie, which
  /// nobody has waited for yet, does not.
  package var isRunning: Bool {
    guard let state = Self.processState(pid) else { return false }
    return state.startTicks == startTicks && !["Z", "X", "x"].contains(state.letter)
  }

  /// State and start time out of `/proc/PID/stat` (proc(5), fields 3 and 22); the program's name
  /// before them may hold anything, parentheses too.
  private static func processState(_ pid: Int32) -> (letter: String, startTicks: UInt64)? {
    let text = line(of: "/proc/\(pid)/stat")
    guard let end = text.lastIndex(of: ")") else { return nil }
    let fields = text[text.index(after: end)...].split(separator: " ")
    guard fields.count > 19, let startTicks = UInt64(fields[19]) else { return nil }
    return (String(fields[0]), startTicks)
  }

  private static func hostName() -> String {
    var bytes = [CChar](repeating: 0, count: 256)
    guard unsafe gethostname(&bytes, bytes.count - 1) == 0 else { return "" }
    return text(bytes)
  }

  /// The first line of a file that the kernel makes up; empty if there is none.
  private static func line(of path: String) -> String {
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return "" }
    defer { close(descriptor) }
    var bytes = [CChar](repeating: 0, count: 4096)
    let count = unsafe Glibc.read(descriptor, &bytes, bytes.count - 1)
    guard count > 0 else { return "" }
    return String(text(bytes).prefix { $0 != "\n" })
  }

  private static func target(of path: String) -> String {
    var bytes = [CChar](repeating: 0, count: 256)
    let count = unsafe readlink(path, &bytes, bytes.count - 1)
    return count > 0 ? text(bytes) : ""
  }

  private static func text(_ bytes: [CChar]) -> String {
    String(decoding: bytes.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
  }
}
