import Glibc

/// A program to be started beside this process.
package struct ChildProgram: Sendable, Equatable {
  /// A path; a name without `/` is looked up in PATH.
  package var program: String

  /// What the program is given, without its own name.
  package var arguments: [String]

  /// `NAME=value` texts: all that it inherits.
  package var environment: [String]

  /// Its working directory; nil is this process's own.
  package var directory: String?

  package init(
    _ program: String, _ arguments: [String] = [], environment: [String], directory: String? = nil
  ) {
    self.program = program
    self.arguments = arguments
    self.environment = environment
    self.directory = directory
  }
}

/// How a child process ended.
package enum ChildEnding: Sendable, Equatable, CustomStringConvertible {
  case exited(Int32)
  case signalled(Int32)

  package var description: String {
    switch self {
    case .exited(let code): "exit code \(code)"
    case .signalled(let number): "signal \(number), \(unsafe String(cString: strsignal(number)))"
    }
  }
}

/// A child process, started by posix_spawn(3) (no fork: MPI may have registered memory), with none
/// of our descriptors but those it is given, no signal blocked or ignored, and standard input at
/// its end.
@safe
final class ChildProcess {
  /// Its id, and where it leads its own group, that of the group.
  let pid: pid_t

  private let isLeader: Bool
  private(set) var ending: ChildEnding?

  /// - Parameters:
  ///   - descriptors: what it finds at 0, 1, 2, …: ours, or nil for /dev/null.
  ///   - leadsGroup: whether it gets a process group of its own, by which all that it starts can
  ///     be ended; else it joins ours.
  /// - Throws: the `errno` value.
  init(
    _ command: ChildProgram, descriptors: [Int32?], leadsGroup: Bool
  ) throws(ChildError) {
    var actions = unsafe posix_spawn_file_actions_t()
    unsafe posix_spawn_file_actions_init(&actions)
    defer { unsafe posix_spawn_file_actions_destroy(&actions) }
    // Above all targets first, so that no copy overwrites what is still to be copied.
    var copies: [Int32] = []
    defer { for copy in copies { close(copy) } }
    for (target, ours) in descriptors.enumerated() {
      guard let ours else {
        unsafe posix_spawn_file_actions_addopen(&actions, Int32(target), "/dev/null", O_RDWR, 0)
        continue
      }
      let copy = fcntl(ours, F_DUPFD_CLOEXEC, Int32(descriptors.count))
      guard copy >= 0 else { throw ChildError(command.program, code: errno) }
      copies.append(copy)
      unsafe posix_spawn_file_actions_adddup2(&actions, copy, Int32(target))
    }
    guard unsafe SpawnActions.closeFrom(&actions, Int32(descriptors.count)),
      command.directory.map({ unsafe SpawnActions.changeFolder(&actions, $0) }) ?? true
    else { throw ChildError(command.program, code: ENOSYS) }

    var attributes = posix_spawnattr_t()
    unsafe posix_spawnattr_init(&attributes)
    defer { unsafe posix_spawnattr_destroy(&attributes) }
    var signals = sigset_t()
    unsafe sigemptyset(&signals)
    unsafe posix_spawnattr_setsigmask(&attributes, &signals)
    unsafe sigfillset(&signals)
    unsafe posix_spawnattr_setsigdefault(&attributes, &signals)
    let group = leadsGroup ? POSIX_SPAWN_SETPGROUP : 0
    unsafe posix_spawnattr_setflags(
      &attributes, Int16(group | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))

    let arguments = CStrings([command.program] + command.arguments)
    let environment = CStrings(command.environment)
    var started: pid_t = 0
    let code = unsafe posix_spawnp(
      &started, command.program, &actions, &attributes, arguments.pointers, environment.pointers)
    guard code == 0 else { throw ChildError(command.program, code: code) }
    pid = started
    isLeader = leadsGroup
  }

  /// Whether it has ended, and how; takes its remains away.
  func reap() -> ChildEnding? {
    if ending == nil { unsafe take(waitpid(pid, &status, WNOHANG)) }
    return ending
  }

  /// Waits for its end.
  func wait() -> ChildEnding {
    while ending == nil { unsafe take(waitpid(pid, &status, 0)) }
    return ending ?? .exited(0)
  }

  private var status: Int32 = 0

  private func take(_ reaped: pid_t) {
    guard reaped == pid else { return }
    let signal = status & 0x7f
    ending = signal == 0 ? .exited((status >> 8) & 0xff) : .signalled(signal)
  }

  /// Asks it, with all that it started, to end (SIGTERM), and makes it (SIGKILL) after `patience`
  /// seconds.
  func end(patience: Double) {
    send(SIGTERM)
    var waited = 0.0
    while isThere, waited < patience {
      usleep(1000)
      waited += 0.001
    }
    if isThere { send(SIGKILL) }
    _ = wait()
  }

  private func send(_ signal: Int32) {
    if isLeader { kill(-pid, signal) } else if ending == nil { kill(pid, signal) }
  }

  /// Whether any process of the group is left; a dead member that nobody takes away counts too.
  private var isThere: Bool {
    if reap() == nil { return true }
    return isLeader && kill(-pid, 0) == 0
  }
}

/// Why a program could not be started.
struct ChildError: Error {
  let program: String
  let code: Int32

  init(_ program: String, code: Int32) {
    self.program = program
    self.code = code
  }

  var description: String { "starting \(program): \(unsafe String(cString: strerror(code)))" }
}

/// What glibc adds to the actions of posix_spawn(3), from 2.34 on; Swift sees POSIX's own only.
private enum SpawnActions {
  private typealias Actions = UnsafeMutablePointer<posix_spawn_file_actions_t>

  /// posix_spawn_file_actions_addclosefrom_np(3)
  static func closeFrom(
    _ actions: UnsafeMutablePointer<posix_spawn_file_actions_t>, _ lowest: Int32
  ) -> Bool {
    typealias Add = @convention(c) (Actions, Int32) -> Int32
    guard let address = unsafe dlsym(nil, "posix_spawn_file_actions_addclosefrom_np") else {
      return false
    }
    return unsafe unsafeBitCast(address, to: Add.self)(actions, lowest) == 0
  }

  /// posix_spawn_file_actions_addchdir_np(3)
  static func changeFolder(
    _ actions: UnsafeMutablePointer<posix_spawn_file_actions_t>, _ folder: String
  ) -> Bool {
    typealias Add = @convention(c) (Actions, UnsafePointer<CChar>) -> Int32
    guard let address = unsafe dlsym(nil, "posix_spawn_file_actions_addchdir_np") else {
      return false
    }
    return unsafe unsafeBitCast(address, to: Add.self)(actions, folder) == 0
  }
}

/// Texts as exec(3) wants them.
@safe
private final class CStrings {
  private(set) var pointers: [UnsafeMutablePointer<CChar>?]

  init(_ texts: [String]) { unsafe pointers = texts.map { unsafe strdup($0) } + [nil] }

  deinit { for index in unsafe pointers.indices { unsafe free(pointers[index]) } }
}
