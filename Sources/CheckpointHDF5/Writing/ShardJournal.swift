import AdaptiveCore

/// A shard's journals while a world writes them: what is to be done, in order, none of it forgotten
/// before it is durable, unless it is given up as a whole.
final class ShardJournal {
  private enum Step {
    case append([[UInt8]])
    case cut(Position)
    /// Begin a journal that needs the snapshot of its place, once that is durable.
    case begin(Position)
  }

  private let files: FileSystem
  private let folder: String
  private var file: JournalFile
  private var steps: [Step] = []
  private var durableSnapshot: Position?

  init(_ header: JournalHeader, folder: String, _ files: FileSystem) throws(CheckpointError) {
    self.files = files
    self.folder = folder
    file = try JournalFile(header, folder: folder, files)
  }

  func append(_ runs: [[UInt8]]) { steps.append(.append(runs)) }

  /// Ends the present journal after all that was appended, and begins the one of `position`.
  func cut(at position: Position) { steps.append(.cut(position)) }

  /// Forgets all that is not durable: the present journal ends where it is.
  func giveUp() {
    steps = []
    file.forget()
  }

  /// Begins the journal of `position` after ``giveUp()``, as soon as its snapshot is durable.
  func begin(at position: Position) { steps.append(.begin(position)) }

  func snapshotIsDurable(at position: Position) { durableSnapshot = position }

  /// Does all that is to be done; what fails is done again by the next call. False if something has
  /// to wait for a snapshot.
  func work() throws(CheckpointError) -> Bool {
    while let step = steps.first {
      switch step {
      case .append(let runs):
        file.append(runs)
      case .cut(let position):
        try file.commit()
        var header = file.header
        header.follows = JournalHeader.Predecessor(
          position: header.position, byteCount: file.byteCount)
        header.needsSnapshot = false
        header.position = position
        file = try JournalFile(header, folder: folder, files)
      case .begin(let position):
        guard durableSnapshot == position else { return false }
        var header = file.header
        header.follows = nil
        header.needsSnapshot = true
        header.position = position
        file = try JournalFile(header, folder: folder, files)
      }
      steps.removeFirst()
    }
    try file.commit()
    return true
  }
}
