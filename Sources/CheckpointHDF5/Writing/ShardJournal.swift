import AdaptiveCore

/// A shard's journals while a world writes them: what is to be done, in order, none of it forgotten
/// before it is durable.
final class ShardJournal {
  private enum Step {
    case append([[UInt8]])
    case cut(Position)
  }

  private let files: FileSystem
  private let folder: String
  private var file: JournalFile
  private var steps: [Step] = []

  init(_ header: JournalHeader, folder: String, _ files: FileSystem) throws(CheckpointError) {
    self.files = files
    self.folder = folder
    file = try JournalFile(header, folder: folder, files)
  }

  func append(_ runs: [[UInt8]]) { steps.append(.append(runs)) }

  /// Ends the present journal after all that was appended, and begins the one of `position`.
  func cut(at position: Position) { steps.append(.cut(position)) }

  /// Does all that is to be done; what fails is done again by the next call.
  func work() throws(CheckpointError) {
    while let step = steps.first {
      switch step {
      case .append(let runs):
        file.append(runs)
      case .cut(let position):
        try file.commit()
        var header = file.header
        header.follows = JournalHeader.Predecessor(
          position: header.position, byteCount: file.byteCount)
        header.position = position
        file = try JournalFile(header, folder: folder, files)
      }
      steps.removeFirst()
    }
    try file.commit()
  }
}
