import CheckpointHDF5
import Delegation
import Foundation

/// Where an export goes: standard output, or a file that appears under its name only when it is
/// whole.
final class ExportDestination {
  private enum Place {
    case standardOutput
    case file(String, temporary: String)
  }

  private let place: Place
  private let files = FileSystem()
  private let file: OpenFile?
  private var byteCount = 0

  /// - Parameters:
  ///   - path: nil for standard output.
  ///   - overwrites: a plain file of that name may be replaced.
  init(_ path: String?, overwrites: Bool) throws(EarlyEnd) {
    guard let path else {
      place = .standardOutput
      file = nil
      return
    }
    try Self.check(path, files, overwrites: overwrites)
    let temporary = "\(path).\(ProcessInfo.processInfo.processIdentifier).new"
    place = .file(path, temporary: temporary)
    file = try Self.create(temporary, files)
  }

  private static func create(
    _ path: String, _ files: FileSystem
  ) throws(EarlyEnd) -> OpenFile {
    do throws(CheckpointError) {
      try files.remove(path)
      return try files.create(path)
    } catch {
      throw EarlyEnd(error)
    }
  }

  private static func check(
    _ path: String, _ files: FileSystem, overwrites: Bool
  ) throws(EarlyEnd) {
    guard try files.exists(path) else { return }
    guard overwrites else {
      throw EarlyEnd(
        .usage, "\(path): there is such a file; give another name, or --overwrite to replace it")
    }
    // Devices, folders and symbolic links are not replaced by a file.
    do throws(CheckpointError) { _ = try files.openForReading(path) } catch {
      throw EarlyEnd(.usage, "\(path): allowed is a plain file of yours: \(error.detail)")
    }
  }

  func write(_ bytes: [UInt8]) throws(EarlyEnd) {
    guard case .file = place else {
      do { try FileHandle.standardOutput.write(contentsOf: Data(bytes)) } catch {
        throw EarlyEnd(.notSaved, "writing to standard output: \(error)")
      }
      return
    }
    do throws(CheckpointError) {
      try files.write(bytes, to: file!, at: byteCount)
    } catch {
      throw EarlyEnd(error)
    }
    byteCount += bytes.count
  }

  /// Gives a file its name, durably.
  func finish() throws(EarlyEnd) {
    guard case .file(let path, let temporary) = place else { return }
    do throws(CheckpointError) {
      try files.synchronise(file!)
      try files.rename(temporary, to: path)
    } catch {
      throw EarlyEnd(error)
    }
  }

  /// Takes back what was written of a file, after something went wrong.
  func abandon() {
    guard case .file(_, let temporary) = place else { return }
    do throws(CheckpointError) { try files.remove(temporary) } catch {
      Console.warn("adaptive-mpi: \(error)")
    }
  }
}
