/// A journal while it is written. What is appended is kept until it is durable, so that a failed
/// write or sync is tried again from the last durable byte.
struct JournalFile: ~Copyable {
  let header: JournalHeader

  /// Bytes that are known to be durable.
  private(set) var byteCount: Int

  private let files: FileSystem
  private let file: OpenFile
  private var lastSequence: UInt64 = 0
  private var waiting: [UInt8] = []

  /// Creates the file, header durable, under its own name.
  init(_ header: JournalHeader, folder: String, _ files: FileSystem) throws(CheckpointError) {
    let place = DurableReplace(files, folder: folder, name: header.position.journalName)
    try place.write(header.encoded())
    let file = try files.openForWriting(place.path)
    self.header = header
    self.files = files
    self.file = file
    byteCount = JournalHeader.byteCount
  }

  /// Adds blocks, one a run, to what the next ``commit()`` writes.
  mutating func append(_ runs: [[UInt8]]) {
    let seed = header.blockSeed
    for run in runs {
      lastSequence += 1
      JournalBlock.encode(run, sequence: lastSequence, seed: seed, into: &waiting)
    }
  }

  /// Forgets what was appended and is not durable. Nothing may be appended after it.
  mutating func forget() { waiting = [] }

  /// Makes durable all that was appended.
  mutating func commit() throws(CheckpointError) {
    guard !waiting.isEmpty else { return }
    try files.write(waiting, to: file, at: byteCount)
    try files.synchronise(file)
    byteCount += waiting.count
    waiting.removeAll(keepingCapacity: true)
  }
}
