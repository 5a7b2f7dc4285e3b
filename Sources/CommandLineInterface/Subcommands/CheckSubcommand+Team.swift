import Delegation
import Evaluators
import MPI

extension CheckSubcommand {
  /// Evaluates the point by a team of one: this process, which starts MPI for it.
  func teamLine(_ campaign: Campaign) throws(EarlyEnd) -> String {
    // MPI starts with all that mpirun started, and one of them checks.
    guard Launcher().rankCount ?? 1 == 1 else {
      return "no point is evaluated: start 'check' without mpirun, and a team of one evaluates it"
    }
    let outcome: Result<String, EarlyEnd>
    do throws(MPIError) {
      let environment = try MPIEnvironment()
      outcome = try evaluate(campaign, in: environment)
      try environment.finalize()
    } catch {
      throw EarlyEnd(.crashed, "starting MPI for a team of one: \(error)")
    }
    return try outcome.get() + ", by a team of one"
  }

  private func evaluate(
    _ campaign: Campaign, in environment: borrowing MPIEnvironment
  ) throws(MPIError) -> Result<String, EarlyEnd> {
    let team = try environment.selfCommunicator().duplicate()
    try team.endWorldOnErrors()
    let place = TeamPlace(rank: team.rank, size: team.size, communicator: team.fortranHandle)
    return Result { () throws(EarlyEnd) in try pointLine(campaign, team: place) }
  }
}
