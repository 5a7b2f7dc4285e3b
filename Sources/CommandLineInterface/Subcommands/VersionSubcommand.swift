import ArgumentParser
import HDF5
import MPI

/// The program's version, and those of the libraries that it runs with.
enum Version {
  static let program = "0.1.0"

  /// The MPI library by its own name, `Open MPI v4.1.4`: implementations go on for several lines or
  /// after a comma.
  static func mpi() throws(MPIError) -> String {
    try MPIEnvironment.libraryVersion().prefix { $0 != "\n" && $0 != "," }.split(separator: " ")
      .joined(separator: " ")
  }

  /// The libraries that this process runs with, for a world's record.
  static var libraries: String {
    let hdf5 = "HDF5 \(HDF5Library.version)"
    do throws(MPIError) {
      return "\(try mpi()); \(hdf5)"
    } catch {
      return "an MPI library that does not tell its version; \(hdf5)"
    }
  }
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
    return [
      "adaptive-mpi  \(Version.program)",
      "MPI           \(try Version.mpi()), standard \(standard.major).\(standard.minor)",
      "HDF5          \(HDF5Library.version)",
    ]
  }

  func run() throws {
    guard Launcher().isSpeaker else { return }
    for line in try Self.lines() { Console.show(line) }
  }
}
