import Foundation
import Glibc
import Synchronization
import Testing
import _TestSupport

/// A campaign in a folder of its own, with its function compiled, and worlds of it.
final class CampaignFolder {
  let folder: TemporaryDirectory
  let launcher: MPILauncher

  /// The run directory.
  var run: String { folder.path("run") }

  /// - Parameters:
  ///   - function: a C file of `Functions`, or of the repository if it has a `/` in it.
  ///   - campaign: the campaign file without name, directory and function.
  ///   - team: ranks that evaluate together, and whatever else the function's keys are; the
  ///     function is then compiled for the launcher's MPI.
  init(
    function: String, campaign: String, launcher: MPILauncher? = nil, team: String? = nil
  ) throws {
    folder = try TemporaryDirectory()
    let launcher = try launcher ?? Self.openMPI.get()
    self.launcher = launcher
    try Self.compile(
      function, to: folder.path("libfunction.so"), by: team == nil ? "cc" : launcher.tool("mpicc"))
    let text = """
      name: test
      directory: run
      function: {library: libfunction.so, \(team.map { "team: \($0)" } ?? "isolation: none")}
      \(campaign)
      """
    try folder.write(text + "\n", to: "campaign.yaml")
  }

  /// One learner on [-1, 1].
  ///
  /// - Parameters:
  ///   - function: the campaign's `function:`.
  ///   - files: what stands beside the campaign file; all of them can be executed.
  static func oneLearner(
    function: String, files: [String: String], goal: Int
  ) throws -> CampaignFolder {
    let campaign = try CampaignFolder(
      function: "recorder.c",
      campaign: """
        learners: [{name: one, kind: 1d, bounds: [-1.0, 1.0]}]
        goal: {npoints: \(goal)}
        """)
    for (name, text) in files { chmod(try campaign.folder.write(text, to: name), 0o700) }
    let text = campaign.folder.read("campaign.yaml")
      .replacing("{library: libfunction.so, isolation: none}", with: function)
    try campaign.folder.write(text, to: "campaign.yaml")
    return campaign
  }

  /// A learner or two that record each evaluation, `seconds` long.
  static func recorder(
    seconds: Double, goal: Int, launcher: MPILauncher? = nil
  ) throws -> CampaignFolder {
    try CampaignFolder(
      function: "recorder.c",
      campaign: """
        learners:
          - name: "a={a}"
            kind: 1d
            bounds: [-1.0, 1.0]
            parameters: {seconds: \(seconds)}
            sweep: {a: [0.1, 0.3]}
        goal: {npoints: \(goal)}
        checkpoint: {interval: 0.7, commit: 0.1, grace: 5}
        """, launcher: launcher)
  }

  static let openMPI = Result { try MPILauncher.all("adaptive-mpi")[0] }

  private static func compile(
    _ function: String, to library: String, by compiler: String
  ) throws {
    let place = function.contains("/") ? function : "Tests/EndToEndTests/Functions/\(function)"
    let bytes = try compiled.withLock { compiled in
      if let bytes = compiled[compiler + place] { return bytes }
      try Programs.compileLibrary(
        Programs.repository.appendingPathComponent(place).path, to: library,
        by: compiler)
      let bytes = FileManager.default.contents(atPath: library) ?? Data()
      compiled[compiler + place] = bytes
      return bytes
    }
    try bytes.write(to: URL(fileURLWithPath: library))
  }

  /// Libraries that were compiled once, by their compiler and source.
  private static let compiled = Mutex<[String: Data]>([:])

  /// Starts a world: `run campaign.yaml` and `arguments` behind.
  func start(
    ranks: Int, _ arguments: [String] = [], environment: [String: String?] = [:]
  ) throws -> RunningProcess {
    var variables = environment
    variables["RECORDER_FILE"] = folder.path("evaluations")
    return try launcher.start(
      ranks: ranks, ["run", "campaign.yaml"] + arguments, environment: variables,
      directory: folder.path)
  }

  /// A whole world, which leaves no process behind.
  @discardableResult
  func world(
    ranks: Int, _ arguments: [String] = [], seconds: Double = 120,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws -> ProcessOutcome {
    let world = try start(ranks: ranks, arguments)
    let outcome = world.finish(within: seconds)
    #expect(!outcome.timedOut, "\(outcome)", sourceLocation: sourceLocation)
    expectNothingLeft(of: world, sourceLocation: sourceLocation)
    return outcome
  }

  func expectNothingLeft(
    of world: RunningProcess, sourceLocation: SourceLocation = #_sourceLocation
  ) {
    // Ranks of a world whose launcher was killed end by themselves, within seconds.
    let start = ContinuousClock.now
    while !world.processes.isEmpty, ContinuousClock.now - start < .seconds(20) { usleep(10_000) }
    let left = world.processes.map(\.commandLine)
    #expect(left.isEmpty, "left behind", sourceLocation: sourceLocation)
  }

  func contents() throws -> RunContents { try RunContents(directory: run) }

  /// Every evaluation that has begun so far, in order, by the recorder's parameter `a`.
  func evaluations() -> [Evaluation] {
    let data = FileManager.default.contents(atPath: folder.path("evaluations")) ?? Data()
    return stride(from: 0, to: data.count / 24 * 24, by: 24).map { start in
      let numbers = (0..<3).map { index in
        data.withUnsafeBytes {
          $0.loadUnaligned(fromByteOffset: start + 8 * index, as: Double.self)
        }
      }
      return Evaluation(a: numbers[0], point: RunContents.Bits(numbers[1]), pid: pid_t(numbers[2]))
    }
  }
}

/// One call of the recorder.
struct Evaluation: Hashable {
  let a: Double
  let point: RunContents.Bits
  let pid: pid_t

  /// The place of its learner in the campaign: those have 0.1, 0.3, 0.5, … for it.
  var learner: Int { Int(((a - 0.1) * 5).rounded()) }
}
