/// A rank's place in the team that evaluates points together with it.
package struct TeamPlace: Sendable, Equatable {
  /// The rank's number in the team, and how many they are.
  package var rank: Int
  package var size: Int

  /// The team's communicator as Fortran knows it (`MPI_Comm_c2f`).
  package var communicator: Int32

  package init(rank: Int, size: Int, communicator: Int32) {
    self.rank = rank
    self.size = size
    self.communicator = communicator
  }
}
