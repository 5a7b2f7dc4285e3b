import CFunctionInterface
import Glibc

/// A user's library, loaded, and the functions found in it by name.
///
/// The library stays loaded until the process ends: libraries that start threads of their own
/// (OpenMP, BLAS) crash when they are unmapped.
@safe
package struct PluginLibrary {
  typealias Evaluate = @convention(c) (UnsafeMutablePointer<adaptive_mpi_batch>?) -> Void
  typealias SetUp = @convention(c) (UnsafeMutablePointer<adaptive_mpi_context>?) -> Int32
  typealias TearDown = @convention(c) (UnsafeMutablePointer<adaptive_mpi_context>?) -> Void

  /// The symbol that is looked for where the campaign file names none.
  package static let symbolDefault = "adaptive_mpi_function"

  /// The interface's versions that this build speaks.
  package static let versions = 1...UInt32(ADAPTIVE_MPI_INTERFACE_VERSION)

  package let path: String
  package let symbol: String

  let evaluate: Evaluate
  let setUp: SetUp?
  let tearDown: TearDown?

  /// Loads the library at `path`, which must be absolute: the dynamic linker would look for another
  /// along its own search path.
  package init(path: String, symbol: String = symbolDefault) throws(FunctionError) {
    let handle = unsafe try Self.open(path)
    unsafe try Self.checkVersion(of: handle, path: path)
    guard let address = unsafe dlsym(handle, symbol) else {
      throw FunctionError(
        .symbolMissing, operation: "looking for '\(symbol)' in \(path)",
        detail: """
          the library exports no function of that name; name one that it exports by 'symbol:' (see \
          nm -D --defined-only), or define it with ADAPTIVE_MPI_FUNCTION, which also keeps C++ \
          from changing its name
          """, cause: Self.linkerError())
    }
    self.path = path
    self.symbol = symbol
    unsafe evaluate = unsafeBitCast(address, to: Evaluate.self)
    unsafe setUp = dlsym(handle, symbol + "_set_up").map {
      unsafe unsafeBitCast($0, to: SetUp.self)
    }
    unsafe tearDown = dlsym(handle, symbol + "_tear_down").map {
      unsafe unsafeBitCast($0, to: TearDown.self)
    }
  }

  static func open(_ path: String) throws(FunctionError) -> UnsafeMutableRawPointer {
    let operation = "loading \(path)"
    guard path.hasPrefix("/"), !path.utf8.contains(0) else {
      throw FunctionError(
        .libraryMissing, operation: operation, detail: "the path of a library must be absolute")
    }
    guard unsafe access(path, R_OK) == 0 else {
      throw FunctionError(
        .libraryMissing, operation: operation,
        detail: "the file cannot be read; build it, or correct 'library:'",
        cause: unsafe String(cString: strerror(errno)))
    }
    guard let handle = unsafe dlopen(path, RTLD_NOW | RTLD_LOCAL) else {
      throw FunctionError(
        .libraryUnloadable, operation: operation,
        detail: """
          the dynamic linker refuses it; it must be a shared library for this machine (cc -fPIC \
          -shared) and find all that it needs (see ldd)
          """, cause: linkerError())
    }
    return unsafe handle
  }

  static func checkVersion(
    of handle: UnsafeMutableRawPointer, path: String
  ) throws(FunctionError) {
    let name = "adaptive_mpi_interface_version"
    let operation = "checking the interface of \(path)"
    guard let address = unsafe dlsym(handle, name) else {
      throw FunctionError(
        .versionUnknown, operation: operation,
        detail: """
          found no '\(name)', allowed is \(allowedVersions); put ADAPTIVE_MPI_FUNCTION or \
          ADAPTIVE_MPI_LIBRARY of adaptive_mpi.h into one of its sources
          """)
    }
    let version = unsafe address.loadUnaligned(as: UInt32.self)
    guard versions.contains(version) else {
      throw FunctionError(
        .versionUnknown, operation: operation,
        detail: """
          found version \(version), allowed is \(allowedVersions); build it again with this \
          installation's adaptive_mpi.h
          """)
    }
  }

  private static var allowedVersions: String {
    versions.count == 1
      ? "version \(versions.lowerBound)" : "\(versions.lowerBound) to \(versions.upperBound)"
  }

  private static func linkerError() -> String? {
    guard let text = unsafe dlerror() else { return nil }
    return unsafe String(cString: text)
  }
}
