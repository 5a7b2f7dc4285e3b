import Glibc

/// Where the worker for Python functions is.
package enum PythonWorker {
  /// Below a folder with the shipped package.
  private static let script = "adaptive_mpi/worker.py"

  /// The script that comes with this program: below `share/adaptive-mpi/python` where it is
  /// installed, below `python` in a checkout. Only looked for around the executable, never in the
  /// working directory. Nil if there is none: then the interpreter must have it installed.
  package static func shipped(executable: String = executablePath) -> String? {
    var folder = executable[...]
    for _ in 0..<searchDepth {
      guard let slash = folder.lastIndex(of: "/") else { return nil }
      folder = folder[..<slash]
      for place in ["share/adaptive-mpi/python", "python"] {
        let path = "\(folder)/\(place)/\(script)"
        if unsafe access(path, R_OK) == 0 { return path }
      }
    }
    return nil
  }

  /// `.build/x86_64-unknown-linux-gnu/debug/adaptive-mpi` is four folders deep in its checkout.
  private static let searchDepth = 5

  /// This process's executable.
  package static var executablePath: String {
    var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
    let count = unsafe readlink("/proc/self/exe", &buffer, buffer.count)
    return String(decoding: buffer.prefix(max(0, count)).map(UInt8.init), as: UTF8.self)
  }

  /// What an interpreter is given to become the worker.
  static func arguments(script: String?) -> [String] {
    ["-u"] + (script.map { [$0] } ?? ["-m", "adaptive_mpi.worker"])
  }
}
