import Foundation
import Testing
import _TestSupport

extension CampaignFolder {
  /// A subcommand that looks at the run directory, and must leave it as it is unless a world lives
  /// there.
  func look(
    _ subcommand: String, _ arguments: [String] = [], at place: String? = nil,
    isHeld: Bool = false, sourceLocation: SourceLocation = #_sourceLocation
  ) throws -> ProcessOutcome {
    let before = isHeld ? [:] : try filesOfRun()
    let process = try RunningProcess(
      [launcher.program, subcommand, place ?? run] + arguments, directory: folder.path)
    let outcome = process.finish(within: 120)
    #expect(!outcome.timedOut, "\(outcome)", sourceLocation: sourceLocation)
    if !isHeld { #expect(try filesOfRun() == before, sourceLocation: sourceLocation) }
    return outcome
  }

  /// Every file and folder of the run directory with its bytes and the time of its last change.
  func filesOfRun() throws -> [String: FileState] {
    var files: [String: FileState] = [:]
    let walker = FileManager.default.enumerator(atPath: run)
    while let path = walker?.nextObject() as? String {
      let attributes = try FileManager.default.attributesOfItem(atPath: run + "/" + path)
      files[path] = FileState(
        changed: attributes[.modificationDate] as? Date,
        inode: attributes[.systemFileNumber] as? Int,
        bytes: FileManager.default.contents(atPath: run + "/" + path))
    }
    return files
  }

  struct FileState: Equatable {
    let changed: Date?
    let inode: Int?
    let bytes: Data?
  }
}
