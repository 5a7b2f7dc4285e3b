import AdaptiveCore
import Delegation
import Foundation
import MPI
import NodeRuntime

/// One `mpirun`, as each of its ranks goes through it: start with all others, play a role, end with
/// all others and with their exit code.
enum World {
  /// How a rank's way through a world ended.
  enum Ending {
    /// All ranks know that the world cannot start, or need not.
    case agreed(EarlyEnd)
    case played(RoleOutcome)
    /// This rank cannot go on, and the others do not know.
    case crashed(EarlyEnd)
  }

  /// From the start of MPI to its end; returns the exit code. Does not return where this rank's
  /// crash must end all others, or where a function that still runs must end with the process.
  static func run(
    _ options: CampaignOptions, _ choices: CampaignStart.Choices, _ signals: StopSignal
  ) -> Int32 {
    Limits.check()
    let environment: MPIEnvironment
    do throws(MPIError) {
      environment = try MPIEnvironment()
    } catch {
      Console.warn("adaptive-mpi: \(error)")
      return ExitCode.crashed.rawValue
    }
    let ending: Ending
    do throws(EarlyEnd) {
      ending = try live(in: environment, options, choices, signals)
    } catch {
      ending = .crashed(error)
    }
    return end(environment, ending)
  }

  private static func live(
    in environment: borrowing MPIEnvironment, _ options: CampaignOptions,
    _ choices: CampaignStart.Choices, _ signals: StopSignal
  ) throws(EarlyEnd) -> Ending {
    var place = "before its rank was known"
    do {
      let world = try environment.world()
      let host = try environment.processorName()
      place = "rank \(world.rank) on \(host)"
      let start = WorldStart(host: host)
      switch try start.begin(on: world, options, choices) {
      case .failure(let end): return .agreed(end)
      case .success(let role): return .played(try role.play(on: world, signals))
      }
    } catch {
      throw EarlyEnd(.crashed, "\(place): \(error)")
    }
  }

  private static func end(_ environment: consuming MPIEnvironment, _ ending: Ending) -> Int32 {
    let code: Int32
    var mustNotJoin = false
    switch ending {
    case .agreed(let end):
      code = end.exitCode.rawValue
    case .played(let outcome):
      if outcome.needsAbort { abort(environment, outcome.exitCode) }
      code = outcome.exitCode
      mustNotJoin = outcome.isEvaluating
    case .crashed(let crash):
      Console.warn("adaptive-mpi: \(crash.detail)")
      code = crash.exitCode.rawValue
      abort(environment, code)
    }
    do throws(MPIError) {
      try environment.finalize()
    } catch {
      Console.warn("adaptive-mpi: \(error)")
    }
    // The function's thread cannot be joined, and nothing of this process is needed any more.
    if mustNotJoin { _exit(code) }
    return code
  }

  /// Does not return; declared as if it did, because the compiler takes the end of the environment
  /// after it for code that somebody wrote.
  private static func abort(_ environment: borrowing MPIEnvironment, _ code: Int32) {
    environment.abort(code)
  }
}
