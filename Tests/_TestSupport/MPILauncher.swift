import Foundation
import Glibc

/// Starts worlds of an executable with the `mpirun` of the MPI library that it is linked to.
package struct MPILauncher: Sendable {
  package enum Implementation: String, Sendable { case openMPI, mpich }

  /// The path of the executable.
  package let program: String

  package let implementation: Implementation

  /// The name of `mpirun`; both implementations may be installed side by side.
  package var mpirun: String { tool("mpirun") }

  /// A program of the MPI library, such as `mpicc`, by the name that it has beside another one's.
  package func tool(_ name: String) -> String {
    let suffixed = implementation == .mpich ? "\(name).mpich" : "\(name).openmpi"
    let directories = ProcessInfo.processInfo.environment["PATH"]?.split(separator: ":") ?? []
    let found = directories.contains {
      FileManager.default.isExecutableFile(atPath: "\($0)/\(suffixed)")
    }
    return found ? suffixed : name
  }

  /// The builds of a product that there are: what a test does with every MPI.
  package static func all(_ product: String) throws -> [MPILauncher] {
    try [Programs.products, Programs.mpichProducts].compactMap { directory in
      try directory.map { try MPILauncher(program: $0.appendingPathComponent(product).path) }
    }
  }

  package init(program: String) throws {
    self.program = program
    let libraries = try RunningProcess(["ldd", program]).finish(within: 60).standardOutput
    if libraries.contains("libmpich") {
      implementation = .mpich
    } else if libraries.contains("libmpi.so") {
      implementation = .openMPI
    } else {
      throw MissingProgram(
        description: "\(program) is not there, or is linked to neither Open MPI nor MPICH")
    }
  }

  /// More ranks than cores, and root as the user, by environment: no flag serves both MPIs.
  package static let environment = [
    "OMPI_MCA_rmaps_base_oversubscribe": "1",
    "OMPI_ALLOW_RUN_AS_ROOT": "1",
    "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1",
  ]

  /// `mpirun -n ranks program arguments…`
  package func start(
    ranks: Int, _ arguments: [String], environment: [String: String?] = [:],
    directory: String? = nil
  ) throws -> RunningProcess {
    try start(
      command: [mpirun, "-n", String(ranks), program] + arguments, environment: environment,
      directory: directory)
  }

  /// A command line that begins with ``mpirun``, written out, such as one with several programs.
  package func start(
    command: [String], environment: [String: String?] = [:], directory: String? = nil
  ) throws -> RunningProcess {
    let variables = Self.environment.mapValues(Optional.some)
      .merging(environment) { _, given in given }
    return try RunningProcess(command, environment: variables, directory: directory)
  }

  /// The living ranks of a world by their number.
  package func ranks(of world: RunningProcess) -> [Int: ProcessEntry] {
    let name = URL(fileURLWithPath: program).lastPathComponent
    var ranks: [Int: ProcessEntry] = [:]
    for entry in world.processes where entry.executableName == name {
      if let rank = entry.rank { ranks[rank] = entry }
    }
    return ranks
  }
}
