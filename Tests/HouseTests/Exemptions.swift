/// What the rules of the house let pass. An entry that is not needed any more fails, too.
enum Exemptions {
  static let sizes: [Exemption] = []

  static let words: [Exemption] = [
    Exemption(
      path: "Sources/HDF5/", message: "is named chunk", reason: "HDF5's word: H5Pset_chunk"),
    Exemption(
      path: "Sources/MPI", message: "is named cancel", reason: "MPI's word: MPI_Cancel"),
  ]
}
