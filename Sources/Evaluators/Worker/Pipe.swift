import Glibc

/// The two ends of a pipe, neither of which a child inherits unless it is given it.
struct Pipe {
  var reading: Int32 = -1
  var writing: Int32 = -1

  /// Both are -1 where the system gives none; `errno` says why.
  init() {
    var ends: [Int32] = [-1, -1]
    guard unsafe pipe(&ends) == 0 else { return }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    reading = ends[0]
    writing = ends[1]
  }

  var isOpen: Bool { reading >= 0 }
}
