import AdaptiveCore
import Glibc

extension WorkerPlan {
  /// What all kinds share.
  package struct Circumstances: Sendable {
    package var rank: Int
    package var rankCount: Int
    package var conduct: FunctionConduct

    /// This rank's place in its team, where it has one.
    package var team: TeamPlace?

    /// The executable that hosts libraries and programs, given `worker` as its argument.
    package var executable: String

    /// The worker's log, and where the folders of a program's points are made; nil where nothing
    /// may be written to the run directory.
    package var runDirectory: String?

    package init(
      rank: Int, rankCount: Int, conduct: FunctionConduct, executable: String = "/proc/self/exe",
      runDirectory: String?
    ) {
      self.rank = rank
      self.rankCount = rankCount
      self.conduct = conduct
      self.executable = executable
      self.runDirectory = runDirectory
    }

    /// A leaf's log; its folder is made.
    package var logPath: String? {
      guard let runDirectory else { return nil }
      unsafe mkdir("\(runDirectory)/logs", 0o700)
      return "\(runDirectory)/logs/leaf-\(rank).log"
    }
  }

  /// A library in a process of its own.
  package static func library(
    path: String, symbol: String, _ circumstances: Circumstances
  ) -> WorkerPlan {
    hosted("library", [.init("path", [path]), .init("symbol", [symbol])], circumstances)
  }

  /// A function that this program brings with it, in a process of its own.
  package static func closure(named name: String, _ circumstances: Circumstances) -> WorkerPlan {
    hosted("swift", [.init("name", [name])], circumstances)
  }

  /// A program, run by a worker of ours.
  package static func program(
    _ settings: ProgramSettings, _ circumstances: Circumstances
  ) -> WorkerPlan {
    let folder = circumstances.runDirectory.map { ["\($0)/points"] } ?? []
    var settings = settings
    settings.environment = circumstances.conduct.environment
    return hosted("program", settings.texts + [.init("folder", folder)], circumstances)
  }

  private static func hosted(
    _ function: String, _ settings: [WorkerStart.Setting], _ circumstances: Circumstances
  ) -> WorkerPlan {
    let inherited = ChildEnvironment.current()
    return make(
      ChildProgram(
        circumstances.executable, ["worker"], environment: environment(circumstances, inherited)),
      function, settings, circumstances)
  }

  /// A Python function in an interpreter of the user's.
  package static func python(
    _ function: PythonFunction, _ circumstances: Circumstances,
    script: String? = PythonWorker.shipped()
  ) -> WorkerPlan {
    let inherited = ChildEnvironment.current()
    return make(
      ChildProgram(
        function.interpreter, PythonWorker.arguments(script: script),
        environment: environment(circumstances, inherited)),
      "python", function.texts, circumstances)
  }

  private static func environment(
    _ circumstances: Circumstances, _ inherited: [String]
  ) -> [String] {
    ChildEnvironment.texts(
      inherited: inherited,
      added: circumstances.conduct.variables(inherited: inherited))
  }

  private static func make(
    _ command: ChildProgram, _ function: String, _ settings: [WorkerStart.Setting],
    _ circumstances: Circumstances
  ) -> WorkerPlan {
    WorkerPlan(
      command: command,
      start: WorkerStart(
        function: function, rank: circumstances.rank, rankCount: circumstances.rankCount,
        settings: settings),
      timeout: circumstances.conduct.timeout,
      residentBytesMax: circumstances.conduct.residentBytesMax, logPath: circumstances.logPath)
  }
}
