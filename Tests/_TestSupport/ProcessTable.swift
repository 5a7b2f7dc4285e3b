import Foundation
package import Glibc

/// One living process, as `/proc` shows it.
package struct ProcessEntry: Sendable, Hashable {
  package let pid: pid_t

  /// Clock ticks from boot to its start: with the pid, a name that is never used twice.
  package let startTime: UInt64

  /// The process with this pid; nil if there is none, or only its remains: where PID 1 does not
  /// reap orphans a dead process stays a zombie, and `kill(pid, 0)` still succeeds.
  package init?(pid: pid_t) {
    guard let stat = try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8),
      let nameEnd = stat.lastIndex(of: ")")
    else { return nil }
    // Fields from the third on; the second, the name, may hold spaces.
    let fields = stat[stat.index(after: nameEnd)...].split(separator: " ")
    guard fields.count > 19, fields[0] != "Z", fields[0] != "X", let start = UInt64(fields[19])
    else { return nil }
    self.pid = pid
    startTime = start
  }

  package var isAlive: Bool { ProcessEntry(pid: pid) == self }

  /// Sends a signal, but never to another process that has got the same pid since.
  package func send(signal number: Int32) { if isAlive { kill(pid, number) } }

  /// Seconds that its threads have run so far, in steps of a clock tick; nil once it has ended.
  package var processorSeconds: Double? {
    guard isAlive, let stat = try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8),
      let nameEnd = stat.lastIndex(of: ")")
    else { return nil }
    let fields = stat[stat.index(after: nameEnd)...].split(separator: " ")
    guard fields.count > 12, let user = Double(fields[11]), let system = Double(fields[12])
    else { return nil }
    return (user + system) / Double(sysconf(Int32(_SC_CLK_TCK)))
  }

  /// The environment it was started with; empty if it is not ours to read.
  package var environment: [String: String] {
    let data = FileManager.default.contents(atPath: "/proc/\(pid)/environ") ?? Data()
    var variables: [String: String] = [:]
    for entry in data.split(separator: 0) {
      let text = String(decoding: entry, as: UTF8.self)
      guard let equals = text.firstIndex(of: "=") else { continue }
      variables[String(text[..<equals])] = String(text[text.index(after: equals)...])
    }
    return variables
  }

  /// The last component of the file it executes.
  package var executableName: String {
    let target = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\(pid)/exe")
    return URL(fileURLWithPath: target ?? "/").lastPathComponent
  }

  package var commandLine: String {
    let data = FileManager.default.contents(atPath: "/proc/\(pid)/cmdline") ?? Data()
    return data.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
      .joined(separator: " ")
  }

  /// Its rank in the world that `mpirun` (Open MPI or MPICH) started; nil for another process.
  package var rank: Int? {
    let environment = environment
    return (environment["OMPI_COMM_WORLD_RANK"] ?? environment["PMI_RANK"]).flatMap { Int($0) }
  }
}

package enum ProcessTable {
  /// Every living process.
  package static func all() -> [ProcessEntry] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
    return names.compactMap { pid_t($0) }.sorted().compactMap { ProcessEntry(pid: $0) }
  }

  /// The processes that inherited `variable=value`: all that a run has started, however deep, and
  /// also those whose parent has died.
  package static func inheriting(_ variable: String, _ value: String) -> [ProcessEntry] {
    all().filter { $0.environment[variable] == value }
  }
}
