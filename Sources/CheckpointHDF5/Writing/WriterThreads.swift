import NodeRuntime

/// The threads of the two loops, joined at the latest when the value goes.
final class WriterThreads {
  private let journals: JournalLoop
  private let snapshots: SnapshotLoop
  private var journalThread: OwnedThread?
  private var snapshotThread: OwnedThread?

  init(_ journals: JournalLoop, _ snapshots: SnapshotLoop) throws(ThreadError) {
    self.journals = journals
    self.snapshots = snapshots
    journalThread = try OwnedThread { journals.run() }
    snapshotThread = try OwnedThread { snapshots.run() }
  }

  deinit { end() }

  /// Lets both loops try once more what is left, and waits for their end.
  func end() {
    journals.mailbox.close()
    snapshots.mailbox.close()
    if let thread = journalThread.take() { thread.join() }
    if let thread = snapshotThread.take() { thread.join() }
  }
}
