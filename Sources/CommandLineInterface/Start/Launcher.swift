import Foundation

/// What the environment says about the world that this process was started in, before MPI is asked.
struct Launcher {
  /// This process among those that mpirun started; nil where none did.
  let rank: Int?

  /// How many mpirun started; nil where none did.
  let rankCount: Int?

  /// A process that gets SIGTERM will be killed within a second, whatever it does: so Open MPI's
  /// mpirun ends a world, after a rank has died or when it is asked to.
  let killsAfterTERM: Bool

  init(environment: [String: String] = ProcessInfo.processInfo.environment) {
    func number(_ names: String...) -> Int? {
      names.lazy.compactMap { environment[$0] }.compactMap { Int($0) }.first
    }
    rank = number("OMPI_COMM_WORLD_RANK", "PMIX_RANK", "PMI_RANK")
    rankCount = number("OMPI_COMM_WORLD_SIZE", "PMI_SIZE")
    killsAfterTERM = number("OMPI_COMM_WORLD_SIZE") != nil
  }

  /// True for the one process that speaks: all processes of a world find the same.
  var isSpeaker: Bool { (rank ?? 0) == 0 }
}
