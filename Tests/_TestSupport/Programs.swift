package import Foundation

/// The programs that the package builds, and the tools of the machine that tests use.
package enum Programs {
  /// Where `swift build` put the executables: beside the test bundle.
  package static var products: URL {
    URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
  }

  /// Where a build with MPICH put them, if there is one: the directory that
  /// `ADAPTIVE_MPI_MPICH_PRODUCTS` names.
  package static var mpichProducts: URL? {
    ProcessInfo.processInfo.environment["ADAPTIVE_MPI_MPICH_PRODUCTS"].map {
      URL(fileURLWithPath: $0)
    }
  }

  /// The repository's root, from the place of this file.
  package static var repository: URL {
    URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
  }

  /// A Python that can import h5py: the one that `ADAPTIVE_MPI_PYTHON` names, `python3`, or
  /// Debian's.
  package static func pythonWithH5py() throws -> String {
    let named = ProcessInfo.processInfo.environment["ADAPTIVE_MPI_PYTHON"]
    let candidates = named.map { [$0] } ?? ["python3", "/usr/bin/python3"]
    for candidate in candidates {
      let probe = try RunningProcess([candidate, "-c", "import h5py, numpy"])
      if probe.finish(within: 60).exitCode == 0 { return candidate }
    }
    throw MissingProgram(
      description: "no Python with h5py (tried \(candidates.joined(separator: ", "))): "
        + "install python3-h5py, or name one in ADAPTIVE_MPI_PYTHON")
  }

  /// Compiles a C file to a shared library, with the package's `include/` to include from.
  package static func compileLibrary(
    _ source: String, to library: String, by compilerName: String = "cc"
  ) throws {
    let include = repository.appendingPathComponent("include").path
    let compiler = try RunningProcess([
      compilerName, "-std=c11", "-O2", "-Wall", "-Wextra", "-Werror", "-fPIC", "-shared", "-I",
      include,
      "-o", library, source, "-lm",
    ])
    let outcome = compiler.finish(within: 120)
    guard outcome.exitCode == 0 else {
      throw MissingProgram(description: "\(compilerName) \(source): \(outcome)")
    }
  }
}

/// A program or library that a test needs is not there.
package struct MissingProgram: Error, CustomStringConvertible {
  package let description: String
}
