import ArgumentParser
import Delegation
import Foundation
import MPI
import NodeRuntime

/// The program, from its arguments to its exit code.
public enum Program {
  /// Runs the subcommand that the process's arguments ask for, and ends the process.
  public static func run() -> Never {
    // Before MPI or anything else makes a thread: none may be interrupted, and all inherit the
    // mask.
    let signals = StopSignal()
    do {
      switch try AdaptiveMPI.parseAsRoot() {
      case let subcommand as RunSubcommand: exit(subcommand.run(signals))
      case var subcommand:
        try subcommand.run()
        exit(ExitCode.goalReached.rawValue)
      }
    } catch let early as EarlyEnd {
      // Found by the one rank that speaks; the others have gone.
      Console.warn("adaptive-mpi: \(early.detail)")
      exit(early.exitCode.rawValue)
    } catch {
      end(AdaptiveMPI.exitCode(for: error).rawValue, saying: AdaptiveMPI.fullMessage(for: error))
    }
  }

  /// Ends the process after its arguments asked for help or could not be understood, and the world
  /// with it if there is one: all its ranks were given the same arguments, and one of them speaks.
  ///
  /// With an error code every rank starts MPI first, for mpirun would end them all as soon as the
  /// first is gone, perhaps before the one that speaks has spoken.
  private static func end(_ code: Int32, saying text: String) -> Never {
    let launcher = Launcher()
    if launcher.isSpeaker {
      if code == 0 { Console.show(text) } else { Console.warn(text) }
    }
    if code != 0, launcher.rank != nil {
      do throws(MPIError) { try MPIEnvironment().finalize() } catch { Console.warn("\(error)") }
    }
    exit(code)
  }
}
