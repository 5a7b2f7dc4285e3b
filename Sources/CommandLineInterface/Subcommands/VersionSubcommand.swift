import ArgumentParser
import HDF5
import MPI

/// The program's version, and those of the libraries that it runs with.
enum Version {
  static let program = "0.1.0"
}

struct VersionSubcommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "version",
    abstract: "Show the versions of adaptive-mpi, MPI and HDF5.",
    discussion: """
      EXAMPLES
        adaptive-mpi version
      """)

  /// Lines of a name and a version.
  static func lines() throws(MPIError) -> [String] {
    let standard = try MPIEnvironment.standardVersion()
    let library = try MPIEnvironment.libraryVersion()
    // Implementations go on for several lines or after a comma.
    let name = library.prefix { $0 != "\n" && $0 != "," }.split(separator: " ")
      .joined(separator: " ")
    return [
      "adaptive-mpi  \(Version.program)",
      "MPI           \(name), standard \(standard.major).\(standard.minor)",
      "HDF5          \(HDF5Library.version)",
    ]
  }

  func run() throws {
    guard Launcher().isSpeaker else { return }
    for line in try Self.lines() { Console.show(line) }
  }
}
