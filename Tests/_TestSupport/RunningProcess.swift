import Foundation
package import Glibc

/// How a process ended, and all it said.
package struct ProcessOutcome: Sendable, CustomStringConvertible {
  /// The exit code; 128 + signal if a signal ended it, as a shell would say.
  package let exitCode: Int32
  package let standardOutput: String
  package let standardError: String

  /// True if it had to be ended because its time was over.
  package let timedOut: Bool

  package let seconds: Double

  /// Lines of standard output that are not empty.
  package var lines: [String] {
    standardOutput.split(separator: "\n").map(String.init).filter {
      !$0.trimmingCharacters(in: .whitespaces).isEmpty
    }
  }

  package var description: String {
    """
    exit code \(exitCode)\(timedOut ? " after its time was over" : "") in \(seconds) s
    --- standard output
    \(standardOutput.suffix(4000))
    --- standard error
    \(standardError.suffix(4000))
    """
  }
}

/// A program under test and everything it starts, in the background.
///
/// Output goes to files, so that nothing blocks on a full pipe and no orphan can hold the test up.
/// Whatever inherits the run's own environment variable belongs to it, and to nobody else: that is
/// how its processes are found and, at the latest in `deinit`, ended.
///
/// Foundation's `Process` will not do: to it a process runs as long as any child of it does.
package final class RunningProcess {
  private let output: TemporaryDirectory
  private let started = ContinuousClock.now
  private var exitCode: Int32?

  /// Leader of a process group of its own.
  package let pid: pid_t

  /// The value of ``runVariable`` for this run.
  package let run = UUID().uuidString

  package static let runVariable = "ADAPTIVE_MPI_TEST_RUN"

  /// Starts `arguments`, the first being looked up in PATH.
  ///
  /// - Parameters:
  ///   - environment: added to what is inherited; a nil value removes the variable. Variables of an
  ///     MPI world or a Slurm step around the test are never inherited.
  ///   - directory: the working directory.
  package init(
    _ arguments: [String], environment: [String: String?] = [:], directory: String? = nil
  ) throws {
    output = try TemporaryDirectory()
    let place = ["-C", directory ?? FileManager.default.currentDirectoryPath]
    pid = try Self.spawn(
      ["/usr/bin/env"] + place + arguments,
      environment: Self.environment(adding: environment, run: run),
      output: output.path("stdout"), error: output.path("stderr"))
  }

  deinit { endAll() }

  /// False once the process itself has ended, whatever its children do.
  package var isRunning: Bool {
    if exitCode == nil {
      var status: Int32 = 0
      if waitpid(pid, &status, WNOHANG) == pid {
        let signal = status & 0x7f
        exitCode = signal == 0 ? (status >> 8) & 0xff : 128 + signal
      }
    }
    return exitCode == nil
  }

  package var standardOutput: String { output.read("stdout") }

  package var standardError: String { output.read("stderr") }

  /// Every living process of this run, itself included.
  package var processes: [ProcessEntry] { ProcessTable.inheriting(Self.runVariable, run) }

  package func send(signal number: Int32) { if isRunning { kill(pid, number) } }

  /// Waits for its end. After `seconds` it is asked to end, and two seconds later made to.
  package func finish(within seconds: Double) -> ProcessOutcome {
    let timedOut = !hasEnded(within: seconds)
    if timedOut {
      send(signal: SIGTERM)
      if !hasEnded(within: 2) { endAll() }
    }
    return ProcessOutcome(
      exitCode: exitCode ?? -1, standardOutput: standardOutput, standardError: standardError,
      timedOut: timedOut,
      seconds: Double((ContinuousClock.now - started) / .milliseconds(1)) / 1000)
  }

  private func hasEnded(within seconds: Double) -> Bool {
    (try? wait(for: "the process to end", seconds: seconds) { !isRunning }) != nil
  }

  /// SIGKILL to each process of this run, and waits until none is left.
  package func endAll() {
    try? wait(for: "the processes of the run to end", seconds: 20) {
      let living = processes
      for entry in living { entry.send(signal: SIGKILL) }
      return living.isEmpty && !isRunning
    }
  }

  private static func environment(
    adding added: [String: String?], run: String
  ) -> [String: String] {
    let foreign = ["OMPI_", "PMIX_", "PMI_", "PRTE_", "SLURM_", "HYDRA_", "MPIR_CVAR_"]
    var variables = ProcessInfo.processInfo.environment.filter { name, _ in
      !foreign.contains { name.hasPrefix($0) }
    }
    for (name, value) in added { variables[name] = value }
    variables[runVariable] = run
    return variables
  }

  /// A new process in a group of its own, with no signal blocked or ignored.
  private static func spawn(
    _ arguments: [String], environment: [String: String], output: String, error: String
  ) throws -> pid_t {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    let writing = O_WRONLY | O_CREAT | O_APPEND
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_addopen(&actions, 1, output, writing, 0o600)
    posix_spawn_file_actions_addopen(&actions, 2, error, writing, 0o600)

    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var signals = sigset_t()
    sigemptyset(&signals)
    posix_spawnattr_setsigmask(&attributes, &signals)
    sigfillset(&signals)
    posix_spawnattr_setsigdefault(&attributes, &signals)
    let flags = POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF
    posix_spawnattr_setflags(&attributes, Int16(flags))

    let variables = environment.map { "\($0.key)=\($0.value)" }
    var argumentPointers = arguments.map { strdup($0) } + [nil]
    var variablePointers = variables.map { strdup($0) } + [nil]
    defer { for pointer in argumentPointers + variablePointers { free(pointer) } }
    var pid: pid_t = 0
    let code = posix_spawn(
      &pid, arguments[0], &actions, &attributes, &argumentPointers, &variablePointers)
    guard code == 0 else {
      throw MissingProgram(
        description: "posix_spawn \(arguments[0]): \(String(cString: strerror(code)))")
    }
    return pid
  }
}
