import Glibc

/// The processors that this process may run on, as `/proc/self/status` lists them (proc(5)).
package enum AllowedProcessors {
  /// Processors with higher numbers are not counted.
  private static let numbersMax = 4096

  /// 1 for each number of a processor that is allowed, 0 for the rest; as many on every host. All
  /// 0 where the system does not say.
  package static func flags() -> [Int64] { flags(status: status()) }

  /// From the text of that file: `Cpus_allowed_list:  0-3,8`.
  package static func flags(status: String) -> [Int64] {
    var flags = [Int64](repeating: 0, count: numbersMax)
    let key = "Cpus_allowed_list:"
    for line in status.split(separator: "\n") where line.hasPrefix(key) {
      let ranges = line.dropFirst(key.count).filter { $0 != " " && $0 != "\t" }
      for range in ranges.split(separator: ",") {
        let ends = range.split(separator: "-").compactMap { Int($0) }
        guard let first = ends.first, let last = ends.last, first <= last else { continue }
        for number in max(0, first)...max(0, last) where number < numbersMax { flags[number] = 1 }
      }
    }
    return flags
  }

  private static func status() -> String {
    let file = unsafe open("/proc/self/status", O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { return "" }
    defer { close(file) }
    var bytes = [UInt8](repeating: 0, count: 16 * 1024)
    let count = unsafe bytes.withUnsafeMutableBytes { unsafe read(file, $0.baseAddress, $0.count) }
    return String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
  }
}
