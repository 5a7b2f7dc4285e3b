/// A journal as it was found: its header, and its blocks up to the first that is not whole.
struct JournalReader {
  let header: JournalHeader

  /// The entries of each block.
  private(set) var payloads: [ArraySlice<UInt8>] = []

  /// Bytes up to the end of the last whole block.
  private(set) var byteCount = JournalHeader.byteCount

  /// Bytes after that, up to the end that was asked for: torn by a crash, or damaged.
  private(set) var unreadableByteCount = 0

  /// More was written after the first block that is not whole: no crash leaves it like that but one
  /// of the whole machine.
  private(set) var isDamaged = false

  /// One of the header's two copies is damaged; the other serves.
  let hasDamagedCopy: Bool

  /// - Parameter byteCountMax: read no further; nil for all of the file.
  init(_ files: FileSystem, path: String, byteCountMax: Int?) throws(CheckpointError) {
    let file = try files.openForReading(path)
    let found = try file.byteCount()
    let bytes = try file.read(at: 0, count: min(found, byteCountMax ?? found))
    header = try JournalHeader.decode(bytes.prefix(JournalHeader.byteCount), path: path)
    hasDamagedCopy = Array(bytes.prefix(JournalHeader.byteCount)) != header.encoded()

    let seed = header.blockSeed
    var sequence: UInt64 = 1
    while byteCount < bytes.count,
      let payload = JournalBlock.decode(bytes[byteCount...], sequence: sequence, seed: seed),
      Self.isWhole(payload)
    {
      payloads.append(payload)
      byteCount = payload.endIndex
      sequence += 1
    }
    unreadableByteCount = max(byteCountMax ?? bytes.count, bytes.count) - byteCount
    isDamaged = JournalBlock.leavesRoomForMore(bytes[min(byteCount, bytes.count)...])
  }

  /// Whether a block holds entries and nothing else.
  private static func isWhole(_ payload: ArraySlice<UInt8>) -> Bool {
    var reader = JournalEntryReader(payload)
    while !reader.isAtEnd {
      guard reader.skip() else { return false }
    }
    return true
  }
}
