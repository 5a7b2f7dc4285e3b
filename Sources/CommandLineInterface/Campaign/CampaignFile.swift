import AdaptiveCore
import Delegation
import Foundation

/// A campaign file on disk.
package struct CampaignFile {
  /// As the user gave it.
  package let path: String

  package init(_ path: String) { self.path = path }

  /// Reads and checks the file.
  package func read(overrides: [CampaignOverride] = []) throws(EarlyEnd) -> Campaign {
    try CampaignReader.read(try bytes(), source: path, folder: folder, overrides: overrides)
  }

  /// What the file would give with this content.
  package func read(
    _ text: String, overrides: [CampaignOverride]
  ) throws(EarlyEnd) -> Campaign {
    try CampaignReader.read(
      Array(text.utf8), source: path, folder: folder, overrides: overrides)
  }

  /// The file's content; of one that is too long, just enough to tell.
  package func bytes() throws(EarlyEnd) -> [UInt8] {
    let absolutePath = Self.absolutePath(path)
    var isDirectory: ObjCBool = false
    let exists = unsafe FileManager.default.fileExists(
      atPath: absolutePath, isDirectory: &isDirectory)
    guard exists else {
      throw EarlyEnd(.fileMissing, "\(path): there is no such file (looked for \(absolutePath))")
    }
    guard !isDirectory.boolValue else {
      throw EarlyEnd(.fileMissing, "\(path): found a folder; allowed: a campaign file")
    }
    do {
      let handle = try FileHandle(forReadingFrom: URL(fileURLWithPath: absolutePath))
      return [UInt8](try handle.read(upToCount: Limits.campaignFileBytesMax + 1) ?? Data())
    } catch {
      throw EarlyEnd(.fileMissing, "\(path): the file cannot be read (\(error))")
    }
  }

  /// The file's folder, absolute and without `.` and `..`; empty for the root of the file system.
  package var folder: String {
    let file = URL(fileURLWithPath: Self.absolutePath(path)).standardizedFileURL
    let folder = file.deletingLastPathComponent().path
    return folder == "/" ? "" : folder
  }

  /// A path of the command line, relative to where the program was started.
  static func absolutePath(_ path: String) -> String {
    path.hasPrefix("/") ? path : FileManager.default.currentDirectoryPath + "/" + path
  }
}
