internal import Glibc

/// Processor time of the calling thread, which other processes on the machine hardly change.
struct ProcessorClock {
  private(set) var seconds = 0.0
  private var started = 0.0

  mutating func start() { started = Self.now() }

  mutating func stop() { seconds = Self.now() - started }

  private static func now() -> Double {
    var time = timespec()
    unsafe clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }
}

/// Bytes of memory that the process occupies: the second number of Linux's /proc/self/statm, which
/// counts pages.
func residentBytes() -> Int {
  let file = unsafe open("/proc/self/statm", O_RDONLY)
  defer { close(file) }
  var buffer = [UInt8](repeating: 0, count: 128)
  let length = unsafe read(file, &buffer, buffer.count)
  let numbers = String(decoding: buffer.prefix(max(0, length)), as: UTF8.self).split(separator: " ")
  return (numbers.count > 1 ? Int(numbers[1]) ?? 0 : 0) * Int(sysconf(Int32(_SC_PAGESIZE)))
}
