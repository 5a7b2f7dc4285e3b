import CheckpointHDF5
import Delegation
import Foundation

/// Where an export goes: standard output, or a file that appears under its name only when it is
/// whole.
struct ExportDestination {
  /// nil for standard output.
  private let file: NewFile?

  /// - Parameters:
  ///   - path: nil for standard output.
  ///   - overwrites: a plain file of that name may be replaced.
  init(_ path: String?, overwrites: Bool) throws(EarlyEnd) {
    guard let path else {
      file = nil
      return
    }
    let replaces: Bool
    do throws(CheckpointError) { replaces = try NewFile.isReplacing(path) } catch {
      throw EarlyEnd(.usage, "\(path): allowed is a plain file of yours: \(error.detail)")
    }
    guard overwrites || !replaces else {
      throw EarlyEnd(
        .usage, "\(path): there is such a file; give another name, or --overwrite to replace it")
    }
    let tag = "\(ProcessInfo.processInfo.processIdentifier)"
    do throws(CheckpointError) { file = try NewFile(path, tag: tag) } catch {
      throw EarlyEnd(error)
    }
  }

  func write(_ bytes: [UInt8]) throws(EarlyEnd) {
    guard let file else {
      do { try FileHandle.standardOutput.write(contentsOf: Data(bytes)) } catch {
        throw EarlyEnd(.notSaved, "writing to standard output: \(error)")
      }
      return
    }
    do throws(CheckpointError) { try file.append(bytes) } catch { throw EarlyEnd(error) }
  }

  /// Gives a file its name, durably.
  func finish() throws(EarlyEnd) {
    do throws(CheckpointError) { try file?.finish() } catch { throw EarlyEnd(error) }
  }

  /// Takes back what was written of a file, after something went wrong.
  func abandon() {
    do throws(CheckpointError) { try file?.abandon() } catch {
      Console.warn("adaptive-mpi: \(error)")
    }
  }
}
