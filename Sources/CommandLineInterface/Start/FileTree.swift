import Delegation
import Foundation

/// Folders around the run directory, and the file that asks a world to stop.
enum FileTree {
  /// Makes the folders that a run directory will lie in.
  static func makeFolders(above directory: String) throws(EarlyEnd) {
    let parent = URL(fileURLWithPath: directory).standardizedFileURL.deletingLastPathComponent()
    do {
      try FileManager.default.createDirectory(at: parent, withIntermediateDirectories: true)
    } catch {
      throw EarlyEnd(.notSaved, "making the folder \(parent.path): \(error.localizedDescription)")
    }
  }

  /// Takes the file `stop` out of the run directory; false if there is none. Taken, so that the
  /// next world does not stop, too.
  static func takeStopFile(in directory: String) -> Bool {
    // One system call, which does nothing where there is no such file.
    unsafe unlink("\(directory)/stop") == 0
  }
}
